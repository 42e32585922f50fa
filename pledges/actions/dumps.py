"""The database into one file and back: as it was at one moment, while people go on writing."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from pledges.errors import FaultsError

T = TypeVar("T")
Ask = Callable[[str], list[tuple]]
"""Asks the database, or a copy of it, a question in SQL."""

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def dump_name() -> str:
    return NAMES[connection.vendor]


def ask(sql: str) -> list[tuple]:
    """The database as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def dump(file: Path, measure: Callable[[Ask], T]) -> T:
    """Write the database into a file. Returns what was measured of exactly what is in it. Nobody waits."""
    return _dump_sqlite(file, measure) if connection.vendor == "sqlite" else _dump_postgresql(file, measure)


def _dump_sqlite(file: Path, measure: Callable[[Ask], T]) -> T:
    """In one step of SQLite's own backup; what is measured is the copy."""
    with (
        closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as source,
        closing(sqlite3.connect(file)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
        fine = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if fine != "ok":
            raise FaultsError(_("The copy of the database is damaged: %(fault)s.") % {"fault": fine})
        return measure(lambda sql: copy.execute(sql).fetchall())


def _dump_postgresql(file: Path, measure: Callable[[Ask], T]) -> T:
    """pg_dump looks at the very snapshot that is measured."""
    program = _program("pg_dump")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        snapshot = ask("SELECT pg_export_snapshot()")[0][0]
        measured = measure(ask)
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
        _run(program, *options, f"--file={file}")
    return measured


def load(file: Path) -> None:
    """Put a file of `dump` in place of this database, all of it or nothing."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
            source.backup(connection.connection)
        return
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    _run(_program("pg_restore"), *options, f"--dbname={connection.settings_dict['NAME']}", str(file))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        words = _("%(name)s is not installed here; it comes with the client programs of PostgreSQL.")
        raise FaultsError(words % {"name": name})
    return found


def _run(program: str, *options: str) -> None:
    """One of PostgreSQL's own programs, at our database; the password is on no command line."""
    told = connection.settings_dict
    keys = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    place = {variable: str(told[key]) for variable, key in keys.items() if told.get(key)}
    done = subprocess.run(  # noqa: S603  no word of it is typed by anybody
        [program, *options], env=os.environ | place, capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = {"name": Path(program).name, "fault": done.stderr.strip().partition("\n")[0]}
        raise FaultsError(_("%(name)s failed: %(fault)s") % words)
