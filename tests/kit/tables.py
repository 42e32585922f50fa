"""The tables of SQLite, migrated once for many runs: what the migrations make is kept, and laid out again as a copy."""

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from ykplan import stamps

KEPT = settings.BASE_DIR / "var" / "tests"
SHAPED_BY = ("pledges/migrations", "pledges/models", "tests/kit/tables.py", "requirements.txt")
"""Changed, they make the tables anew. What else a migration asks the code for stands in the models."""


def kept() -> Path:
    """The file for the migrations as they are now."""
    root = settings.BASE_DIR
    places = [root / each for each in SHAPED_BY]
    files = [path for place in places for path in (stamps.files_below(place, "*.py") or [place])]
    return KEPT / f"{stamps.digest_of(root, files)[:16]}.sqlite3"


def lay_out() -> bool:
    """Put a copy where the tests of this process look. False: there is none, or the database is another."""
    if connection.vendor != "sqlite":
        return False
    try:
        shutil.copyfile(kept(), connection.settings_dict["TEST"]["NAME"])
    except FileNotFoundError:
        return False
    return True


def keep() -> None:
    """Called when the migrations have just run. Whoever comes second overwrites with the same."""
    if connection.vendor != "sqlite":
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    for older in KEPT.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    made = KEPT / f"{os.getpid()}.part"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(made)])
    made.replace(kept())
