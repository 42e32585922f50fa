"""Clocks that jump: no second row, no second letter, and nothing that stays silent afterwards."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from pledges import tasks
from pledges.actions import post as post_room
from pledges.actions.letters import gather_letters
from pledges.actions.post import send_letters
from pledges.actions.reminders import plan_reminders
from pledges.choices import LetterState, ReminderState
from pledges.models import Letter, Reminder
from pledges.queries.clock import database_now
from tests.faults.conftest import MORNING, TUESDAY, use
from tests.kit.smtp import post_office

HOUR = timedelta(hours=1)

JUMPS = {
    "two hours ahead and back": [MORNING, MORNING + 2 * HOUR, MORNING],
    "two hours back": [MORNING, MORNING - 2 * HOUR, MORNING],
    "back to 1970": [MORNING, datetime(1970, 1, 1, tzinfo=UTC), MORNING],
    "into the night and back": [MORNING, MORNING + 17 * HOUR, MORNING],
    "to and fro": [MORNING + n * HOUR for n in (0, 2, -2, 3, -7, 1, 0)],
}


@pytest.mark.django_db
@pytest.mark.parametrize("moments", JUMPS.values(), ids=JUMPS)
def test_clock_that_jumps_tells_everybody_once(house, post, three, moments):
    for moment in moments:
        house.now = moment
        house.round()

    assert sorted(post.recipients) == sorted(person.email for person in three)
    assert Reminder.objects.filter(letter_on=TUESDAY).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("far", [datetime(1970, 1, 1, tzinfo=UTC), MORNING + timedelta(days=3650)])
def test_day_after_a_clock_went_astray_has_its_letters(house, post, three, far):
    """A wrong clock may cost the letters of its own day, never those of the days that follow."""
    house.now = far
    house.round()

    house.now = MORNING + timedelta(days=1)
    house.round()

    assert sorted(post.recipients) == sorted(person.email for person in three)


# A step within a lease ----------------------------------------------------------------------


def in_mid_send(office, work) -> None:
    """While the mail server has the letter and has not yet said so, something else happens, once."""
    usual = office.manners.dot

    def dot(_envelope):
        office.manners.dot = usual

        def run():
            work()
            connection.close()

        other = Thread(target=run)
        other.start()
        other.join()
        return usual

    office.manners.dot = dot


@pytest.fixture
def slow_post(settings):
    with post_office() as office:
        use(office, settings, patience_s=20)
        yield office


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [timedelta(0), timedelta(minutes=9), -2 * HOUR, timedelta(days=-18_000)])
def test_letter_that_is_being_sent_is_sent_by_nobody_else(house, slow_post, three, step):
    house.gather()
    in_mid_send(slow_post, lambda: send_letters(clock=lambda: MORNING + step))

    house.send()

    assert sorted(slow_post.recipients) == sorted(person.email for person in three)
    assert set(Letter.objects.values_list("state", "ambiguous")) == {(LetterState.SENT, 0)}


@pytest.mark.static
def test_bell_asks_the_clock_of_the_database(monkeypatch):
    """A worker whose own clock is two hours ahead finds no lease run out."""
    asked = []
    monkeypatch.setattr("pledges.actions.tick.tick", lambda *, clock: asked.append(clock))

    tasks.tick()

    assert asked == [database_now]


@pytest.mark.django_db(transaction=True)
def test_lease_by_a_clock_two_hours_ahead_would_send_twice(house, slow_post, three):
    """Why no worker's own clock is asked: two hours are longer than any lease."""
    house.gather()
    in_mid_send(slow_post, lambda: send_letters(clock=lambda: MORNING + 2 * HOUR))

    house.send()

    assert len(slow_post.recipients) > len(three)
    assert len(set(slow_post.message_ids)) == len(three)


@pytest.mark.django_db(transaction=True)
def test_sender_that_lost_its_lease_writes_nothing_over_its_successor(house, slow_post, overdue, lin):
    house.gather()
    late = MORNING + 2 * HOUR
    in_mid_send(slow_post, lambda: send_letters(clock=lambda: late))

    house.send()

    letter = Letter.objects.get()
    assert (letter.state, letter.sent_at, letter.attempts, letter.ambiguous) == (LetterState.SENT, late, 2, 1)


# Midnight -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_round_that_runs_past_midnight_drops_nothing_of_the_new_day(house, post, three):
    """The letters of the new day are weighed by the facts of the new day."""
    for person in three:
        person.send_hour = 0
        person.save()
    before, after = MORNING + 16 * HOUR - timedelta(seconds=1), MORNING + 16 * HOUR + timedelta(seconds=1)
    plan_reminders(today=TUESDAY + timedelta(days=1))
    gather_letters(now=after)
    moments = [before]

    send_letters(clock=lambda: moments.pop() if moments else after)
    send_letters(clock=lambda: after)

    assert not Reminder.objects.filter(state=ReminderState.DROPPED).exists()
    assert sorted(post.recipients) == sorted(person.email for person in three)


@pytest.mark.django_db
def test_lease_is_longer_than_a_letter_takes(settings):
    """What is begun is over before anybody else may begin it."""
    assert settings.LETTER_LEASE_S > post_room.MARGIN.total_seconds() > settings.CELERY_TASK_TIME_LIMIT
