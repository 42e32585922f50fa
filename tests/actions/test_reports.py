"""Submit, accept, return, withdraw: what each sets off, who may, and who is told that they came second."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from pledges.actions.reports import accept_report, return_report, submit_report, withdraw_report
from pledges.choices import Entry, Light, ReportState, Role
from pledges.errors import ConflictingKeyError, StaleError
from pledges.models import LightChange, Membership, Pledge, ProgressReport, Standing
from pledges.queries.facts import judged_one
from pledges.queries.reports import newest_id
from pledges.rules.reporting import Said
from tests.cast import PledgeFactory, accepted

JUNE_30, TODAY = date(2022, 6, 30), date(2022, 7, 4)


def said(value=50, as_of=JUNE_30, **more) -> Said:
    return Said(as_of, Decimal(str(value)), **more)


def submit(pledge, author, what=None, **more) -> ProgressReport:
    return submit_report(pledge, what or said(), author=author, key=uuid4(), today=TODAY, **more)


def light_of(pledge, day=TODAY) -> str:
    return Standing.objects.on(day).get(pledge=pledge).light


def test_a_report_waits_and_changes_no_light(pledge, lin):
    before = list(Standing.objects.values_list("since", "until", "light"))

    report = submit(pledge, lin)

    assert (report.state, report.author, report.value) == (ReportState.SUBMITTED, lin, 50)
    assert list(Standing.objects.values_list("since", "until", "light")) == before


def test_accepting_turns_the_light_and_records_the_change(pledge, lin, chen):
    report = submit(pledge, lin)
    assert light_of(pledge) == Light.GREY

    accept_report(report, reviewer=chen, today=TODAY)

    assert light_of(pledge) == Light.GREEN
    change = LightChange.objects.get()
    assert (change.pledge, change.day, change.light, change.report) == (pledge, TODAY, Light.GREEN, report)


def test_a_figure_counts_from_the_day_it_was_true(pledge, lin, chen):
    accept_report(submit(pledge, lin), reviewer=chen, today=TODAY)

    assert light_of(pledge, date(2022, 6, 29)) == Light.GREY
    assert light_of(pledge, JUNE_30) == Light.GREEN


def test_this_period_is_stored_as_the_running_total(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 5, 31), value=40, reviewer=chen, author=lin)

    report = submit(pledge, lin, said(8, entry=Entry.PERIOD))

    assert (report.value, report.typed_value, report.entry) == (48, 8, Entry.PERIOD)

    accept_report(report, reviewer=chen, today=TODAY)

    assert judged_one(pledge, today=TODAY).verdict.actual == 48


def test_a_period_whose_base_was_corrected_meanwhile_is_not_accepted(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 5, 31), value=40, reviewer=chen, author=lin)
    period = submit(pledge, lin, said(8, entry=Entry.PERIOD))
    accepted(pledge, as_of=date(2022, 6, 15), value=41, reviewer=chen, author=lin)

    with pytest.raises(StaleError):
        accept_report(period, reviewer=chen, today=TODAY)

    period.refresh_from_db()
    assert period.state == ReportState.SUBMITTED
    assert return_report(period, reviewer=chen, reason="请重新加总").state == ReportState.RETURNED


def test_a_period_is_not_added_to_a_report_that_waits(pledge, lin):
    submit(pledge, lin, said(5, date(2022, 6, 20)))

    with pytest.raises(ValidationError) as caught:
        submit(pledge, lin, said(3, entry=Entry.PERIOD))

    assert set(caught.value.message_dict) == {"entry"}


def test_the_same_form_twice_makes_one_row(pledge, lin):
    key = uuid4()

    first = submit_report(pledge, said(), author=lin, key=key, today=TODAY)
    again = submit_report(pledge, said(), author=lin, key=key, today=TODAY)

    assert (again.pk, ProgressReport.objects.count()) == (first.pk, 1)


def test_the_same_form_with_other_contents_is_refused(pledge, lin):
    key = uuid4()
    submit_report(pledge, said(), author=lin, key=key, today=TODAY)

    with pytest.raises(ConflictingKeyError):
        submit_report(pledge, said(51), author=lin, key=key, today=TODAY)

    assert ProgressReport.objects.count() == 1


def test_a_form_older_than_the_last_report_is_told(pledge, lin, chen):
    seen = newest_id(pledge)
    submit(pledge, lin, said(40, date(2022, 5, 31)))

    with pytest.raises(StaleError, match="林会计"):
        submit(pledge, lin, seen=seen)

    assert submit(pledge, lin, seen=newest_id(pledge)).value == 50


def test_faults_come_back_by_field(pledge, lin):
    with pytest.raises(ValidationError) as caught:
        submit(pledge, lin, said(-1, date(2021, 1, 1)))

    assert set(caught.value.message_dict) == {"as_of", "value"}
    assert ProgressReport.objects.count() == 0


@pytest.mark.parametrize("role", ["wu", "chen", "li"])
def test_only_reporters_of_the_department_report(pledge, role, request):
    with pytest.raises(PermissionDenied):
        submit(pledge, request.getfixturevalue(role))


def test_a_superuser_may_act_for_any_department(pledge, boss):
    assert submit(pledge, boss).author == boss


def test_nobody_accepts_their_own_report(pledge, boss, lin):
    report = submit(pledge, boss)

    with pytest.raises(PermissionDenied):
        accept_report(report, reviewer=boss, today=TODAY)
    with pytest.raises(PermissionDenied):
        return_report(report, reviewer=boss, reason="不对")


def test_the_database_itself_refuses_one_pair_of_eyes(pledge, lin):
    report = submit(pledge, lin)

    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressReport.objects.filter(pk=report.pk).update(reviewer=lin)


def test_a_reporter_who_also_reviews_may_not_review_their_own(pledge, lin):
    Membership.objects.create(user=lin, role=Role.REVIEWER)

    with pytest.raises(PermissionDenied):
        accept_report(submit(pledge, lin), reviewer=lin, today=TODAY)


def test_of_two_reviewers_the_second_is_told_who_was_first(pledge, lin, chen, zhao):
    report = submit(pledge, lin)
    mine, theirs = ProgressReport.objects.get(pk=report.pk), ProgressReport.objects.get(pk=report.pk)
    accept_report(theirs, reviewer=zhao, today=TODAY)

    with pytest.raises(StaleError, match="赵督查"):
        return_report(mine, reviewer=chen, reason="口径不对")

    report.refresh_from_db()
    assert (report.state, report.reviewer, report.return_reason) == (ReportState.ACCEPTED, zhao, "")


def test_a_return_keeps_its_reason_and_changes_no_light(pledge, lin, chen):
    report = return_report(submit(pledge, lin), reviewer=chen, reason=" 含续贷 0.3 亿元 ")

    assert (report.state, report.return_reason) == (ReportState.RETURNED, "含续贷 0.3 亿元")
    assert light_of(pledge) == Light.GREY


def test_a_return_without_a_reason_is_refused(pledge, lin, chen):
    report = submit(pledge, lin)

    with pytest.raises(ValidationError):
        return_report(report, reviewer=chen, reason="  ")

    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_after_a_return_the_same_day_can_be_said_again(pledge, lin, chen):
    return_report(submit(pledge, lin), reviewer=chen, reason="口径不对")

    assert submit(pledge, lin, said(49)).corrects is None


def test_a_correction_points_back_and_replaces(pledge, lin, chen):
    first = accepted(pledge, as_of=JUNE_30, value=90, reviewer=chen, author=lin)

    correction = submit(pledge, lin, said(9, note="多打了一个零"))
    assert correction.corrects == first
    assert light_of(pledge) == Light.GREEN

    accept_report(correction, reviewer=chen, today=TODAY)
    assert light_of(pledge) == Light.RED


def test_only_the_author_withdraws_and_only_while_it_waits(pledge, lin, wu, chen):
    report = submit(pledge, lin)
    with pytest.raises(PermissionDenied):
        withdraw_report(report, author=wu)

    assert withdraw_report(report, author=lin).state == ReportState.WITHDRAWN
    with pytest.raises(StaleError):
        accept_report(report, reviewer=chen, today=TODAY)


def test_what_was_said_is_neither_edited_nor_deleted(pledge, lin):
    report = submit(pledge, lin)
    report.value = Decimal(99)

    with pytest.raises(TypeError):
        report.save()
    with pytest.raises(TypeError):
        report.delete()


def test_a_shared_pledge_has_one_number_and_two_lights(pledge, campaign, elsewhere, wu, chen):
    share = PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)

    report = submit(share, wu)
    accept_report(report, reviewer=chen, today=TODAY)

    assert report.pledge == pledge
    assert {light_of(pledge), light_of(share)} == {Light.GREEN}
    assert Pledge.objects.counted().count() == 1


def test_two_inserts_at_once_are_told_apart(pledge, lin, monkeypatch):
    """The check passes, then the database refuses: the loser is told, nothing is written."""
    submit(pledge, lin)
    monkeypatch.setattr("pledges.actions.reports.faults_in", lambda *_args, **_kwargs: [])

    with pytest.raises(StaleError):
        submit(pledge, lin)

    assert ProgressReport.objects.count() == 1


def test_a_report_without_a_light_change_records_none(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 5, 31), value=45, reviewer=chen, author=lin)
    LightChange.objects.create(pledge=pledge, day=TODAY, light=Light.GREEN, reason="on_track")

    accept_report(submit(pledge, lin), reviewer=chen, today=TODAY)

    assert LightChange.objects.count() == 1


def test_a_stale_form_on_an_empty_book_gets_a_sentence(pledge, lin):
    with pytest.raises(StaleError):
        submit(pledge, lin, seen=7)


@pytest.mark.parametrize("becomes", ["withdrawn", "returned"])
def test_a_form_whose_report_came_to_nothing_says_so(pledge, lin, chen, becomes):
    key = uuid4()
    report = submit_report(pledge, said(), author=lin, key=key, today=TODAY)
    if becomes == "withdrawn":
        withdraw_report(report, author=lin)
    else:
        return_report(report, reviewer=chen, reason="请附名单")

    with pytest.raises(ConflictingKeyError, match=str(ReportState(becomes).label)):
        submit_report(pledge, said(), author=lin, key=key, today=TODAY)

    assert ProgressReport.objects.waiting().count() == 0
