"""What can go wrong outside of the database is told in one sentence."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from pledges.actions import backups, dumps
from pledges.actions.backups import make_backup
from pledges.actions.dumps import _program, _run
from pledges.actions.people import note_sign_out
from pledges.errors import FaultsError
from pledges.models import AuditEvent

NOW = datetime(2022, 7, 4, 1, tzinfo=UTC)


def test_a_program_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(FaultsError, match="pg_dump"):
        _program("pg_dump")


def test_a_program_that_fails_is_told_by_its_first_line(db):
    with pytest.raises(FaultsError, match=r"^sh.*gone$"):
        _run("/bin/sh", "-c", "echo gone >&2; echo more >&2; exit 1")


def test_a_copy_that_is_damaged_is_no_backup(db, monkeypatch, tmp_path):
    if connection.vendor != "sqlite":
        return

    class Damaged(sqlite3.Connection):
        def backup(self, copy):
            """Copies nothing."""

        def execute(self, sql):
            return SimpleNamespace(fetchone=lambda: ("row 7 missing",))

    monkeypatch.setattr(dumps.sqlite3, "connect", lambda *_args: Damaged(":memory:"))
    with pytest.raises(FaultsError, match="row 7 missing"):
        dumps.dump(tmp_path / "x", lambda ask: None)


def test_a_disk_that_is_full_leaves_no_backup_that_looks_finished(db, monkeypatch, tmp_path):
    def full(_folder: Path, _target: Path) -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "dump", lambda file, measure: file.write_text("x"))
    monkeypatch.setattr(backups, "copy_evidence", full)
    with pytest.raises(FaultsError, match="No space left"):
        make_backup(tmp_path / "backup", now=NOW)

    assert not (tmp_path / "backup" / "manifest.json").exists()
    assert not AuditEvent.objects.exists()


def test_whose_session_was_over_already_signs_out_as_nobody(db):
    note_sign_out(user=None)

    assert not AuditEvent.objects.exists()
