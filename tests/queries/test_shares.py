"""One number of two departments, and what each brought into it."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from pledges.actions.reports import accept_report, submit_report
from pledges.choices import Basis
from pledges.queries.facts import judged_one
from pledges.queries.shares import contributions_to, is_shared
from pledges.rules.reporting import Said
from tests.cast import PledgeFactory, accepted

MAY_31, JUNE_30, TODAY = date(2022, 5, 31), date(2022, 6, 30), date(2022, 7, 4)


@pytest.fixture
def share(campaign, elsewhere, pledge):
    return PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)


def say(pledge, author, reviewer, value, as_of, note=""):
    said = Said(as_of, Decimal(value), note)
    report = submit_report(pledge, said, author=author, key=uuid4(), today=TODAY)
    return accept_report(report, reviewer=reviewer, today=TODAY)


def brought(pledge, day=TODAY):
    found = contributions_to(judged_one(pledge, today=day), day=day)
    return found and ({row.name: row.amount for row in found.rows}, found.total)


def test_a_pledge_alone_is_not_shared(pledge):
    assert not is_shared(pledge)


def test_both_ends_know_that_they_are_shared(pledge, share):
    assert is_shared(pledge)
    assert is_shared(share)


def test_each_step_counts_for_the_department_whose_page_it_was_said_on(pledge, share, lin, wu, chen):
    say(pledge, lin, chen, 10, MAY_31)
    say(share, wu, chen, 25, JUNE_30)

    for seen in (pledge, share):
        assert brought(seen) == ({"金融办": 10, "商务局": 15}, 25)
        assert brought(seen, MAY_31) == ({"金融办": 10}, 10)


def test_a_correction_takes_the_place_of_what_it_corrects(pledge, share, lin, wu, chen):
    say(pledge, lin, chen, 10, MAY_31)
    say(share, wu, chen, 25, JUNE_30)
    say(share, wu, chen, 12, JUNE_30, note="重复计算")

    assert brought(pledge) == ({"金融办": 10, "商务局": 2}, 12)


def test_a_change_of_post_changes_no_step(pledge, share, finance, elsewhere, lin, chen):
    say(pledge, lin, chen, 10, MAY_31)
    lin.memberships.update(department=elsewhere)

    assert brought(pledge) == ({"金融办": 10}, 10)


def test_a_figure_that_no_department_said_stays_apart(pledge, share, lin, wu, chen):
    accepted(pledge, as_of=MAY_31, value=10, reviewer=chen, author=lin)
    say(share, wu, chen, 25, JUNE_30)

    assert brought(pledge) == ({"": 10, "商务局": 15}, 25)


def test_nothing_is_listed_where_nothing_is_counted(campaign, finance, pledge, share):
    assert brought(pledge) is None
    for more in ({"basis": Basis.GROWTH}, {"basis": Basis.DELIVERABLE}, {"basis": Basis.LEVEL}):
        assert brought(PledgeFactory(campaign=campaign, department=finance, **more)) is None


def test_the_list_costs_one_query(pledge, share, lin, wu, chen, django_assert_num_queries):
    say(pledge, lin, chen, 10, MAY_31)
    say(share, wu, chen, 25, JUNE_30)
    line = judged_one(pledge, today=TODAY)

    with django_assert_num_queries(1):
        contributions_to(line, day=TODAY)
