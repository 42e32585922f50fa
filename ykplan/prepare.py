"""What must be true before the first page: tables, orders, rehearsal, static files."""

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils.timezone import localdate

from ykplan import stamps

DATA_STEPS = (
    ("准备数据库", "the database", ("migrate", "--no-input")),
    ("载入军令状", "the orders", ("load_orders",)),
    ("载入演练年度", "the rehearsal year", ("load_rehearsal",)),
)


def prepare_data(say: Callable[[str], None]) -> None:
    """Tables and rows. Skipped when neither the code, nor the seeds, nor the day have changed.

    The day, because the rehearsal goes on: every day brings the reports of that day.
    """
    stamp = settings.STATE_DIR / "data.stamp"
    if stamps.is_stamped(stamp, data_digest()):
        return
    stamp.unlink(missing_ok=True)
    for chinese, english, command in DATA_STEPS:
        say(f"{chinese}…  Preparing {english}.")
        run_quietly(*command)
    stamps.write_stamp(stamp, data_digest())


def data_digest() -> str:
    root = settings.BASE_DIR
    files = [
        root / "requirements.txt",
        *stamps.files_below(root / "seeds"),
        *stamps.files_below(root / "pledges", "*.py"),
    ]
    return stamps.digest_of(root, files, localdate().isoformat(), database_identity())


def database_identity() -> object:
    """A stamp beside a database that was deleted or put back from a copy must not count."""
    database = settings.DATABASES["default"]
    path = Path(database["NAME"])
    if database["ENGINE"].endswith("sqlite3"):
        return path.stat().st_ino if path.exists() else None
    return database["HOST"], database["PORT"], database["NAME"]


def prepare_static() -> None:
    root = settings.BASE_DIR
    stamp = settings.STATIC_ROOT / ".stamp"
    files = [root / "requirements.txt", *stamps.files_below(root / "static")]
    digest = stamps.digest_of(root, files)
    if stamps.is_stamped(stamp, digest):
        return
    run_quietly("collectstatic", "--no-input", "--clear")
    stamps.write_stamp(stamp, digest)


def run_quietly(*command: str) -> None:
    """The command's own lines go to a file: a person who starts the product reads five, not fifty."""
    log = settings.STATE_DIR / "log" / "prepare.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file, redirect_stdout(file), redirect_stderr(file):
        call_command(*command, stdout=file, stderr=file)
