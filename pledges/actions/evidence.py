"""Files behind reports: stored, taken back, handed out. A file is on the disk before its row is in the database."""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from pledges.actions.audit import record
from pledges.errors import BrokenFileError
from pledges.models import Department, Evidence, Pledge, ProgressReport, User
from pledges.models.evidence import EvidenceQuerySet, evidence_storage
from pledges.permissions import can_report
from pledges.queries.evidence import stored_bytes
from pledges.refusals import file_fault_words
from pledges.rules.files import MEGABYTE, MOST_FILES, FileFault, Kind, in_megabytes, kind_of, shown_name
from ykplan.uploads import UnwrittenFile

log = logging.getLogger(__name__)


class _Measured(File):
    """A file that is fingerprinted while it is copied."""

    def __init__(self, content: UploadedFile) -> None:
        super().__init__(content.file, content.name)
        self.size, self.digest = content.size or 0, hashlib.sha256()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in super().chunks(chunk_size):
            self.digest.update(chunk)
            yield chunk


def upload(form_key: UUID, file: UploadedFile, *, user: User, pledge: Pledge) -> Evidence:
    """Store a file with a form that is not sent yet; the same file twice is one row.

    Raises PermissionDenied, and ValidationError with a sentence that names the file.
    """
    if not can_report(user, pledge):
        raise PermissionDenied
    name = shown_name(file.name or "")
    try:
        kind = _kind_of(file)
        path, digest = _store(file)
        fresh = Evidence(form_key=form_key, file=path, name=name, kind=kind.value, sha256=digest)
        fresh.size, fresh.uploaded_by = file.size or 0, user
        return _kept(fresh, pledge.department_id)
    except FileFault as fault:
        raise ValidationError(file_fault_words(fault, name)) from fault


@transaction.atomic
def use_again(form_key: UUID, earlier: Evidence, *, user: User, pledge: Pledge) -> Evidence:
    """A file that was sent or uploaded before, with another form, too: a row of its own, the bytes stay where they are.

    Whoever asks may see the file. Raises PermissionDenied, and ValidationError with a sentence that names it.
    """
    if not can_report(user, pledge):
        raise PermissionDenied
    fresh = Evidence(form_key=form_key, file=path_of(earlier), name=earlier.name, kind=earlier.kind)
    fresh.size, fresh.sha256, fresh.uploaded_by = earlier.size, earlier.sha256, user
    try:
        Department.objects.select_for_update().get(pk=pledge.department_id)  # first, as in uploading
        _hold(earlier)
        return _row(fresh, pledge.department_id, more=0)
    except FileFault as fault:
        raise ValidationError(file_fault_words(fault, earlier.name)) from fault


def _hold(evidence: Evidence) -> None:
    """Hold a row fast until the commit: who takes it back meanwhile waits, and then sees that its file is used."""
    if not Evidence.objects.select_for_update().filter(pk=evidence.pk).exists():
        raise FileFault("gone")
    if not evidence_storage().exists(path_of(evidence)):
        raise FileFault("gone")


def _kind_of(file: UploadedFile) -> Kind:
    if isinstance(file, UnwrittenFile):
        raise FileFault("no_room")
    most = settings.EVIDENCE_MAX_MB * MEGABYTE
    return kind_of(file.name or "", cast("BinaryIO", file.file), file.size or 0, most=most)


def _store(file: UploadedFile) -> tuple[str, str]:
    """Copy a file under a name that nobody chose; what cannot be written whole leaves nothing behind."""
    name = uuid4().hex
    path, content = f"{name[:2]}/{name}", _Measured(file)
    content.seek(0)
    storage = evidence_storage()
    try:
        storage.save(path, content)
        with storage.open(path) as stored:
            os.fsync(stored.fileno())  # a row that says "stored" must be true after a power cut
    except OSError as fault:
        log.exception("a file could not be stored")
        discard(path)
        raise FileFault("no_room") from fault
    return path, content.digest.hexdigest()


@transaction.atomic
def _kept(fresh: Evidence, department_id: int) -> Evidence:
    """The row of a stored file; a file without a row goes."""
    try:
        kept = _row(fresh, department_id, more=fresh.size)
    except BaseException:
        discard(path_of(fresh))
        raise
    if kept != fresh:
        discard(path_of(fresh))
    return kept


def _row(fresh: Evidence, department_id: int, *, more: int) -> Evidence:
    """The row, or the earlier one of the same file. One at a time in a department, so that room is room."""
    department = Department.objects.select_for_update().get(pk=department_id)
    same = Evidence.objects.filter(form_key=fresh.form_key, sha256=fresh.sha256).first()
    if same is None:
        _require_room(fresh, department, more)
        fresh.save()
        return fresh
    if same.uploaded_by_id != fresh.uploaded_by_id:
        raise FileFault("other_form")
    return same


def _require_room(fresh: Evidence, department: Department, more: int) -> None:
    if waiting_files(fresh.form_key, fresh.uploaded_by) >= MOST_FILES:
        raise FileFault("too_many", most=MOST_FILES)
    quota = settings.EVIDENCE_QUOTA_MB * MEGABYTE
    stored = stored_bytes(department)
    if more and stored + more > quota:
        raise FileFault("quota", stored=in_megabytes(stored), quota=in_megabytes(quota))


def path_of(evidence: Evidence) -> str:
    """Where its file lies in the store."""
    return str(evidence.file.name)


def discard(path: str) -> None:
    """Take a file from the disk. One that cannot be taken now is swept up later."""
    with suppress(OSError):
        evidence_storage().delete(path)


def remove(evidence: Evidence, *, user: User) -> bool:
    """Take one's own file back while its form is not sent. False where somebody, or the sweep, was first."""
    return forget(Evidence.objects.filter(pk=evidence.pk, uploaded_by=user)) == 1


@transaction.atomic
def forget(loose: EvidenceQuerySet) -> int:
    """Delete rows that no report has taken, then their files: after the commit, so that no row lacks its file."""
    gone = 0
    for evidence in loose.filter(report__isnull=True):
        deleted, _rows = Evidence.objects.filter(pk=evidence.pk, report__isnull=True).delete()
        if deleted:
            gone += 1
            transaction.on_commit(partial(_discard_unused, path_of(evidence)), robust=True)
    return gone


def _discard_unused(path: str) -> None:
    """A file goes with its last row: it may have been used again."""
    if not Evidence.objects.filter(file=path).exists():
        discard(path)


def carry_over(old: UUID, new: UUID, *, user: User) -> None:
    """A form that is opened anew keeps the files that were uploaded with it."""
    Evidence.objects.loose().filter(form_key=old, uploaded_by=user).update(form_key=new)


def waiting_files(form_key: UUID, author: User) -> int:
    """How many files wait for a report, held fast until it is there: nobody takes one back meanwhile."""
    loose = Evidence.objects.loose().filter(form_key=form_key, uploaded_by=author)
    return len(loose.select_for_update().values_list("pk", flat=True))


def attach(report: ProgressReport) -> dict[str, object]:
    """The files that its author uploaded with its form belong to the report from now on. Returns what to record."""
    loose = Evidence.objects.loose().filter(form_key=report.key, uploaded_by=report.author)
    if not loose.update(report=report):
        return {}
    return {"evidence": [f"{evidence.sha256} {evidence.name}" for evidence in report.evidence.all()]}


def contents_of(evidence: Evidence) -> bytes:
    """What was sent, if it is still that. Read whole, so that what was checked is what goes out.

    Raises BrokenFileError.
    """
    try:
        with evidence_storage().open(path_of(evidence)) as stored:
            contents = cast("bytes", stored.read())
    except OSError as fault:
        log.exception("evidence %s cannot be read", evidence.pk)
        raise BrokenFileError(is_missing=True) from fault
    if hashlib.sha256(contents).hexdigest() != evidence.sha256:
        log.error("evidence %s was changed on the disk", evidence.pk)
        raise BrokenFileError(is_missing=False)
    return contents


@transaction.atomic
def hand_out(evidence: Evidence, *, user: User) -> bytes:
    """The file for a person who may see it; that it was taken is put on record. Raises BrokenFileError."""
    contents = contents_of(evidence)
    pledge_id = evidence.report.pledge_id if evidence.report else None
    after = {"name": evidence.name, "sha256": evidence.sha256}
    record("evidence.download", evidence, actor=user, pledge_id=pledge_id, after=after)
    return contents
