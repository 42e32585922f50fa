"""The minute tick: every duty once, whatever becomes of the others."""

from datetime import UTC, date, datetime

import pytest

from pledges import tasks
from pledges.actions.tick import tick
from pledges.models import Heartbeat, LightChange
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


def test_bell_rings_the_tick_of_the_databases_day(pledge, monkeypatch):
    monkeypatch.setattr(tasks, "database_now", lambda: datetime(2022, 6, 30, 16, 30, tzinfo=UTC))

    tasks.tick()

    days = dict(Heartbeat.objects.values_list("duty", "day"))
    assert days == dict.fromkeys(("lights", "reminders", "letters"), date(2022, 7, 1))
