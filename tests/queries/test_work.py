"""Every pledge once, in its most urgent section."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pledges.choices import Basis, CampaignKind, ReportState, Role
from pledges.models import Membership
from pledges.queries.work import Section, work_for
from tests.cast import CampaignFactory, PledgeFactory, accepted
from tests.kit.working import DAY, END, JUNE_30, heaps, moment, said, urged


def test_a_passed_milestone_is_overdue(make, lin):
    late = make((JUNE_30, 60), (END, 100))

    assert heaps(lin) == {"overdue": [late]}
    assert heaps(lin, JUNE_30) == {"due": [late]}


def test_a_missed_stretch_goal_is_overdue_too(make, lin):
    late = make((JUNE_30, 60), stretch=True)

    assert heaps(lin) == {"overdue": [late]}


def test_what_was_sent_back_is_returned(make, lin, chen):
    back = make()
    said(
        back, lin, state=ReportState.RETURNED, reviewer=chen, reviewed_at=moment(DAY), return_reason="附名单"
    )

    assert heaps(lin) == {"returned": [back]}


def test_overdue_goes_before_returned_and_keeps_the_reason(make, lin, chen):
    late = make((JUNE_30, 60))
    said(
        late, lin, state=ReportState.RETURNED, reviewer=chen, reviewed_at=moment(DAY), return_reason="附名单"
    )

    [task] = work_for(lin, day=DAY).sections[Section.OVERDUE]

    assert (task.line.pledge, task.is_returned) == (late, True)


def test_what_waits_asks_nothing_of_its_reporter_whatever_its_light(make, lin):
    late, steady = make((JUNE_30, 60)), make()
    said(late, lin, value=Decimal(60), on=date(2022, 7, 1))
    said(steady, lin)

    work = work_for(lin, day=DAY)

    assert heaps(lin) == {"waiting": [late, steady]}
    assert work.to_do == 0
    assert [task.waited for task in work.sections[Section.WAITING]] == [3, 0]


@pytest.mark.parametrize("days, is_due", [(0, True), (30, True), (31, False)])
def test_a_milestone_of_the_next_thirty_days_is_due(make, lin, chen, days, is_due):
    pledge = make((DAY + timedelta(days=days), 60), (END, 100))
    accepted(pledge, as_of=DAY, value=59, reviewer=chen, author=lin)

    assert heaps(lin) == ({"due": [pledge]} if is_due else {})


def test_a_milestone_that_is_reached_is_not_due(make, lin, chen):
    pledge = make((date(2022, 7, 31), 60), (END, 100))
    accepted(pledge, as_of=DAY, value=60, reviewer=chen, author=lin)

    assert heaps(lin) == {}


def test_the_regular_report_is_due_until_it_is_said(make, lin, chen):
    pledge = make()
    accepted(pledge, as_of=date(2022, 6, 20), value=50, reviewer=chen, author=lin)

    [task] = work_for(lin, day=DAY).sections[Section.DUE]
    assert (task.due, task.is_for_cycle, task.days) == (date(2022, 7, 25), True, 21)

    accepted(pledge, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    assert heaps(lin) == {}


def test_a_number_never_reported_owes_its_regular_report_a_deliverable_does_not(make, lin):
    number = make()
    make((END, None), basis=Basis.DELIVERABLE, unit="")
    make((END, 1))

    assert heaps(lin) == {"due": [number]}


def test_what_is_done_asks_nothing(make, lin, chen):
    pledge = make()
    accepted(pledge, as_of=date(2022, 3, 31), value=100, reviewer=chen, author=lin)

    assert heaps(lin) == {}


def test_after_the_year_no_regular_report_is_owed_only_what_is_overdue(make, lin, chen):
    late, done = make(), make()
    accepted(done, as_of=END, value=100, reviewer=chen, author=lin)

    assert heaps(lin, date(2023, 1, 10)) == {"overdue": [late]}
    assert heaps(lin, date(2023, 4, 2)) == {"overdue": [late]}
    assert heaps(lin, date(2023, 4, 3)) == {}


def test_a_ceiling_is_due_when_its_time_ends(make, lin, chen):
    pledge = make((date(2022, 7, 31), 10), direction="at_most", unit="件")
    accepted(pledge, as_of=DAY, value=3, reviewer=chen, author=lin)

    assert heaps(lin) == {"due": [pledge]}


def test_the_most_urgent_stands_first(make, lin):
    july, june, may = make((date(2022, 7, 10), 9)), make((JUNE_30, 9)), make((date(2022, 5, 31), 9))
    august = make((date(2022, 8, 1), 9))

    assert heaps(lin) == {"overdue": [may, june], "due": [july, august]}


def test_another_day_shows_what_was_known_then(make, lin, chen):
    pledge = make()
    said(
        pledge,
        lin,
        on=date(2022, 7, 1),
        as_of=JUNE_30,
        state=ReportState.RETURNED,
        reviewer=chen,
        reviewed_at=moment(date(2022, 7, 3)),
        return_reason="附名单",
    )

    sections = [next(iter(heaps(lin, date(2022, 7, day)))) for day in (1, 2, 3)]

    assert sections == ["waiting", "waiting", "returned"]
    assert heaps(lin, JUNE_30) == {"due": [pledge]}


def test_only_ones_own_departments_and_no_measuring_plans(make, lin, wu, finance, elsewhere, campaign):
    mine = make((JUNE_30, 9))
    theirs = PledgeFactory(campaign=campaign, department=elsewhere, stones=[(JUNE_30, 9)])
    make((JUNE_30, 9), campaign=CampaignFactory(kind=CampaignKind.SYNTHETIC))

    assert (heaps(lin), heaps(wu)) == ({"overdue": [mine]}, {"overdue": [theirs]})

    Membership.objects.create(user=lin, role=Role.REPORTER, department=elsewhere)
    Membership.objects.create(user=lin, role=Role.REVIEWER)
    work = work_for(lin, day=DAY)
    assert heaps(lin) == {"overdue": [mine, theirs]}
    assert (work.has_departments, [share.department for share in work.shares]) == (True, [finance, elsewhere])


def test_the_shares_count_every_pledge_by_its_light(make, lin, chen):
    make((JUNE_30, 9))
    accepted(make(), as_of=JUNE_30, value=50, reviewer=chen, author=lin)
    make()

    [share] = work_for(lin, day=DAY).shares

    assert share.total == 3
    assert [(light.value, number) for light, number in share.counts] == [
        ("red", 1),
        ("green", 1),
        ("grey", 1),
    ]


def test_what_is_urged_stands_once_in_the_heap_it_belongs_to(make, lin, chen):
    late, back, due, calm = make((JUNE_30, 60)), make(), make((date(2022, 7, 10), 9)), make()
    said(
        back,
        lin,
        on=date(2022, 7, 1),
        state=ReportState.RETURNED,
        reviewer=chen,
        reviewed_at=moment(date(2022, 7, 1)),
        return_reason="附名单",
    )
    accepted(calm, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    for pledge in (late, back, due, calm):
        urged(pledge, chen)

    work = work_for(lin, day=DAY)

    assert heaps(lin) == {"urged": [calm], "overdue": [late], "returned": [back], "due": [due]}
    assert work.to_do == 4
    assert {task.nudge.by for tasks in work.sections.values() for task in tasks} == {chen}


def test_an_urged_pledge_names_the_deadline_to_come(make, lin, chen):
    calm = make((date(2022, 9, 2), 60), (END, 100))
    accepted(calm, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    urged(calm, chen)

    [task] = work_for(lin, day=DAY).sections[Section.URGED]

    assert (task.due, task.days, task.is_for_cycle) == (date(2022, 9, 2), 60, False)


def test_an_urging_is_over_when_something_is_reported_after_it(make, lin, chen):
    pledge = make((JUNE_30, 60))
    said(pledge, lin, on=date(2022, 7, 1), state=ReportState.WITHDRAWN)
    urged(pledge, chen)
    [task] = work_for(lin, day=DAY).sections[Section.OVERDUE]
    assert task.nudge.by == chen

    said(pledge, lin)  # at ten o'clock of the same day
    [task] = work_for(lin, day=DAY).sections[Section.WAITING]
    assert task.nudge is None

    pledge.reports.filter(state=ReportState.SUBMITTED).update(
        state=ReportState.RETURNED, reviewer=chen, reviewed_at=moment(DAY, 11), return_reason="附名单"
    )
    [task] = work_for(lin, day=DAY).sections[Section.OVERDUE]
    assert (task.nudge, task.is_returned) == (None, True)


def test_an_urging_of_what_is_done_meanwhile_is_over(make, lin, chen):
    pledge = make()
    urged(pledge, chen)
    accepted(pledge, as_of=JUNE_30, value=100, reviewer=chen, author=lin)

    assert heaps(lin) == {}


def test_another_day_shows_only_what_was_urged_by_then(make, lin, chen):
    pledge = make()
    accepted(pledge, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    urged(pledge, chen)

    assert (heaps(lin, date(2022, 7, 3)), heaps(lin)) == ({}, {"urged": [pledge]})


@pytest.mark.parametrize("number", [1, 3])
def test_the_work_costs_the_same_for_one_and_three(make, lin, chen, number, django_assert_num_queries):
    for _ in range(number):
        said(make(), lin)
        late = make((JUNE_30, 9))
        accepted(late, as_of=date(2022, 6, 1), value=3, reviewer=chen, author=lin)
        urged(late, chen)

    with django_assert_num_queries(8):
        work_for(lin, day=DAY)
