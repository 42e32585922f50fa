"""Files behind reports: stored once and whole, taken back, attached, handed out only as they were sent."""

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from pledges.actions import evidence as actions
from pledges.actions.evidence import (
    attach,
    carry_over,
    discard,
    remove,
    upload,
    waiting_files,
)
from pledges.actions.reports import submit_report
from pledges.errors import ConflictingKeyError
from pledges.models import AuditEvent, Evidence
from pledges.queries.evidence import stored_bytes
from pledges.rules.files import MOST_FILES
from pledges.rules.reporting import Said
from tests.cast import MIDSUMMER, PledgeFactory
from tests.kit.files import PDF, docx, png, sent

pytestmark = pytest.mark.django_db
JUNE_30 = date(2022, 6, 30)


@pytest.fixture(autouse=True)
def folder(evidence_folder):
    return evidence_folder


def stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def pdf(number: int):
    return sent(f"{number}.pdf", PDF + f"%{number}\n%%EOF".encode())


def said(value, as_of=JUNE_30, note=""):
    return Said(as_of, Decimal(value), note)


def report_on(pledge, author, value, *, as_of=JUNE_30, key=None, note=""):
    return submit_report(pledge, said(value, as_of, note), author=author, key=key or uuid4(), today=MIDSUMMER)


def test_a_file_is_stored_with_its_fingerprint_under_a_name_nobody_chose(folder, pledge, lin):
    key = uuid4()

    evidence = upload(key, sent("..\\名单\u202e.pdf", PDF), user=lin, pledge=pledge)

    [path] = stored(folder)
    assert path.read_bytes() == PDF
    assert (evidence.name, evidence.kind, evidence.size) == ("名单.pdf", "pdf", len(PDF))
    assert evidence.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (evidence.form_key, evidence.uploaded_by, evidence.report) == (key, lin, None)
    assert str(path.relative_to(folder)) == evidence.file.name
    assert (len(path.name), path.parent.name, path.stat().st_mode & 0o777) == (32, path.name[:2], 0o640)


def test_the_same_file_twice_in_a_form_is_one(folder, pledge, lin):
    key = uuid4()

    first = upload(key, sent("a.pdf"), user=lin, pledge=pledge)
    again = upload(key, sent("b.pdf"), user=lin, pledge=pledge)
    elsewhere = upload(uuid4(), sent("a.pdf"), user=lin, pledge=pledge)

    assert (again, elsewhere != first) == (first, True)
    assert (Evidence.objects.count(), len(stored(folder))) == (2, 2)


def test_who_may_not_report_may_not_upload(folder, pledge, wu, chen):
    for user in (wu, chen):
        with pytest.raises(PermissionDenied):
            upload(uuid4(), sent(), user=user, pledge=pledge)

    assert stored(folder) == []


@pytest.mark.parametrize(
    "name, content", [("a.pdf", b""), ("a.exe", PDF), ("a.pdf", b"<html>"), ("a.docx", docx()[9:])]
)
def test_what_is_not_taken_leaves_nothing(folder, pledge, lin, name, content):
    with pytest.raises(ValidationError, match=name):
        upload(uuid4(), sent(name, content), user=lin, pledge=pledge)

    assert (stored(folder), Evidence.objects.count()) == ([], 0)


def test_the_limits_are_the_operators(settings, folder, pledge, lin):
    settings.EVIDENCE_MAX_MB, settings.EVIDENCE_QUOTA_MB = 1, 1
    large = PDF + b" " * (600 * 1024) + b"%%EOF"

    with pytest.raises(ValidationError, match=r"1\.2 MB"):
        upload(uuid4(), sent("a.pdf", large + large), user=lin, pledge=pledge)
    key = uuid4()
    upload(key, sent("a.pdf", large), user=lin, pledge=pledge)
    with pytest.raises(ValidationError, match=r"0\.6.*1\.0 MB"):
        upload(key, sent("b.pdf", large + b"\n"), user=lin, pledge=pledge)

    assert len(stored(folder)) == 1


def test_the_quota_counts_what_was_sent_and_leaves_other_departments_alone(
    settings, pledge, lin, wu, elsewhere
):
    settings.EVIDENCE_QUOTA_MB = 1
    large = PDF + b" " * (600 * 1024) + b"%%EOF"
    key = uuid4()
    upload(key, sent("a.pdf", large), user=lin, pledge=pledge)
    report_on(pledge, lin, 100, key=key)

    with pytest.raises(ValidationError):
        upload(uuid4(), sent("b.pdf", large), user=lin, pledge=pledge)
    theirs = PledgeFactory(campaign=pledge.campaign, department=elsewhere)
    assert upload(uuid4(), sent("b.pdf", large), user=wu, pledge=theirs)


def test_what_a_partner_sends_is_the_partners(settings, pledge, wu, elsewhere):
    settings.EVIDENCE_QUOTA_MB = 1
    partner = PledgeFactory(campaign=pledge.campaign, department=elsewhere, shared_with=pledge)
    key = uuid4()
    upload(key, sent("a.pdf", PDF), user=wu, pledge=partner)
    report_on(partner, wu, 90, key=key)

    assert (stored_bytes(elsewhere), stored_bytes(pledge.department)) == (len(PDF), 0)


def test_a_form_takes_only_so_many_files(folder, pledge, lin):
    key = uuid4()
    for number in range(MOST_FILES):
        upload(key, pdf(number), user=lin, pledge=pledge)

    with pytest.raises(ValidationError, match="10"):
        upload(key, pdf(MOST_FILES), user=lin, pledge=pledge)
    assert upload(key, pdf(0), user=lin, pledge=pledge)  # it is there already

    assert len(stored(folder)) == MOST_FILES


def test_nobody_puts_files_into_another_persons_form(folder, pledge, lin, boss):
    key = uuid4()
    theirs = upload(key, sent(), user=lin, pledge=pledge)

    with pytest.raises(ValidationError):
        upload(key, sent(), user=boss, pledge=pledge)
    other = upload(key, sent("b.png", png()), user=boss, pledge=pledge)
    report = report_on(pledge, lin, 100, key=key)

    assert (list(report.evidence.all()), len(stored(folder))) == ([theirs], 2)
    assert Evidence.objects.get(pk=other.pk).report is None


def row_that_fails(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise IntegrityError("provoked")

    monkeypatch.setattr(actions, "_row", refuse)


def test_without_a_row_the_file_goes(monkeypatch, folder, pledge, lin):
    row_that_fails(monkeypatch)

    with pytest.raises(IntegrityError):
        upload(uuid4(), sent(), user=lin, pledge=pledge)

    assert stored(folder) == []


def test_twin_without_clearing_up_the_file_stays(monkeypatch, folder, pledge, lin):
    row_that_fails(monkeypatch)
    monkeypatch.setattr(actions, "discard", lambda _path: None)

    with pytest.raises(IntegrityError):
        upload(uuid4(), sent(), user=lin, pledge=pledge)

    assert len(stored(folder)) == 1


def test_a_file_that_cannot_be_deleted_is_left_for_the_sweep(folder):
    (folder / "ab" / "abc").mkdir(parents=True)
    (folder / "ab" / "abc" / "x").touch()

    discard("ab/abc")

    assert len(stored(folder)) == 1


def test_ones_own_file_is_taken_back_before_it_is_sent(
    folder, pledge, lin, wu, django_capture_on_commit_callbacks
):
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)

    assert remove(evidence, user=wu) is False
    with django_capture_on_commit_callbacks(execute=True):
        assert remove(evidence, user=lin) is True
    assert remove(evidence, user=lin) is False

    assert (stored(folder), Evidence.objects.count()) == ([], 0)


def test_what_was_sent_is_not_taken_back(folder, pledge, lin, django_capture_on_commit_callbacks):
    key = uuid4()
    evidence = upload(key, sent(), user=lin, pledge=pledge)
    report_on(pledge, lin, 100, key=key)

    with django_capture_on_commit_callbacks(execute=True):
        assert remove(evidence, user=lin) is False

    assert len(stored(folder)) == 1


def test_the_row_goes_before_the_file(monkeypatch, folder, pledge, lin):
    """Until the commit the file stays: a rollback must not leave a row without one."""
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)

    remove(evidence, user=lin)  # the test's own transaction is open

    assert len(stored(folder)) == 1


def test_somebody_quicker_has_taken_it_back(folder, pledge, lin, monkeypatch):
    """Between the look and the deletion another tab was quicker."""
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)
    found = Evidence.objects.filter(pk=evidence.pk)

    class Quicker:
        def filter(self, **_kwargs):
            rows = list(found)
            found.delete()
            return rows

    assert actions.forget(Quicker()) == 0
    assert len(stored(folder)) == 1


def test_a_form_that_is_renewed_keeps_its_files(pledge, lin, wu):
    old, new = uuid4(), uuid4()
    evidence = upload(old, sent(), user=lin, pledge=pledge)

    carry_over(old, new, user=wu)
    assert waiting_files(old, lin) == 1
    carry_over(old, new, user=lin)

    assert (waiting_files(old, lin), waiting_files(new, lin), waiting_files(new, wu)) == (0, 1, 0)
    evidence.refresh_from_db()
    assert evidence.form_key == new


def test_the_files_of_a_form_become_the_reports(pledge, lin, wu):
    key = uuid4()
    mine = [upload(key, pdf(number), user=lin, pledge=pledge) for number in (1, 2)]
    other = upload(uuid4(), pdf(3), user=lin, pledge=pledge)

    report = report_on(pledge, lin, 50, key=key)

    assert list(report.evidence.all()) == mine
    assert list(Evidence.objects.loose()) == [other]
    assert attach(report) == {}
    payload = AuditEvent.objects.get(action="report.submit").payload
    assert all(evidence.sha256 in payload for evidence in mine)


def test_a_form_sent_again_with_another_file_is_another_form(pledge, lin):
    key = uuid4()
    upload(key, pdf(1), user=lin, pledge=pledge)
    report = report_on(pledge, lin, 50, key=key)

    upload(key, pdf(1), user=lin, pledge=pledge)
    assert report_on(pledge, lin, 50, key=key) == report
    upload(key, pdf(2), user=lin, pledge=pledge)
    with pytest.raises(ConflictingKeyError):
        report_on(pledge, lin, 50, key=key)
