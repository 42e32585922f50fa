"""Struck off the list: only what is met, reviewed and proved, by the supervision office, once."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import translation

from pledges.actions import closings as module
from pledges.actions.closings import close_pledge, reopen_pledge
from pledges.actions.extensions import ask_extension
from pledges.actions.reports import accept_report, submit_report
from pledges.actions.standings import rebuild_standings
from pledges.choices import ReportState
from pledges.errors import StaleError
from pledges.models import AuditEvent, Closing, Evidence, SourceArticle
from pledges.queries.board import in_campaign, with_light
from pledges.queries.closings import Hindrance, is_closed, ripe_among, ripeness_of
from pledges.rules.reporting import Said
from tests.cast import PledgeFactory, ReportFactory, accepted
from tests.kit.races import at_once

TODAY, END = date(2022, 7, 4), date(2022, 12, 31)
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(datetime(2022, 7, 4, 10, tzinfo=CHINA), tick=False)
    with translation.override("en"):
        yield


@pytest.fixture
def done(pledge, lin, zhao):
    """A pledge that is done and reviewed."""
    accepted(pledge, as_of=TODAY, value=100, reviewer=zhao, author=lin)
    return pledge


def close(pledge, by, words=""):
    return close_pledge(pledge, by=by, words=words, today=TODAY)


def hindrances(pledge, user):
    return ripeness_of(pledge, user, today=TODAY).hindrances


def is_ripe(pledge, user):
    """The same question to the database."""
    lit = with_light(in_campaign(pledge.campaign, user), day=TODAY)
    return ripe_among(lit, day=TODAY).filter(pk=pledge.pk).exists()


def report(pledge, by, value=101):
    said = Said(TODAY, Decimal(value), "更正")
    return submit_report(pledge, said, author=by, key=uuid4(), today=TODAY)


def a_file(report, by):
    file = ContentFile(b"x", name="x.pdf")
    rest = {"name": "x.pdf", "kind": "pdf", "size": 1, "sha256": "0" * 64, "uploaded_by": by}
    return Evidence.objects.create(report=report, form_key=uuid4(), file=file, **rest)


@pytest.mark.parametrize("role", ["chen", "boss"])
def test_the_supervision_office_closes_what_is_met_and_reviewed(done, role, request):
    by = request.getfixturevalue(role)

    closing = close(done, by, words=" 验收通过 ")

    assert (closing.pledge, closing.words, closing.closed_by) == (done, "验收通过", by)
    assert is_closed(done)
    assert [event.action for event in AuditEvent.objects.filter(action__startswith="pledge.")] == [
        "pledge.close"
    ]


@pytest.mark.parametrize("role", ["lin", "sun", "wu", "li"])
def test_nobody_else_closes_or_reopens(done, role, request):
    by = request.getfixturevalue(role)

    with pytest.raises(PermissionDenied):
        close(done, by)
    with pytest.raises(PermissionDenied):
        reopen_pledge(done, by=by, reason="复核")


def test_each_condition_is_asked_and_the_list_agrees(campaign, pledge, lin, chen, zhao):
    campaign.completion_needs_evidence = True
    campaign.save()
    found = [(hindrances(pledge, chen), is_ripe(pledge, chen))]
    last = accepted(pledge, as_of=TODAY - timedelta(days=1), value=100, reviewer=zhao, author=lin)
    found.append((hindrances(pledge, chen), is_ripe(pledge, chen)))
    a_file(last, lin)
    found.append((hindrances(pledge, chen), is_ripe(pledge, chen)))
    waiting = report(pledge, lin)
    found.append((hindrances(pledge, chen), is_ripe(pledge, chen)))
    accept_report(waiting, reviewer=zhao, today=TODAY)
    found.append((hindrances(pledge, chen), is_ripe(pledge, chen)))
    close(pledge, chen)
    found.append((hindrances(pledge, chen), is_ripe(pledge, chen)))

    assert found == [
        ([Hindrance.NOT_DONE], False),
        ([Hindrance.EVIDENCE], False),
        ([], True),
        ([Hindrance.WAITING], False),
        ([], True),  # what was proved when the goal was reached stays proved
        ([Hindrance.CLOSED], False),
    ]


def test_what_fell_below_the_goal_is_proved_anew(campaign, pledge, lin, chen, zhao):
    campaign.completion_needs_evidence = True
    campaign.save()
    days = [TODAY - timedelta(days=back) for back in (2, 1, 0)]
    first = accepted(pledge, as_of=days[0], value=100, reviewer=zhao, author=lin)
    a_file(first, lin)
    accepted(pledge, as_of=days[1], value=90, reviewer=zhao, author=lin)
    again = accepted(pledge, as_of=days[2], value=100, reviewer=zhao, author=lin)

    found = [(hindrances(pledge, chen), is_ripe(pledge, chen))]
    a_file(again, lin)
    found.append((hindrances(pledge, chen), is_ripe(pledge, chen)))

    assert found == [([Hindrance.EVIDENCE], False), ([], True)]


def test_an_extension_that_waits_is_decided_first(campaign, finance, lin, chen, zhao):
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 8, 1), 50), (END, 100)])
    stone = pledge.milestones.get(due=END)
    ask = {"new_due": date(2023, 1, 31), "reason": "验收推迟", "was_due": END, "today": TODAY}
    ask_extension(stone, by=lin, **ask)
    accepted(pledge, as_of=TODAY, value=100, reviewer=zhao, author=lin)

    assert (hindrances(pledge, chen), is_ripe(pledge, chen)) == ([Hindrance.EXTENSION], False)
    with pytest.raises(ValidationError, match="extension still waits"):
        close(pledge, chen)


def test_a_figure_from_print_needs_no_evidence(campaign, pledge, chen):
    campaign.completion_needs_evidence = True
    campaign.save()
    source = SourceArticle.objects.create(code="page", title="盘点", text="100家")
    ReportFactory(
        pledge=pledge, as_of=TODAY, value=100, author=None, source=source, state=ReportState.ACCEPTED
    )
    rebuild_standings([pledge])

    assert (hindrances(pledge, chen), is_ripe(pledge, chen)) == ([], True)


def test_nobody_closes_what_they_reported_themselves(pledge, boss, zhao, chen):
    accepted(pledge, as_of=TODAY, value=100, reviewer=zhao, author=boss)

    assert hindrances(pledge, boss) == [Hindrance.OWN]
    assert close(pledge, chen)


def test_closed_it_takes_no_figures_and_reopened_it_does(done, lin, chen, zhao):
    close(done, chen)
    with pytest.raises(StaleError, match="陈督查"):
        report(done, lin)

    closing = reopen_pledge(done, by=zhao, reason=" 数据有误 ")

    assert (closing.reopen_reason, closing.reopened_by, is_closed(done)) == ("数据有误", zhao, False)
    assert report(done, lin).state == ReportState.SUBMITTED
    assert AuditEvent.objects.filter(action="pledge.reopen").count() == 1


def test_a_shared_pledge_is_closed_with_its_book(done, elsewhere, wu, chen):
    other = PledgeFactory(campaign=done.campaign, department=elsewhere, shared_with=done)

    close(other, chen)

    assert Closing.objects.get().pledge == done
    assert is_closed(other)
    with pytest.raises(StaleError):
        report(other, wu)


def test_reopening_needs_a_reason_and_something_closed(done, chen):
    with pytest.raises(ValidationError):
        reopen_pledge(done, by=chen, reason=" \n")
    with pytest.raises(StaleError, match="not closed"):
        reopen_pledge(done, by=chen, reason="复核")


def test_a_double_click_closes_once_and_reopens_once(done, chen, zhao):
    assert close(done, chen) == close(done, chen)
    with pytest.raises(StaleError, match="陈督查"):
        close(done, zhao)
    first = reopen_pledge(done, by=chen, reason="复核")

    assert reopen_pledge(done, by=chen, reason="复核") == first
    with pytest.raises(StaleError, match="陈督查"):
        reopen_pledge(done, by=zhao, reason="复核")
    assert close(done, zhao).pk != first.pk


def test_a_form_that_showed_an_earlier_closing_changes_nothing(done, chen, zhao):
    first = close_pledge(done, by=chen, words="", today=TODAY, seen=0)
    reopen_pledge(done, by=zhao, reason="复核", seen=first.pk)
    with pytest.raises(StaleError, match="reopened by 赵督查"):
        close_pledge(done, by=chen, words="", today=TODAY, seen=0)
    second = close_pledge(done, by=chen, words="", today=TODAY, seen=first.pk)

    with pytest.raises(StaleError, match="closed by 陈督查"):
        reopen_pledge(done, by=zhao, reason="复核", seen=first.pk)

    assert list(Closing.objects.in_force()) == [second]
    reopen_pledge(done, by=zhao, reason="复核", seen=second.pk)
    with pytest.raises(StaleError, match="reopened by 赵督查"):
        reopen_pledge(done, by=zhao, reason="复核", seen=first.pk)


def test_the_database_keeps_one_closing_and_no_half_reopening(done, chen):
    closing = close(done, chen)

    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(pledge=done, closed_by=chen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.filter(pk=closing.pk).update(reopened_by=chen)


@pytest.mark.django_db(transaction=True)
def test_of_a_closing_and_a_report_at_once_one_comes_first(done, lin, chen):
    came = at_once(lambda: close(done, chen) and None, lambda: report(done, lin))

    # Either the report found it closed, or the closing found the report waiting.
    assert came.count(None) == 1
    assert is_closed(done) == (done.reports.waiting().count() == 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_is_told(done, chen, zhao):
    came = at_once(lambda: close(done, chen), lambda: close(done, zhao))

    assert ([type(each) for each in came].count(StaleError), Closing.objects.count()) == (1, 1)


def test_without_the_guard_a_closed_pledge_would_take_figures(done, lin, chen, monkeypatch):
    close(done, chen)
    monkeypatch.setattr("pledges.actions.reports.require_open", lambda _book: None)

    assert report(done, lin).state == ReportState.SUBMITTED
    assert module.require_open is not None
