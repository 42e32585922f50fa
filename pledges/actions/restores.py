"""Put a backup back: into an empty database only, and without mailing the past."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.anchors import drop_anchor
from pledges.actions.audit import newest_head, record_command
from pledges.actions.backups import (
    EVIDENCE,
    MANIFEST,
    SUMS,
    copy_evidence,
    counts,
    digest_of,
    evidence_root,
)
from pledges.actions.dumps import ask, load
from pledges.actions.letters import message_id
from pledges.choices import LetterKind, LetterState
from pledges.errors import FaultsError
from pledges.models import AuditEvent, Evidence, Letter, Pledge, Reminder, User
from pledges.queries.audits import examine
from pledges.rules.chain import Head
from pledges.rules.manifests import Manifest, differences, manifest_in, sums_in


@dataclass
class Restored:
    """What came back: the letters that wait for a decision, the files that did not come back."""

    manifest: Manifest
    held: int = 0
    missing: list[str] = field(default_factory=list)


def restore_backup(folder: Path, *, now: datetime) -> Restored:
    """Check the backup, take it, check what was taken.

    What waited to be sent is held until somebody decides; everybody signs in again. Raises FaultsError: before
    anything is changed where the folder is at fault, at the end where what came back is not what was put in.
    """
    manifest = checked(folder)
    _require_empty()
    load(folder / manifest.database)
    faults = list(_differences(manifest))
    call_command("migrate", verbosity=0, interactive=False)
    copy_evidence(folder / EVIDENCE, evidence_root())
    with transaction.atomic():
        Session.objects.all().delete()
        done = Restored(manifest, hold_letters(now=now), missing_evidence())
        faults += _breaks(manifest)
        drop_anchor(newest_head(), now=now, restored=True)
        said: dict[str, object] = {"made_at": manifest.made_at, "held": done.held, "missing": done.missing}
        record_command("restore", None, folder=folder, faults=faults, **said)
    if faults:
        raise FaultsError(*faults)
    return done


def checked(folder: Path) -> Manifest:
    """The manifest of a backup that is what it says it is, and that this version can read."""
    file = folder / MANIFEST
    manifest = manifest_in(file.read_text(encoding="utf-8")) if file.is_file() else None
    if manifest is None:
        raise FaultsError(
            _("%(folder)s holds no backup that was finished: no manifest.") % {"folder": folder}
        )
    if manifest.vendor != connection.vendor:
        words = _("This backup is of %(theirs)s, this database is %(ours)s.")
        raise FaultsError(words % {"theirs": manifest.vendor, "ours": connection.vendor})
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    if newer := sorted(set(manifest.migrations) - known):
        raise FaultsError(
            _("This backup is of a newer version: %(name)s is not known here.") % {"name": newer[0]}
        )
    if wrong := list(_changed_files(folder, manifest)):
        words = _("These files of the backup are missing or were changed: %(files)s")
        raise FaultsError(words % {"files": " ".join(wrong)})
    return manifest


def _changed_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    wanted = {manifest.database: manifest.database_sha256, SUMS: manifest.evidence_sha256}
    sums = folder / SUMS
    if sums.is_file():
        said = sums_in(sums.read_text(encoding="utf-8"))
        wanted |= {f"{EVIDENCE}/{name}": digest for name, digest in said.items()}
    for name, digest in wanted.items():
        if not (folder / name).is_file() or digest_of(folder / name) != digest:
            yield name


def _require_empty() -> None:
    """Nothing is ever overwritten: no people, no pledges, nothing that happened."""
    tables = set(connection.introspection.table_names())
    for model in (User, Pledge, AuditEvent):
        if model._meta.db_table in tables and model._base_manager.exists():  # noqa: SLF001
            raise FaultsError(_("This database is not empty; a backup is put back into an empty one only."))


def _differences(manifest: Manifest) -> Iterator[str]:
    """Tables that do not have the rows they should."""
    for table, wanted, there in differences(counts(ask), manifest.counts):
        words = _("%(table)s: %(wanted)d rows by the manifest, %(there)d in the database.")
        yield words % {"table": table, "wanted": wanted, "there": there}


def _breaks(manifest: Manifest) -> list[str]:
    """What is wrong with the chain that came back: it is whole, and ends where it ended."""
    found = examine()
    end = Head(manifest.audit_id, manifest.audit_hash)
    moved = [_("The audit chain does not end where the manifest says.")] if found.end != end else []
    return [*found.words, *moved]


def hold_letters(*, now: datetime) -> int:
    """Nothing that waited then is mailed now: it may have been told since, or be no longer true.

    Letters that had not left are held; what waited for a letter gets one that is held. The ledger shows both.
    """
    free = {"state": LetterState.HELD, "lease_token": None, "lease_until": None}
    held = Letter.objects.filter(state__in=LetterState.open).update(**free)
    waiting = Reminder.objects.waiting().filter(letter__isnull=True, letter_on__lte=localdate(now))
    for person in list(waiting.order_by("recipient").values_list("recipient", flat=True).distinct()):
        waiting.filter(recipient=person).update(letter=_held_letter(person, now=now))
        held += 1
    return held


def _held_letter(person: int, *, now: datetime) -> Letter:
    key = f"held|{person}|{now.isoformat(timespec='seconds')}"
    return Letter.objects.create(
        key=key,
        kind=LetterKind.EXTRA,
        recipient_id=person,
        day=localdate(now),
        due_at=now,
        next_try_at=now,
        message_id=message_id(key),
        state=LetterState.HELD,
    )


def missing_evidence() -> list[str]:
    """Files that the database names and the folder does not have, or not as they were."""
    root, missing = evidence_root(), []
    for evidence in Evidence.objects.only("file", "name", "sha256").order_by("pk").iterator():
        path = root / str(evidence.file.name)
        if not path.is_file() or digest_of(path) != evidence.sha256:
            missing.append(f"{evidence.pk} {evidence.name}")
    return missing
