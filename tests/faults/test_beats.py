"""Several bells at once, bells that are restarted, bells that were silent for days: real ones where it matters."""

import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from pledges.choices import Occasion, ReminderState, Role
from pledges.models import Reminder
from tests.cast import PledgeFactory, person
from tests.faults.conftest import MORNING
from tests.kit.processes import bare_environment, wait_until
from tests.kit.ringing import BELLS, bells, every_letter_came_once, rounds, running
from tests.kit.senders import PRODUCTION, product_environment
from tests.kit.smtp import post_office

QUEUE = "celery"


@pytest.fixture
def broker(redis_server):
    with Redis.from_url(redis_server.url) as client:
        client.flushall()
        yield client
        client.flushall()


@pytest.mark.parametrize("beats", [2, 3])
def test_bells_at_once_tell_everybody_once(people_of_today, broker, redis_server, tmp_path, beats):
    with post_office(gap_s=0.02) as post:
        env = product_environment(mail_port=post.port, broker_url=redis_server.broker_url)
        with bells(tmp_path, beats=beats, workers=2, env=env):
            wait_until(lambda: rounds(tmp_path) >= 4 * beats, within=60, what="some rounds of every bell")

    every_letter_came_once(post, people_of_today)


def test_bells_that_send_what_is_not_marked_would_send_copies(
    people_of_today, broker, redis_server, tmp_path
):
    """The usual task, run by two bells: look who has no letter, send, mark."""
    with post_office(gap_s=0.1) as post:
        env = product_environment(mail_port=post.port, broker_url=redis_server.broker_url, BELL="naive")
        with bells(tmp_path, beats=2, workers=2, env=env):
            wait_until(
                lambda: len(set(post.recipients)) == len(people_of_today), within=60, what="all letters"
            )
            wait_until(lambda: rounds(tmp_path) >= 2, within=60, what="two rounds")

    assert len(post.recipients) > len(people_of_today)


def test_broker_that_forgets_everything_costs_nothing_but_time(
    people_of_today, broker, redis_server, tmp_path
):
    with post_office(gap_s=0.2) as post:
        env = product_environment(mail_port=post.port, broker_url=redis_server.broker_url)
        with bells(tmp_path, beats=1, workers=1, env=env):
            wait_until(lambda: post.letters, within=60, what="the first letter")
            while len(post.letters) < len(people_of_today):
                broker.flushall()
                time.sleep(0.2)
            before = rounds(tmp_path)
            wait_until(lambda: rounds(tmp_path) > before, within=60, what="a round afterwards")

    every_letter_came_once(post, people_of_today)


# A bell that is restarted all the time ------------------------------------------------------


def rings_of_restarts(folder: Path, broker: Redis, broker_url: str, *, restarts: int, **more: str) -> int:
    """How often the production schedule has rung after so many short lives."""
    env = bare_environment(**PRODUCTION, DATABASE_URL="sqlite:///nowhere", EMAIL_URL="dummymail://") | {
        "BROKER_URL": broker_url,
        "RING_EVERY_S": "60",
        **more,
    }
    schedule = ("beat", "--schedule", str(folder / "schedule"), "--loglevel", "INFO")
    command = [sys.executable, "-m", "celery", "--app", BELLS, "--quiet", *schedule]
    for life in range(restarts):
        log = folder / f"beat{life}.log"
        with running(command, log, env):
            wait_until(lambda log=log: "beat: Starting" in log.read_text(), within=30, what="the beat")
            time.sleep(1)
    return broker.llen(QUEUE)


@pytest.mark.static
def test_bell_that_is_restarted_every_few_seconds_rings_every_time(broker, redis_server, tmp_path):
    assert rings_of_restarts(tmp_path, broker, redis_server.broker_url, restarts=3) == 3


@pytest.mark.static
def test_bell_that_waits_a_minute_first_would_never_ring(broker, redis_server, tmp_path):
    rung = rings_of_restarts(tmp_path, broker, redis_server.broker_url, restarts=2, BELL="patient")

    assert rung == 0


# A bell that was silent for days ------------------------------------------------------------

DUE = date(2022, 6, 30)
THURSDAY = datetime(2022, 6, 16, 0, 0, tzinfo=UTC)
"""Eight o'clock in Shanghai, fourteen days ahead: the first step after which the bell falls silent."""

MONDAY = datetime(2022, 6, 27, 0, 0, tzinfo=UTC)
"""Three days ahead; the step of seven days was on Thursday before."""


@pytest.fixture
def promises(campaign, finance):
    """Two people, two promises of the thirtieth of June, and one that is long overdue."""
    for _two in range(2):
        PledgeFactory(campaign=campaign, department=finance, stones=[(DUE, 100)])
    PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 6, 1), 100)])
    return [person(name, name.title(), Role.REPORTER, finance) for name in ("anna", "bert")]


@pytest.mark.django_db
def test_bell_that_comes_back_after_days_tells_the_newest_step_only(house, post, promises):
    house.now = THURSDAY
    house.round()
    post.letters.clear()

    house.now = MONDAY
    house.round()

    assert Counter(post.recipients) == Counter(person.email for person in promises)
    steps = Reminder.objects.filter(occasion=Occasion.AHEAD).values_list("step", "state").distinct()
    assert dict(steps) == {
        30: ReminderState.SKIPPED,
        14: ReminderState.TOLD,
        7: ReminderState.SKIPPED,
        3: ReminderState.TOLD,
    }
    overdue = Reminder.objects.filter(occasion=Occasion.OVERDUE).values_list("letter_on", flat=True)
    assert set(overdue) == {THURSDAY.date(), MONDAY.date()}


@pytest.mark.django_db
def test_mail_server_that_comes_back_after_days_delivers_one_letter_each(house, post, promises):
    post.manners.banner = "421 4.3.2 not now"
    house.now = THURSDAY
    while house.now < MONDAY:
        house.round()
        house.forward(hours=4)

    post.manners.banner = "220 post.test"
    house.now = MONDAY
    house.round()

    assert Counter(post.recipients) == Counter(person.email for person in promises)


@pytest.mark.django_db
def test_bell_that_makes_up_for_every_missed_day_would_flood(house, post, promises):
    """Why only the newest is told: a bell that rings for every day it missed."""
    house.now = MORNING
    while house.now <= MONDAY:
        house.round()
        house.forward(days=1)

    assert min(Counter(post.recipients).values()) > 5
    assert timedelta(days=5) < MONDAY - THURSDAY
