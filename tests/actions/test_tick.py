"""The minute tick: every duty once, whatever becomes of the others."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pledges import tasks
from pledges.actions.tick import tick
from pledges.models import Heartbeat, Letter, LightChange
from tests.cast import MIDSUMMER

pytestmark = pytest.mark.django_db


def clock():
    return datetime(2022, 7, 1, 1, tzinfo=UTC)


def broken(clock):
    raise RuntimeError("broken")


def test_tick_records_the_lights_of_today(pledge):
    assert tick(clock=clock) == []

    assert [(row.pledge, row.day) for row in LightChange.objects.all()] == [(pledge, MIDSUMMER)]
    assert Heartbeat.objects.get(duty="lights").day == MIDSUMMER


def test_duty_that_fails_is_named_and_keeps_no_other_waiting(caplog):
    done = []
    duties = {"first": broken, "second": lambda clock: done.append(clock())}

    assert tick(clock=clock, duties=duties) == ["first"]
    assert done == [clock()]
    assert "first" in caplog.text


def test_heart_of_the_post_does_not_beat_while_a_letter_is_stuck(pledge, lin):
    stuck = clock() - timedelta(minutes=20)
    Letter.objects.create(
        key="daily|1", kind="daily", recipient=lin, day=MIDSUMMER, due_at=stuck, message_id="<1@a>",
        next_try_at=clock() + timedelta(hours=1),
    )  # fmt: skip

    tick(clock=clock)

    assert not Heartbeat.objects.filter(duty="letters").exists()


def test_bell_rings_the_tick_of_the_databases_day(pledge, monkeypatch):
    monkeypatch.setattr(tasks, "database_now", lambda: datetime(2022, 6, 30, 16, 30, tzinfo=UTC))

    tasks.tick()

    days = dict(Heartbeat.objects.values_list("duty", "day"))
    assert days == dict.fromkeys(("lights", "reminders", "letters", "boards", "evidence"), date(2022, 7, 1))
