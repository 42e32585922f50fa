"""What the commands have in common: one clear line for a bad argument, UTF-8 over a pipe."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from pledges.errors import FaultsError
from pledges.models import Campaign, User
from pledges.rules.days import DayFault, parse_day


class Door(BaseCommand):
    """A command that answers a bad argument with one line and a non-zero exit, never with a traceback."""

    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # argparse prints the usage before the fault; --help still shows it.
        parser.print_usage = lambda *_file: None  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except FaultsError as fault:
            raise CommandError(str(fault)) from fault
        except BrokenPipeError:
            # The reader has gone, as `| head` does; what is left of the buffer has no reader either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None

    def emit(self, chunks: Iterable[str]) -> None:
        """Write text as UTF-8, whatever the terminal speaks."""
        if hasattr(self.stdout, "reconfigure"):
            self.stdout.reconfigure(encoding="utf-8")
        for chunk in chunks:
            self.stdout.write(chunk, ending="")
        self.stdout.flush()


def json_format(parser: CommandParser) -> None:
    """The one format there is; the option keeps room for others."""
    parser.add_argument("--format", choices=["json"], default="json", help="json (the default)")


def campaign_named(code: str) -> Campaign:
    """The campaign with a code, or a fault that says which there are."""
    found = Campaign.objects.filter(code=code).select_related("article").first()
    if found is None:
        known = ", ".join(Campaign.objects.shown().values_list("code", flat=True)) or "—"
        raise FaultsError(
            _("There is no campaign %(code)s; there are: %(known)s.") % {"code": code, "known": known}
        )
    return found


def person_named(username: str) -> User:
    """The person with a sign-in name who may still sign in."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise FaultsError(_("There is nobody with the sign-in name %(name)s.") % {"name": username})
    return found


def day_argument(text: str) -> date:
    """A day on the command line."""
    try:
        return parse_day(text)
    except DayFault:
        raise argparse.ArgumentTypeError(
            _("%(text)s is no day; write it as 2026-06-30.") % {"text": repr(text)}
        ) from None


def count_argument(text: str) -> int:
    """A number of rows on the command line: ASCII digits, at least one row."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_ROWS):
        raise argparse.ArgumentTypeError(
            _("%(text)s is no number from 1 to %(most)s.") % {"text": repr(text), "most": MOST_ROWS}
        )
    return int(text)


MOST_ROWS = 10_000_000
"""A nation has ten million pledges; more is a slip of the hand."""
