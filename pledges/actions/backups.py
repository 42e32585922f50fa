"""Put everything into a folder: the database at one moment, the files behind the reports, and what it all was."""

import hashlib
import os
import shutil
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.utils.translation import gettext as _

from pledges.actions.audit import record_command
from pledges.actions.dumps import Ask, dump, dump_name
from pledges.errors import FaultsError
from pledges.rules.chain import Head
from pledges.rules.manifests import Manifest, sums_text

MANIFEST, EVIDENCE, SUMS = "manifest.json", "evidence", "evidence.sha256"
PASSING = {"django_session"}
"""Tables that change with every click and are not part of what a backup promises."""


def make_backup(folder: Path, *, now: datetime) -> Manifest:
    """Everything that must not be lost, into a folder that is empty or not there yet.

    The database first, then the files: a file that the database names is there when it is copied, for files are
    never changed. The manifest last: a backup that broke off has none. Raises FaultsError.
    """
    _require_room(folder)
    umask = os.umask(0o077)
    try:
        said = dump(folder / dump_name(), lambda ask: _measured(ask, now))
        sums = copy_evidence(evidence_root(), folder / EVIDENCE)
        (folder / SUMS).write_text(sums_text(sums), encoding="utf-8")
        prints = digest_of(folder / dump_name()), digest_of(folder / SUMS)
        manifest = replace(said, database_sha256=prints[0], evidence_sha256=prints[1])
        (folder / MANIFEST).write_text(manifest.text, encoding="utf-8")
    except OSError as fault:
        raise FaultsError(_("%(folder)s: %(fault)s") % {"folder": folder, "fault": fault.strerror}) from fault
    finally:
        os.umask(umask)
    record_command("backup", folder=folder, files=len(sums), head=manifest.audit_id)
    return manifest


def _require_room(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_taken = any(folder.iterdir())
    except OSError as fault:
        raise FaultsError(_("%(folder)s: %(fault)s") % {"folder": folder, "fault": fault.strerror}) from fault
    if is_taken:
        raise FaultsError(
            _("%(folder)s is not empty; every backup has a folder of its own.") % {"folder": folder}
        )


def _measured(ask: Ask, now: datetime) -> Manifest:
    head = ask("SELECT id, row_hash FROM pledges_auditevent ORDER BY id DESC LIMIT 1")
    end = Head(*head[0]) if head else Head()
    migrations = ask("SELECT app, name FROM django_migrations")
    return Manifest(
        made_at=now.isoformat(timespec="seconds"),
        vendor=connection.vendor,
        database=dump_name(),
        database_sha256="",
        evidence_sha256="",
        audit_id=end.id,
        audit_hash=end.hash,
        counts=counts(ask),
        migrations=sorted(f"{app}.{name}" for app, name in migrations),
        versions={"django": django.get_version(), "python": sys.version.split()[0]},
    )


def counts(ask: Ask) -> dict[str, int]:
    """How many rows each table has."""
    tables = sorted(set(connection.introspection.table_names()) - PASSING)
    return {table: ask(f'SELECT COUNT(*) FROM "{table}"')[0][0] for table in tables}  # noqa: S608  our own names


def evidence_root() -> Path:
    return Path(storages["evidence"].location)  # type: ignore[attr-defined]


def copy_evidence(source: Path, target: Path) -> dict[str, str]:
    """Copy every file and take its fingerprint; the names are below the folder."""
    sums = {}
    for path in sorted(each for each in source.rglob("*") if each.is_file()):
        name = path.relative_to(source).as_posix()
        (target / name).parent.mkdir(
            mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True
        )
        if not (target / name).exists():
            shutil.copyfile(path, target / name)
            (target / name).chmod(settings.FILE_UPLOAD_PERMISSIONS)
        sums[name] = digest_of(target / name)
    return sums


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
