"""Lists compared, and names that somebody else claims as well."""

from datetime import date
from decimal import Decimal

import pytest

from pledges.actions.ledger_entries import list_names
from pledges.choices import ReportState
from pledges.queries.ledger_entries import Ledger, claims_on, ledgers_of
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory, accepted

MAY_31, JUNE_30 = date(2022, 5, 31), date(2022, 6, 30)


@pytest.fixture
def said(lin, chen):
    """A report with names, accepted or waiting."""

    def said(pledge, *names, as_of=JUNE_30, waits=False, state=None):
        value = Decimal(len(names))
        if waits or state:
            report = ReportFactory(
                pledge=pledge, as_of=as_of, value=value, author=lin, state=state or ReportState.SUBMITTED
            )
        else:
            report = accepted(pledge, as_of=as_of, value=value, reviewer=chen, author=lin)
        list_names(report, names)
        return report

    return said


def claims(report):
    ledger = ledgers_of([report]).get(report.pk, Ledger())
    return [
        (claim.name, claim.spelling, claim.pledge, claim.is_waiting) for claim in claims_on(report, ledger)
    ]


@pytest.fixture
def other(campaign, elsewhere):
    return PledgeFactory(campaign=campaign, department=elsewhere)


def test_new_and_gone_are_against_the_last_accepted_list(pledge, said):
    said(pledge, "甲厂", "乙厂", as_of=MAY_31)
    report = said(pledge, "甲 厂", "丙厂", waits=True)

    ledger = ledgers_of([report])[report.pk]

    assert ledger.rows == [("甲 厂", False), ("丙厂", True)]
    assert ledger.change.gone == ("乙厂",)


def test_in_a_first_list_nothing_is_new(pledge, said):
    report = said(pledge, "甲厂", waits=True)

    assert ledgers_of([report])[report.pk].rows == [("甲厂", False)]


def test_a_later_list_is_not_before(pledge, said):
    said(pledge, "甲厂", "乙厂", as_of=JUNE_30)
    older = said(pledge, "甲厂", as_of=MAY_31, waits=True)

    assert ledgers_of([older])[older.pk].before == {}


def test_without_any_list_there_is_no_ledger(pledge, said):
    report = said(pledge, waits=True)

    assert report.pk not in ledgers_of([report])


def test_a_list_that_is_missing_is_seen_beside_the_one_before(pledge, said):
    said(pledge, "甲厂", as_of=MAY_31)
    report = said(pledge, waits=True)

    assert ledgers_of([report])[report.pk].before == {"甲厂": "甲厂"}


def test_the_lists_of_many_cost_as_much_as_those_of_one(campaign, finance, said, django_assert_num_queries):
    pledges = [PledgeFactory(campaign=campaign, department=finance) for _ in range(3)]
    for pledge in pledges:
        said(pledge, "甲厂", as_of=MAY_31)
    reports = [said(pledge, "甲厂", "乙厂", waits=True) for pledge in pledges]

    for some in (reports[:1], reports):
        with django_assert_num_queries(2):
            assert len(ledgers_of(some)) >= len(some)


@pytest.mark.parametrize("waits", [True, False])
def test_the_same_name_at_another_pledge_is_a_claim(pledge, other, said, waits):
    said(other, "甲（1）厂", "丁厂", waits=waits)

    assert claims(said(pledge, "甲1厂", "乙厂", waits=True)) == [("甲1厂", "甲（1）厂", other, waits)]


@pytest.mark.parametrize("state", [ReportState.WITHDRAWN])
def test_what_was_taken_back_claims_nothing(pledge, other, said, state):
    said(other, "甲厂", state=state)

    assert claims(said(pledge, "甲厂", waits=True)) == []


def test_only_the_newest_list_speaks(pledge, other, said):
    said(other, "甲厂", "丁厂", as_of=MAY_31)
    said(other, "丁厂", "戊厂")

    assert claims(said(pledge, "甲厂", waits=True)) == []


def test_accepted_and_waiting_are_one_claim(pledge, other, said):
    said(other, "甲厂", as_of=MAY_31)
    said(other, "甲厂", "丁厂", waits=True)

    assert [claim[2] for claim in claims(said(pledge, "甲厂", waits=True))] == [other]


def test_another_campaign_is_another_year(pledge, elsewhere, said):
    said(PledgeFactory(campaign=CampaignFactory(), department=elsewhere), "甲厂")

    assert claims(said(pledge, "甲厂", waits=True)) == []


def test_a_part_and_its_whole_name_the_same_thing(campaign, finance, pledge, said):
    part = PledgeFactory(campaign=campaign, department=finance, subset_of=pledge)
    inner = PledgeFactory(campaign=campaign, department=finance, subset_of=part)
    said(pledge, "甲厂")
    said(inner, "甲厂")

    assert claims(said(part, "甲厂", waits=True)) == []
    assert claims(said(pledge, "甲厂", as_of=date(2022, 7, 1), waits=True)) == []
    assert claims(said(inner, "甲厂", as_of=date(2022, 7, 1), waits=True)) == []


def test_two_parts_of_a_whole_are_two_claims(campaign, finance, pledge, said):
    one, two = (PledgeFactory(campaign=campaign, department=finance, subset_of=pledge) for _ in range(2))
    said(one, "甲厂")

    assert [claim[2] for claim in claims(said(two, "甲厂", waits=True))] == [one]


def test_a_share_of_a_part_belongs_to_the_whole_as_well(campaign, elsewhere, pledge, said):
    lead = PledgeFactory(campaign=campaign, department=elsewhere)
    PledgeFactory(campaign=campaign, subset_of=pledge, shared_with=lead)
    said(pledge, "甲厂")

    assert claims(said(lead, "甲厂", waits=True)) == []


def test_the_claims_cost_the_same_for_one_and_many(
    campaign, pledge, elsewhere, said, django_assert_max_num_queries
):
    for _ in range(4):
        said(PledgeFactory(campaign=campaign, department=elsewhere), "甲厂", "乙厂")
    report = said(pledge, "甲厂", "乙厂", waits=True)
    ledger = ledgers_of([report])[report.pk]

    with django_assert_max_num_queries(3):
        assert len(claims_on(report, ledger)) == 8
