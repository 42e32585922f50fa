"""What a figure would do, before anybody has accepted it: the same as afterwards, and nothing is saved."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from pledges.actions.reports import accept_report, submit_report
from pledges.choices import Basis, Direction, Entry, Light, Reason, ReportState
from pledges.models import ProgressReport, Standing
from pledges.queries.facts import judged_one
from pledges.queries.previews import background_of, preview_of, previews_of
from pledges.rules.reporting import Said
from tests.cast import PledgeFactory, ReportFactory, accepted

MAY_31, JUNE_30, TODAY = date(2022, 5, 31), date(2022, 6, 30), date(2022, 7, 4)


def said(value, as_of=JUNE_30, **more) -> Said:
    return Said(as_of, Decimal(str(value)), **more)


@pytest.mark.parametrize("value, light", [(0, "red"), (25, "yellow"), (50, "green"), (100, "done")])
def test_a_preview_is_what_acceptance_does(pledge, lin, chen, value, light):
    accepted(pledge, as_of=MAY_31, value=0, reviewer=chen, author=lin)
    preview = preview_of(pledge, said(value, note="核对"), today=TODAY)

    report = submit_report(pledge, said(value, note="核对"), author=lin, key=uuid4(), today=TODAY)
    accept_report(report, reviewer=chen, today=TODAY)

    assert preview.after.verdict.light == Light(light)
    assert preview.after.verdict == judged_one(pledge, today=TODAY).verdict


def test_a_preview_saves_nothing(pledge):
    before = list(Standing.objects.values_list())

    preview_of(pledge, said(50), today=TODAY)

    assert list(Standing.objects.values_list()) == before
    assert ProgressReport.objects.count() == 0


def test_a_period_is_added_to_what_was_said_before(pledge, lin, chen):
    accepted(pledge, as_of=MAY_31, value=40, reviewer=chen, author=lin)

    preview = preview_of(pledge, said(3, entry=Entry.PERIOD), today=TODAY)

    assert (preview.is_period, preview.total, preview.difference) == (True, 43, 3)


def test_the_difference_is_to_the_last_accepted_figure_and_not_to_a_waiting_one(pledge, lin, chen):
    accepted(pledge, as_of=MAY_31, value=40, reviewer=chen, author=lin)
    ReportFactory(pledge=pledge, as_of=date(2022, 6, 15), value=Decimal(45), author=lin)

    assert preview_of(pledge, said(50), today=TODAY).difference == 10


def test_nothing_accepted_leaves_nothing_to_compare(pledge):
    preview = preview_of(pledge, said(50), today=TODAY)

    assert (preview.difference, preview.distance) == (None, 0)


def test_a_fall_is_a_negative_difference(pledge, lin, chen):
    accepted(pledge, as_of=MAY_31, value=40, reviewer=chen, author=lin)

    preview = preview_of(pledge, said(38), today=TODAY)

    assert (preview.difference, preview.distance) == (-2, 2)
    assert [fault.code for fault in preview.faults] == ["fall_needs_reason"]


def test_a_hundredfold_is_pointed_out_before_it_is_sent(pledge, lin, chen):
    accepted(pledge, as_of=MAY_31, value=1, reviewer=chen, author=lin)

    assert [preview_of(pledge, said(value), today=TODAY).jumps for value in (99, 100, 0)] == [
        False,
        True,
        False,
    ]


def test_a_correction_replaces_the_figure_of_its_day(pledge, lin, chen):
    accepted(pledge, as_of=JUNE_30, value=40, reviewer=chen, author=lin)

    assert preview_of(pledge, said(48, note="更正"), today=TODAY).after.verdict.actual == 48


def test_an_older_figure_does_not_become_the_newest(pledge, lin, chen):
    accepted(pledge, as_of=JUNE_30, value=40, reviewer=chen, author=lin)
    older = ReportFactory(pledge=pledge, as_of=MAY_31, value=Decimal(30), author=lin)

    preview = previews_of([older], today=TODAY)[older.pk]

    assert preview.after.verdict == preview.before.verdict
    assert not preview.changes_light


def test_the_next_milestone_says_what_is_still_missing(campaign, finance):
    pledge = PledgeFactory(
        campaign=campaign, department=finance, stones=[(date(2022, 9, 30), 60), (date(2022, 12, 31), 100)]
    )

    missing = preview_of(pledge, said(45), today=TODAY).missing
    beyond = preview_of(pledge, said(60), today=TODAY).missing

    assert (missing.stone.day, missing.amount, missing.is_past) == (date(2022, 9, 30), 15, False)
    assert (beyond.stone.day, beyond.amount) == (date(2022, 12, 31), 40)
    assert preview_of(pledge, said(100), today=TODAY).missing is None


def test_a_passed_milestone_is_named_as_passed(campaign, finance):
    pledge = PledgeFactory(
        campaign=campaign, department=finance, stones=[(JUNE_30, 60), (date(2022, 12, 31), 100)]
    )

    missing = preview_of(pledge, said(45), today=TODAY).missing

    assert (missing.amount, missing.is_past) == (15, True)


def test_what_cannot_be_added_up_names_no_amount(campaign, finance):
    rate = PledgeFactory(campaign=campaign, department=finance, basis=Basis.GROWTH, unit="%")
    ceiling = PledgeFactory(campaign=campaign, department=finance, direction=Direction.AT_MOST)
    deliverable = PledgeFactory(
        campaign=campaign,
        department=finance,
        basis=Basis.DELIVERABLE,
        unit="",
        stones=[(date(2022, 12, 31), None)],
    )

    assert preview_of(rate, said(10), today=TODAY).counts_up is False
    assert preview_of(ceiling, said(101), today=TODAY).missing is None
    assert preview_of(deliverable, said(0), today=TODAY).missing is None


def test_done_and_done_late_are_two_lights(campaign, finance, lin, chen):
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=[(MAY_31, 60)])
    accepted(pledge, as_of=date(2022, 6, 10), value=60, reviewer=chen, author=lin)
    earlier = ReportFactory(pledge=pledge, as_of=MAY_31, value=Decimal(60), author=lin)

    preview = previews_of([earlier], today=TODAY)[earlier.pk]

    assert preview.before.verdict.reason == Reason.MET_LATE
    assert preview.after.verdict.reason == Reason.MET
    assert preview.changes_light


@pytest.mark.parametrize("number", [1, 3])
def test_previews_cost_the_same_for_one_and_three(campaign, finance, lin, number, django_assert_num_queries):
    reports = [
        ReportFactory(pledge=PledgeFactory(campaign=campaign, department=finance), author=lin)
        for _ in range(number)
    ]

    with django_assert_num_queries(3):
        assert len(previews_of(reports, today=TODAY)) == number


def test_a_returned_report_is_offered_again_until_something_newer_is_said(pledge, lin, chen):
    def newest():
        background = background_of(pledge, today=TODAY)
        return background.returned, background.waiting

    assert newest() == (None, None)

    back = ReportFactory(
        pledge=pledge, author=lin, state=ReportState.RETURNED, reviewer=chen, return_reason="请附名单"
    )
    assert newest() == (back, None)

    ReportFactory(pledge=pledge, author=lin, state=ReportState.WITHDRAWN)
    assert newest() == (back, None)

    again = ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 7, 1))
    assert newest() == (None, again)


def test_the_background_shows_the_newest_four_and_no_withdrawn_ones(pledge, lin):
    reports = [ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 5, day)) for day in range(1, 7)]
    ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 5, 30), state=ReportState.WITHDRAWN)

    assert background_of(pledge, today=TODAY).recent == list(reversed(reports))[:4]


def test_the_last_milestone_is_named_once(pledge, campaign, finance):
    series = PledgeFactory(
        campaign=campaign, department=finance, stones=[(date(2022, 9, 30), 60), (date(2022, 12, 31), 100)]
    )

    assert background_of(pledge, today=TODAY).next_stone is None
    assert background_of(series, today=TODAY).next_stone.value == 60
