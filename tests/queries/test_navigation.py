"""Which doors a person has, and which campaign is at hand."""

from datetime import date

import pytest

from pledges.choices import CampaignKind, Role
from pledges.models import Campaign
from pledges.queries.navigation import Doors, default_campaign, doors_of
from tests.cast import CampaignFactory, ReportFactory

TODAY = date(2026, 9, 20)


def year_of(year: int, kind=CampaignKind.REAL) -> Campaign:
    return Campaign(
        code=f"{kind.value}-{year}", kind=kind, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
    )


PAST, RECENT, RUNNING = year_of(2022), year_of(2025), year_of(2026)
REHEARSAL = year_of(2026, CampaignKind.REHEARSAL)


@pytest.mark.parametrize(
    "campaigns, chosen, found",
    [
        ([], None, None),
        ([PAST, REHEARSAL], None, REHEARSAL),  # what runs, before what is over
        ([REHEARSAL, RUNNING], None, RUNNING),  # the real one before its rehearsal
        ([PAST, RECENT], None, RECENT),  # nothing runs: the newest
        ([PAST, RUNNING, REHEARSAL], PAST.code, PAST),  # the one last looked at
        ([PAST, RUNNING], "gone", RUNNING),
    ],
)
def test_the_campaign_at_hand(campaigns, chosen, found):
    assert default_campaign(campaigns, chosen, today=TODAY) is found


OVERLOOKS = {"letters": True, "urges": True}


@pytest.mark.parametrize(
    "roles, doors",
    [
        (set(), Doors()),
        ({Role.REPORTER}, Doors(works=True)),
        ({Role.HEAD}, Doors(works=True)),
        ({Role.LEADER}, Doors(**OVERLOOKS)),
        ({Role.REVIEWER}, Doors(reviews=True, waiting=1, **OVERLOOKS)),
        ({Role.REPORTER, Role.REVIEWER}, Doors(works=True, reviews=True, waiting=1, **OVERLOOKS)),
    ],
)
def test_a_role_opens_its_doors(pledge, lin, chen, roles, doors):
    ReportFactory(pledge=pledge, author=lin)

    assert doors_of(chen, roles) == doors


def test_an_administrator_reviews_and_administers(boss):
    assert doors_of(boss, set()) == Doors(reviews=True, administers=True, **OVERLOOKS)


def test_letters_that_stay_are_read_by_the_administrator_alone(boss, chen):
    assert doors_of(boss, set(), letters_stay=True).mailbox is True
    assert doors_of(boss, set()).mailbox is False
    assert doors_of(chen, {Role.REVIEWER}, letters_stay=True).mailbox is False


def test_the_length_of_the_queue_is_asked_once(chen, django_assert_num_queries):
    ReportFactory.create_batch(3)

    with django_assert_num_queries(2):  # what may be seen, how many wait
        assert doors_of(chen, {Role.REVIEWER}).waiting == 3


def test_plans_for_measuring_are_not_offered(db):
    CampaignFactory(kind=CampaignKind.SYNTHETIC)
    real = CampaignFactory()

    assert list(Campaign.objects.shown()) == [real]
