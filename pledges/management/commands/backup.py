"""Everything that must not be lost, into a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now
from django.utils.translation import gettext as _

from pledges.actions.backups import make_backup
from pledges.management.door import Door


class Command(Door):
    help = "Write the database, the evidence and a manifest into an empty folder. People may go on working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="an empty folder, or one that is not there yet")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        made = make_backup(folder.absolute(), now=now())
        words = _("Backup made: %(folder)s, up to row %(id)d of the audit.")
        self.stdout.write(words % {"folder": folder, "id": made.audit_id})
