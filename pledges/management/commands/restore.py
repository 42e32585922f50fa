"""A backup, put back into an empty database."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.actions.restores import restore_backup
from pledges.management.door import Door


class Command(Door):
    help = "Check a backup and put it back into an empty database. Nothing that waited to be sent is sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder written by the command backup")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        done = restore_backup(folder.absolute(), now=now())
        said = {"made": done.manifest.made_at, "id": done.manifest.audit_id}
        self.stdout.write(_("Restored: the backup of %(made)s, up to row %(id)d of the audit.") % said)
        words = ngettext(
            "%(number)d letter is held: retry or cancel it in the ledger.",
            "%(number)d letters are held: retry or cancel them in the ledger.",
            done.held,
        )
        self.stdout.write(words % {"number": done.held})
        for name in done.missing:
            self.stdout.write(_("Evidence is missing: %(name)s") % {"name": name})
