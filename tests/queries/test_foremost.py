"""The head of an index finds what looking through all finds, and says when it cannot."""

from datetime import date

import pytest

from pledges.models import Pledge
from pledges.queries import foremost
from pledges.queries.board import alerts_on
from pledges.queries.foremost import foremost_alerts, foremost_deadlines
from tests.cast import CampaignFactory, PledgeFactory, accepted

JUNE_1, JUNE_30, JULY_1, JULY_31 = date(2022, 6, 1), date(2022, 6, 30), date(2022, 7, 1), date(2022, 7, 31)
LATE = [date(2022, month, 28) for month in (2, 3, 4, 5)]


@pytest.fixture
def plan(campaign, finance, lin, chen):
    """Four missed at different days, two far behind."""
    missed = [PledgeFactory(campaign=campaign, department=finance, stones=[(due, 10)]) for due in LATE]
    behind = [
        PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 12, 31), 100)])
        for _ in range(2)
    ]
    for pledge in behind:
        accepted(pledge, as_of=JUNE_1, value=1, reviewer=chen, author=lin)
    return missed + behind


@pytest.fixture
def others(elsewhere):
    """Another campaign whose alerts are older still."""
    campaign = CampaignFactory()
    return [
        PledgeFactory(campaign=campaign, department=elsewhere, stones=[(date(2022, 1, 5), 10)])
        for _ in range(3)
    ]


@pytest.mark.parametrize("limit", [1, 3, 4, 5, 12])
@pytest.mark.parametrize("candidates", [1, 2, 4, 400])
def test_the_same_alerts_are_found(plan, others, campaign, monkeypatch, limit, candidates):
    monkeypatch.setattr(foremost, "CANDIDATES", candidates)

    found = foremost_alerts(campaign, day=JULY_1, limit=limit)

    every = alerts_on(Pledge.objects.filter(campaign=campaign), day=JULY_1, limit=limit)
    assert {plan[place].pk for place in range(min(limit, 4))} <= every
    # Three of others stand before the first of these: among so few candidates nothing is claimed.
    allowed = {1: [None], 2: [None], 4: [None, every], 400: [every]}
    assert found in allowed[candidates]


def test_the_first_deadlines_come_by_day(plan, others, campaign):
    found = foremost_deadlines(campaign, first=date(2022, 1, 1), last=JUNE_30, limit=3)

    assert found == [(plan[place].pk, LATE[place]) for place in range(3)]
    assert foremost_deadlines(campaign, first=JULY_1, last=JULY_31, limit=3) == []


def test_behind_too_much_of_others_nothing_is_claimed(plan, others, campaign, monkeypatch):
    monkeypatch.setattr(foremost, "CANDIDATES", 3)

    assert foremost_deadlines(campaign, first=date(2022, 1, 1), last=JUNE_30, limit=3) is None
