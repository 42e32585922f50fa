"""The minute tick: every duty once, whatever becomes of the others."""

from datetime import date

import pytest

from pledges import tasks
from pledges.actions.tick import tick
from pledges.models import Heartbeat, LightChange
from tests.cast import MIDSUMMER

pytestmark = pytest.mark.django_db


def broken(*, today):
    raise RuntimeError("broken")


def test_tick_records_the_lights_of_today(pledge):
    assert tick(today=MIDSUMMER) == []

    assert [(row.pledge, row.day) for row in LightChange.objects.all()] == [(pledge, MIDSUMMER)]
    assert Heartbeat.objects.get(duty="lights").day == MIDSUMMER


def test_duty_that_fails_is_named_and_keeps_no_other_waiting(caplog):
    done = []
    duties = {"first": broken, "second": lambda *, today: done.append(today)}

    assert tick(today=MIDSUMMER, duties=duties) == ["first"]
    assert done == [MIDSUMMER]
    assert "first" in caplog.text


def test_bell_rings_the_tick_of_today(pledge, time_machine):
    time_machine.move_to("2022-07-01 00:30 +0800")

    tasks.tick()

    assert Heartbeat.objects.get(duty="lights").day == date(2022, 7, 1)
