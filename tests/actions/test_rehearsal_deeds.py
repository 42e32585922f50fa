"""What else happens in the rehearsal: every page has something to show, once, and by the rules."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from pledges.actions import rehearsal_figures as figures
from pledges.actions.evidence import contents_of
from pledges.actions.orders import load_orders
from pledges.actions.rehearsal import load_rehearsal
from pledges.actions.rehearsal_deeds import _to_put_off, play_rehearsal
from pledges.choices import CampaignKind, ExtensionState, ReportState
from pledges.errors import StaleError
from pledges.models import (
    AuditEvent,
    Blocker,
    Closing,
    Directive,
    Evidence,
    Extension,
    LedgerEntry,
    Pledge,
    ProgressReport,
    Standing,
    User,
)
from pledges.queries.audits import examine
from pledges.queries.ledger_entries import claims_on, ledgers_of
from pledges.queries.reviews import queue_for
from tests.cast import PledgeFactory

pytestmark = pytest.mark.django_db

AUTUMN, NEW_YEAR, LABEL = date(2026, 11, 21), date(2026, 1, 1), "演练数据"
TABLES = (AuditEvent, Blocker, Closing, Directive, Evidence, Extension, LedgerEntry, ProgressReport)


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path, evidence_folder):
    settings.STATE_DIR = tmp_path


@pytest.fixture
def at(time_machine):
    def moved(day):
        time_machine.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
        load_rehearsal(day)
        return play_rehearsal(day)

    return moved


def stock():
    return [rows.objects.count() for rows in TABLES], list(Standing.objects.order_by("pk").values_list("pk"))


def test_every_page_has_something_to_show(at):
    at(AUTUMN)

    states = {each.state for each in Extension.objects.all()}
    assert states == {ExtensionState.ASKED, ExtensionState.GRANTED, ExtensionState.REFUSED}
    assert {closing.reopened_at is None for closing in Closing.objects.all()} == {True, False}
    assert {blocker.removed_at is None for blocker in Blocker.objects.all()} == {True, False}
    crossing = {
        blocker.department.code == blocker.pledge.department.code for blocker in Blocker.objects.all()
    }
    assert crossing == {True, False}
    steps = {(bool(each.answered_at), bool(each.closed_at)) for each in Directive.objects.all()}
    assert steps == {(False, False), (True, False), (True, True)}
    assert Evidence.objects.loose().count() == 0
    assert Pledge.objects.filter(subset_of__isnull=False).exists()


def test_the_reviewer_finds_a_doubt_and_a_name_that_two_claim(at):
    at(AUTUMN)

    queue = queue_for(User.objects.get(username="demo-reviewer"), today=AUTUMN)
    doubted = [item for item in queue.items if item.report.confirmed]
    assert doubted
    listed = ProgressReport.objects.waiting().filter(entries__isnull=False).distinct().get()
    ledger = ledgers_of([listed])[listed.pk]
    assert len(claims_on(listed, ledger)) == 1
    assert listed.value == len(ledger.names)


def test_every_paper_says_what_it_is(at):
    at(AUTUMN)

    words = LABEL.encode("utf-16-be").hex().encode()
    for evidence in Evidence.objects.all():
        assert words in contents_of(evidence)
    counting = Evidence.objects.filter(report__state__in=ReportState.live)
    assert counting.values("sha256").distinct().count() == counting.count()


def test_histories_tell_of_it_and_the_chain_is_whole(at):
    at(AUTUMN)

    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {
        "blocker.raise",
        "extension.grant",
        "pledge.reopen",
        "directive.close",
        "report.submit",
    } <= actions
    assert examine().is_whole


def test_a_second_run_changes_nothing_on_this_day_and_the_next(at, time_machine):
    assert not at(AUTUMN).is_quiet
    before = stock()

    assert play_rehearsal(AUTUMN).is_quiet
    assert stock() == before
    assert load_rehearsal(AUTUMN).is_quiet
    at(date(2026, 11, 22))
    assert Blocker.objects.count() == before[0][1]


def test_what_is_printed_is_never_touched(at):
    load_orders(2022)
    at(AUTUMN)

    real = Pledge.objects.exclude(campaign__kind=CampaignKind.REHEARSAL)
    assert real.exists()
    said = AuditEvent.objects.exclude(pledge_id=None)
    assert not said.filter(pledge_id__in=real.values("pk")).exists()
    assert not Evidence.objects.filter(report__pledge__in=real).exists()


@pytest.mark.parametrize("day", [NEW_YEAR, date(2026, 3, 3), date(2026, 12, 31)])
def test_it_is_played_on_every_day_of_the_year(at, day):
    at(day)

    assert examine().is_whole


def test_without_a_rehearsal_nothing_is_played():
    assert play_rehearsal(AUTUMN).is_quiet


def test_what_the_rules_do_not_take_is_said_about_another(at, monkeypatch):
    taken, refused = figures.submit_report, []

    def submit(pledge, *args, **kwargs):
        if len(refused) < 2:
            refused.append(pledge)
            raise StaleError("x")
        return taken(pledge, *args, **kwargs)

    monkeypatch.setattr(figures, "submit_report", submit)
    at(AUTUMN)

    assert ProgressReport.objects.waiting().exclude(confirmed="").exclude(pledge__in=refused).exists()


def test_on_a_full_disk_the_rest_is_played(at, settings):
    settings.EVIDENCE_QUOTA_MB = 0
    at(AUTUMN)

    assert (Evidence.objects.count(), Closing.objects.count(), Blocker.objects.count()) == (0, 0, 4)


def test_only_deadlines_that_can_be_put_off_are(campaign, finance):
    today = date(2022, 6, 1)
    dues = [[date(2022, 5, 1)], [date(2022, 7, 1), date(2022, 7, 2)], [date(2022, 7, 1)]]
    passed, crowded, roomy = (
        PledgeFactory(campaign=campaign, department=finance, stones=[(day, 10) for day in days])
        for days in dues
    )
    lines = [SimpleNamespace(pledge=pledge) for pledge in (passed, crowded, roomy)]

    found = list(_to_put_off(SimpleNamespace(today=today, free=lambda _goes_on: lines)))

    assert [(stone.pledge, stone.due) for stone, _day in found] == [(roomy, date(2022, 7, 1))]
    assert [day > stone.due for stone, day in found] == [True]
