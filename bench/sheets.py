"""What does a full sheet cost, both ways? `python -m bench.sheets` from the root.

Makes a synthetic plan in a database of its own (or uses the one of `--state`, left by an earlier run), writes the
sheet of all its pledges, fills every row in, and sends it back: read, kept, looked at, taken. Prints seconds and the
largest memory of the process; exits 1 when the way back takes more than 30 seconds or 300 MB.
"""

import io
import os
import resource
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import uuid4

WITHIN_S, WITHIN_MB = 30, 300
MEGABYTE = 1024  # ru_maxrss is counted in kilobytes
OWNER = "bench-sheets"


def main(asked: Namespace) -> int:
    if asked.state:
        return measured_in(Path(asked.state), asked)
    with TemporaryDirectory() as folder:
        return measured_in(Path(folder), asked)


def measured_in(state: Path, asked: Namespace) -> int:
    """Make what is missing in processes of their own, measure in this one."""
    os.environ |= {"YKPLAN_EMBEDDED": "true", "YKPLAN_STATE": str(state), "DEBUG": "false"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ykplan.settings")
    manage(["migrate", "--verbosity=0"])
    if not (state / "made").exists():
        manage(
            ["make_plan", f"--pledges={asked.rows}", f"--departments={max(asked.rows // 40, 1)}", "--seed=7"]
        )
        (state / "made").touch()
    import django  # noqa: PLC0415  settings are read from the environment above

    django.setup()
    return measured(asked.rows)


def manage(words: list[str]) -> None:
    subprocess.run([sys.executable, "manage.py", *words], check=True, stdout=subprocess.DEVNULL)


def measured(rows: int) -> int:
    from django.utils.timezone import localdate  # noqa: PLC0415

    from pledges.exports.filling import render  # noqa: PLC0415
    from pledges.models import Campaign, Pledge  # noqa: PLC0415
    from pledges.queries.sheets import forms_of  # noqa: PLC0415

    campaign = Campaign.objects.filter(pledges__isnull=False).order_by("-pk")[0]
    campaign.completion_needs_evidence = False  # what keeps a promise is reported through its form
    campaign.save()
    today = min(localdate(), campaign.ends_on)
    pledges = Pledge.objects.filter(campaign=campaign)
    spent: dict[str, float] = {}
    with timed(spent, "download"):
        empty = render(forms_of(pledges, today=today), campaign, today=today)
    filled = filled_in(empty, campaign.pk, today)
    made = sent_back(filled, campaign, today, spent)
    back = sum(spent.values()) - spent["download"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items())
    sys.stdout.write(
        f"{rows} rows, {len(filled) // 1024} kB: {steps}; {made} reports; back {back:.1f} s, {memory:.0f} MB\n"
    )
    return 0 if made > 0.9 * rows and back <= WITHIN_S and memory <= WITHIN_MB else 1


def filled_in(empty: bytes, campaign: int, today: date) -> bytes:
    """Every row another figure than it was, with a note."""
    from openpyxl import load_workbook  # noqa: PLC0415

    from pledges.models import Pledge  # noqa: PLC0415
    from pledges.queries.board import for_judging  # noqa: PLC0415
    from pledges.queries.reports import books_of  # noqa: PLC0415

    pledges = {pledge.code: pledge for pledge in for_judging(Pledge.objects.filter(campaign=campaign))}
    books = books_of(pledges.values())
    book = load_workbook(io.BytesIO(empty))
    for row in book.worksheets[0].iter_rows(min_row=2):
        pledge = pledges[row[11].value]
        last = books[pledge.pk].last
        if today in books[pledge.pk].waiting_on:
            continue  # a figure of today waits for review; such a row stays empty
        was = last.value if last else Decimal(0)
        value = was - 1 if was >= 1 else was + 1
        row[8].value, row[9].value, row[10].value = today, value, "已核对台账，数据来自本单位统计。"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sent_back(filled: bytes, campaign: Any, today: date, spent: dict[str, float]) -> int:
    from pledges.actions.sheets import Read, keep_sheet, take_sheet  # noqa: PLC0415
    from pledges.importers.uploads import foretell, look_at, read_upload  # noqa: PLC0415
    from pledges.models import User  # noqa: PLC0415

    owner = User.objects.filter(username=OWNER).first() or User.objects.create_superuser(OWNER)
    with timed(spent, "read"):
        rows = read_upload("x.xlsx", filled, owner=owner)
    with timed(spent, "keep"):
        upload = keep_sheet(Read("x.xlsx", "0" * 64, rows), owner=owner, campaign=campaign, key=uuid4())
    with timed(spent, "look"):
        survey = look_at(upload, today=today)
    wrong = [(look.line, look.problems) for look in survey.looks if look.problems]
    if wrong:
        raise SystemExit(f"{len(wrong)} rows are refused: {wrong[:3]}")
    with timed(spent, "foretell"):
        foretell(survey.looks[:200], today=today)
    with timed(spent, "look again"):
        survey = look_at(upload, today=today)
    with timed(spent, "take"):
        taken = take_sheet(upload, survey.sayings, author=owner, today=today)
    return taken.made


@contextmanager
def timed(spent: dict[str, float], name: str) -> Iterator[None]:
    began = perf_counter()
    yield
    spent[name] = perf_counter() - began


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=5000, help="so many rows (5000)")
    parser.add_argument("--state", help="a folder for the database, kept afterwards")
    sys.exit(main(parser.parse_args()))
