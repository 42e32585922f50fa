"""A promise of which nothing else is told in June, the house's clock, its minute, and a directive left at ten."""

from datetime import date

import pytest

from pledges.actions.directives import direct
from pledges.actions.letters import gather_letters
from pledges.actions.post import send_letters
from pledges.actions.reminders import plan_reminders
from tests.cast import PledgeFactory
from tests.kit.answering import at


@pytest.fixture
def quiet(campaign, finance):
    """A promise of which nothing else is told in June."""
    return PledgeFactory(
        campaign=campaign,
        department=finance,
        basis="deliverable",
        unit="",
        stones=[(date(2022, 12, 30), None)],
    )


@pytest.fixture
def clock(time_machine):
    """`clock(day, 9)` sets the house's clock and returns the moment."""

    def set_to(day, hour):
        time_machine.move_to(at(day, hour), tick=False)
        return at(day, hour)

    return set_to


@pytest.fixture
def tick(clock):
    """What the house does in a minute of a day."""

    def once(day, hour=11):
        now = clock(day, hour)
        plan_reminders(today=day)
        gather_letters(now=now)
        send_letters(clock=lambda: now, within=3600)

    return once


@pytest.fixture
def given(clock, li):
    """`given(pledge, day, answer_by)`: a directive left at ten."""

    def left(pledge, day, answer_by, words="请抓紧", by=li):
        clock(day, 10)
        return direct(pledge, by=by, words=words, answer_by=answer_by, today=day)

    return left
