"""Reports from a sheet: dry unless told to commit."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.imports import import_reports
from pledges.errors import FaultsError
from pledges.importers.reports import Outcome, read_reports
from pledges.management.door import Door, person_named
from pledges.models import User
from pledges.permissions import is_reviewer


class Command(Door):
    help = "Take reports from a sheet with the columns pledge, as_of, value, note. Dry without --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv or .xlsx file")
        parser.add_argument("--by", required=True, metavar="USER", help="sign-in name of the one who reports")
        parser.add_argument("--accept-by", metavar="USER", help="sign-in name of the one who accepts")
        parser.add_argument("--commit", action="store_true", help="save; without it nothing is")

    def handle(self, *, file: Path, by: str, **options: Any) -> None:
        author, today = person_named(by), localdate()
        reviewer = reviewer_named(options["accept_by"], author)
        outcome = read_reports(
            file.name, content_of(file), author=author, is_accepted=reviewer is not None, today=today
        )
        if options["commit"]:
            import_reports(outcome.new, author=author, reviewer=reviewer, today=today)
        self.stdout.write(summary(outcome, is_committed=options["commit"]))


def reviewer_named(username: str | None, author: User) -> User | None:
    """Four eyes: a reviewer, but never the one who reports."""
    if username is None:
        return None
    reviewer = person_named(username)
    if reviewer == author:
        raise FaultsError(_("Nobody accepts their own reports: --by and --accept-by name the same person."))
    if not is_reviewer(reviewer):
        raise FaultsError(_("%(name)s is no reviewer.") % {"name": username})
    return reviewer


def content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        words = {"file": file, "fault": fault.strerror}
        raise FaultsError(_("%(file)s cannot be read: %(fault)s.") % words) from fault


def summary(outcome: Outcome, *, is_committed: bool) -> str:
    counts = {"new": len(outcome.new), "unchanged": outcome.unchanged}
    if is_committed:
        return _("%(new)s reports saved, %(unchanged)s were there already.") % counts
    return (
        _("%(new)s reports are new, %(unchanged)s are there already. Nothing was saved; add --commit.")
        % counts
    )
