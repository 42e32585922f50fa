"""Asking once: a doubt comes back, the same doubt confirmed goes through, another doubt asks again."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from pledges.actions.reports import submit_report
from pledges.errors import DoubtsError
from pledges.models import ProgressReport
from pledges.rules.reporting import Said
from tests.cast import PledgeFactory, accepted

MAY_31, JUNE_30, TODAY = date(2022, 5, 31), date(2022, 6, 30), date(2022, 7, 4)


def submit(pledge, author, value=50, *, as_of=JUNE_30, confirmed=(), key=None, names=()) -> ProgressReport:
    said = Said(as_of, Decimal(value), names=tuple(names))
    return submit_report(pledge, said, author=author, key=key or uuid4(), today=TODAY, confirmed=confirmed)


def signs(caught) -> list[str]:
    return [doubt.sign for doubt in caught.value.doubts]


@pytest.fixture
def told_in_yuan(campaign, finance, lin, chen):
    """A sum of money: no whole things, so half of one is a figure."""
    pledge = PledgeFactory(campaign=campaign, department=finance, unit="亿元")
    accepted(pledge, as_of=MAY_31, value="0.5", reviewer=chen, author=lin)
    return pledge


def test_a_doubt_is_asked_and_nothing_is_saved(told_in_yuan, lin):
    with pytest.raises(DoubtsError, match="jump") as caught:
        submit(told_in_yuan, lin)

    assert signs(caught) == ["jump:0.5,50"]
    assert ProgressReport.objects.count() == 1


def test_what_was_confirmed_goes_through_and_is_on_record(told_in_yuan, lin):
    report = submit(told_in_yuan, lin, confirmed=["jump:0.5,50"])

    assert report.confirmed == "jump"


def test_another_doubt_asks_again(told_in_yuan, lin):
    with pytest.raises(DoubtsError) as caught:
        submit(told_in_yuan, lin, 60, confirmed=["jump:0.5,50"])

    assert signs(caught) == ["jump:0.5,60"]


def test_what_was_confirmed_without_need_leaves_no_trace(pledge, lin):
    assert submit(pledge, lin, confirmed=["jump:0.5,50"]).confirmed == ""


def test_who_cannot_be_asked_is_not(told_in_yuan, lin):
    assert submit(told_in_yuan, lin, confirmed=None).confirmed == ""


def test_a_double_click_is_not_asked_again(told_in_yuan, lin):
    key = uuid4()
    first = submit(told_in_yuan, lin, confirmed=["jump:0.5,50"], key=key)

    assert submit(told_in_yuan, lin, key=key) == first


def test_names_that_disappear_are_asked_about(pledge, lin, chen):
    earlier = submit(pledge, lin, 2, as_of=MAY_31, names=["甲厂", "乙厂"])
    ProgressReport.objects.filter(pk=earlier.pk).update(
        state="accepted", reviewer=chen, reviewed_at=earlier.submitted_at
    )

    with pytest.raises(DoubtsError) as caught:
        submit(pledge, lin, 2, names=["甲厂", "丙厂"])
    assert signs(caught) == ["names_gone:1"]
    with pytest.raises(DoubtsError) as caught:
        submit(pledge, lin, 2)
    assert signs(caught) == ["no_names:"]
    assert submit(pledge, lin, 3, names=["甲厂", "乙厂", "丙厂"]).confirmed == ""


def test_green_without_a_file_is_asked_where_the_campaign_wants_files(pledge, campaign, lin):
    campaign.completion_needs_evidence = True
    campaign.save()

    with pytest.raises(DoubtsError) as caught:
        submit(pledge, lin)

    assert signs(caught) == ["no_evidence:"]


def test_a_part_over_its_whole_is_asked_only_of_those_who_see_the_whole(
    campaign, finance, elsewhere, lin, wu, chen
):
    whole = PledgeFactory(campaign=campaign, department=finance)
    accepted(whole, as_of=MAY_31, value=40, reviewer=chen, author=lin)
    part = PledgeFactory(campaign=campaign, department=finance, subset_of=whole)
    foreign = PledgeFactory(campaign=campaign, department=elsewhere, subset_of=whole)

    with pytest.raises(DoubtsError) as caught:
        submit(part, lin)
    assert signs(caught) == ["over_whole:50,40,2022-05-31"]
    assert submit(part, lin, 40).confirmed == ""
    assert submit(foreign, wu).confirmed == ""


def test_the_costs_do_not_grow_with_what_was_said(pledge, lin, chen, django_assert_max_num_queries):
    for day in range(1, 25):
        accepted(pledge, as_of=date(2022, 5, day), value=day, reviewer=chen, author=lin)

    with django_assert_max_num_queries(45):
        submit(pledge, lin)
