"""What nobody would be told: departments without readers, addresses that fail, holidays nobody entered."""

from datetime import date, timedelta

import pytest

from pledges.choices import LetterState, Role
from pledges.models import Membership, User
from pledges.queries.ledger import Gap
from pledges.rules.workdays import Calendar
from tests.cast import PledgeFactory, accepted, person
from tests.kit.letters import MORNING, a_letter, a_line, warned

pytestmark = pytest.mark.django_db


def test_departments_with_open_pledges_and_nobody_to_tell(campaign, pledge, finance, elsewhere, wu):
    PledgeFactory(campaign=campaign, department=elsewhere)

    assert warned(campaign).gaps == [Gap("jinrong", "金融办", 1)]


def _leaves(lin):
    User.objects.filter(pk=lin.pk).update(is_active=False)


def _stands_back(lin):
    Membership.objects.filter(user=lin).update(is_reminded=False)


def _changes_post(lin):
    Membership.objects.filter(user=lin).update(role=Role.HEAD)


@pytest.mark.parametrize("happens", [_leaves, _stands_back, _changes_post])
def test_somebody_is_to_be_told_only_while_they_report_and_get_letters(campaign, pledge, lin, happens):
    assert warned(campaign).gaps == []

    happens(lin)

    assert [gap.code for gap in warned(campaign).gaps] == ["jinrong"]


def test_a_department_whose_pledges_are_done_needs_nobody(campaign, pledge, chen, lin):
    accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)
    _stands_back(lin)

    assert warned(campaign).gaps == []


@pytest.mark.parametrize(
    "changes, found",
    [
        ({}, False),
        ({"email": ""}, True),
        ({"refused_email": "lin@example.com"}, True),
        ({"refused_email": "old@example.com"}, False),
        ({"email": "", "is_active": False}, False),
    ],
)
def test_people_whose_address_does_not_work(campaign, pledge, lin, changes, found):
    User.objects.filter(pk=lin.pk).update(**changes)

    assert [each.person for each in warned(campaign).people] == ([lin] if found else [])


def test_leaders_read_letters_too_reviewers_and_other_departments_do_not(campaign, pledge, li, chen, wu, lin):
    User.objects.update(email="")

    assert {each.person for each in warned(campaign).people} == {li, lin}


@pytest.mark.parametrize(
    "known, years", [({2022, 2023}, []), ({2022}, [2023]), ({2023}, [2022]), (set(), [2022, 2023])]
)
def test_the_years_whose_holidays_nobody_has_entered(campaign, finance, lin, known, years):
    # The last one is farther away than a year: nobody need know its holidays yet.
    stones = [(date(2022, 12, 31), 1), (date(2023, 3, 31), 2), (date(2024, 3, 31), 3)]
    PledgeFactory(campaign=campaign, department=finance, stones=stones)

    found = warned(campaign, Calendar(known_years=frozenset(known)))

    assert found.years == years


def test_a_campaign_that_is_long_over_warns_of_nothing_but_its_letters(pledge, campaign, lin):
    a_line(pledge, lin, a_letter(lin, LetterState.FAILED))
    _stands_back(lin)

    found = warned(campaign, Calendar(), now=MORNING + timedelta(days=365))

    assert (len(found.letters), found.gaps, found.people, found.years) == (1, [], [], [])


@pytest.mark.parametrize("number", [1, 3])
def test_the_warnings_cost_the_same_for_one_and_three(
    campaign, pledge, lin, number, django_assert_num_queries
):
    for _ in range(number):
        a_line(pledge, lin, a_letter(lin, LetterState.FAILED))
        PledgeFactory(campaign=campaign)

    with django_assert_num_queries(6):
        warned(campaign)


def test_a_head_without_a_letter_is_not_the_reporters_gap(campaign, pledge, finance):
    person("head", "主任", Role.HEAD, finance)

    assert [gap.code for gap in warned(campaign).gaps] == ["jinrong"]
