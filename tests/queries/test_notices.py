"""Who was told about a pledge, and what comes if nothing happens."""

from datetime import date

import pytest

from pledges.actions.reminders import plan_reminders
from pledges.choices import CampaignKind, Occasion, ReminderState
from pledges.models import Campaign, Reminder
from pledges.queries.facts import judged_one
from pledges.queries.notices import coming_notices
from pledges.queries.workdays import office_calendar
from tests.cast import PledgeFactory, accepted
from tests.kit.letters import DAY

pytestmark = pytest.mark.django_db


def coming(pledge, today, **more):
    return [
        (notice.occasion, notice.step, notice.letter_on)
        for notice in coming_notices(judged_one(pledge, today=today), office_calendar(), **more)
    ]


def test_the_notices_to_come_are_the_steps_of_the_ladder_then_those_of_delay(campaign, finance):
    pledge = PledgeFactory(campaign=campaign, department=finance, unit="", basis="deliverable", stones=[(date(2022, 6, 30), None)])  # fmt: skip

    assert coming(pledge, date(2022, 6, 24), limit=9) == [
        (Occasion.AHEAD, 3, date(2022, 6, 27)),
        (Occasion.AHEAD, 1, date(2022, 6, 29)),
        (Occasion.AHEAD, 0, date(2022, 6, 30)),
        (Occasion.OVERDUE, None, date(2022, 7, 1)),
        (Occasion.ESCALATED, None, date(2022, 7, 5)),
        (Occasion.DIGEST, None, date(2022, 7, 18)),
    ]


def test_what_is_done_gets_no_more_notices(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)

    assert coming(pledge, date(2022, 7, 1)) == []


def test_a_plan_made_for_measuring_gets_no_notices(pledge):
    Campaign.objects.filter(pk=pledge.campaign_id).update(kind=CampaignKind.SYNTHETIC)
    pledge.campaign.refresh_from_db()

    assert coming(pledge, date(2022, 12, 1)) == []


@pytest.mark.parametrize("today", [date(2022, 6, 24), date(2022, 12, 29)])
def test_what_the_page_foretells_is_what_planning_does(campaign, finance, lin, sun, li, today):
    pledge = PledgeFactory(
        campaign=campaign, department=finance, stones=[(date(2022, 6, 30), 50), (date(2022, 12, 31), 100)]
    )
    foretold = [each for each in coming(pledge, today, limit=99) if each[2] <= today + 40 * DAY]
    plan_reminders(today=today)
    told = set(Reminder.objects.values_list("pk", flat=True))

    played = {}
    for ahead in range(1, 41):
        day = today + ahead * DAY
        plan_reminders(today=day)
        for found in (
            Reminder.objects.exclude(pk__in=told).exclude(state=ReminderState.SKIPPED).order_by("pk")
        ):
            played.setdefault((Occasion(found.occasion), found.due, found.step), found.letter_on)
            told.add(found.pk)

    assert sorted(((occasion, step or 0, day) for occasion, step, day in foretold), key=str) == sorted(
        ((occasion, step or 0, day) for (occasion, _due, step), day in played.items()), key=str
    )
