"""A sheet is kept, taken as a whole or not at all, taken once, and swept when nobody wants it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from pledges.actions import imports
from pledges.actions.imports import Saying
from pledges.actions.sheets import (
    KEPT_FOR,
    MOST_OPEN,
    Read,
    keep_sheet,
    note_download,
    sweep_sheets,
    take_sheet,
)
from pledges.actions.tick import tick
from pledges.errors import ConflictingKeyError, FaultsError, StaleError
from pledges.models import AuditEvent, Campaign, Closing, ProgressReport, SheetUpload
from pledges.rules.reporting import Said
from tests.cast import MIDSUMMER, PledgeFactory, ReportFactory, accepted

pytestmark = pytest.mark.django_db
READ = Read("a.xlsx", "0" * 64, [])


@pytest.fixture
def upload(lin, campaign):
    return keep_sheet(READ, owner=lin, campaign=campaign, key=uuid4())


def saying(pledge, value=5, line=2, day=date(2022, 6, 30), seen=0, note=""):
    return Saying(line, pledge, Said(day, Decimal(value), note), uuid4(), seen)


def take(upload, sayings, author):
    return take_sheet(upload, sayings, author=author, today=MIDSUMMER)


def actions():
    return list(AuditEvent.objects.values_list("action", flat=True))


def test_same_form_keeps_one_sheet(lin, campaign):
    key = uuid4()
    first = keep_sheet(READ, owner=lin, campaign=campaign, key=key)

    assert keep_sheet(READ, owner=lin, campaign=campaign, key=key) == first
    with pytest.raises(ConflictingKeyError):
        keep_sheet(Read("a.xlsx", "1" * 64, []), owner=lin, campaign=campaign, key=key)


def test_only_so_many_open_sheets_are_kept(upload, lin, campaign):
    for _more in range(MOST_OPEN):
        keep_sheet(READ, owner=lin, campaign=campaign, key=uuid4())

    assert (SheetUpload.objects.count(), SheetUpload.objects.filter(pk=upload.pk).exists()) == (
        MOST_OPEN,
        False,
    )


def test_sheet_is_taken_once_and_recorded(upload, pledge, lin):
    rows = [saying(pledge)]

    assert [take(upload, rows, lin).made, take(upload, rows, lin).made] == [1, 1]
    assert ProgressReport.objects.count() == 1
    assert actions() == ["report.submit", "sheet.taken"]


def test_several_days_of_one_pledge_are_checked_one_after_the_other(upload, pledge, lin):
    rows = [saying(pledge, 5, day=date(2022, 3, 31)), saying(pledge, 9, line=3)]

    assert take(upload, rows, lin).made == 2


def test_correction_says_what_it_corrects(upload, pledge, lin, chen):
    was = accepted(pledge, as_of=date(2022, 6, 30), value=4, reviewer=chen, author=lin)

    take(upload, [saying(pledge, seen=was.pk, note="更正")], lin)

    assert ProgressReport.objects.latest("id").corrects == was


@pytest.mark.parametrize("case", ["meanwhile", "fault", "evidence", "closed", "elsewhere"])
def test_one_bad_row_takes_none(case, upload, pledge, lin, chen, wu, campaign):
    other = PledgeFactory(campaign=campaign, department=pledge.department)
    rows = [saying(other), saying(pledge, line=3)]
    if case == "meanwhile":
        ReportFactory(pledge=pledge, as_of=date(2022, 3, 31), author=wu, value=Decimal(1))
    elif case == "fault":
        rows[1] = saying(pledge, "5.5", line=3)
    elif case == "evidence":
        Campaign.objects.update(completion_needs_evidence=True)
        rows[1] = saying(pledge, 100, line=3)
    elif case == "closed":
        Closing.objects.create(pledge=pledge, closed_by=chen)
    else:
        rows[1] = saying(PledgeFactory(campaign=campaign), line=3)
    before = ProgressReport.objects.count()

    with pytest.raises(FaultsError, match="3") as caught:
        take(upload, rows, lin)

    assert (len(caught.value.faults), ProgressReport.objects.count()) == (1, before)
    assert not SheetUpload.objects.filter(taken_at__isnull=False).exists()
    assert actions() == []


def test_without_the_question_somebodys_report_is_overtaken(upload, pledge, lin, wu, monkeypatch):
    ReportFactory(pledge=pledge, as_of=date(2022, 3, 31), author=wu, value=Decimal(1))
    monkeypatch.setattr(imports, "_refuse_overtaken", lambda sayings: None)

    assert take(upload, [saying(pledge)], lin).made == 1


def test_only_its_owner_takes_a_sheet(upload, pledge, boss):
    with pytest.raises(PermissionDenied):
        take(upload, [saying(pledge)], boss)


def test_sheet_that_is_gone_or_says_nothing_is_told(upload, pledge, lin):
    with pytest.raises(StaleError):
        take(upload, [], lin)
    SheetUpload.objects.all().delete()
    with pytest.raises(StaleError):
        take(upload, [saying(pledge)], lin)


def test_download_is_recorded(lin, campaign, finance):
    note_download(lin, campaign, finance, rows=3)
    note_download(lin, campaign, None, rows=3)

    assert actions() == ["sheet.download"] * 2


def test_what_nobody_confirmed_is_swept_and_what_was_taken_stays(upload, pledge, lin, campaign):
    taken = keep_sheet(READ, owner=lin, campaign=campaign, key=uuid4())
    take(taken, [saying(pledge)], lin)
    now = timezone.now()
    assert sweep_sheets(now=now + KEPT_FOR - timedelta(minutes=1)) == 0

    tick(clock=lambda: now + KEPT_FOR + timedelta(minutes=1))

    assert list(SheetUpload.objects.all()) == [taken]
