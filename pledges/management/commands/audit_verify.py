"""Is what happened still written as it was written? For a nightly timer and for an inspection."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.actions.audit import record
from pledges.choices import AuditOutcome
from pledges.errors import FaultsError
from pledges.management.door import Door
from pledges.queries.audits import Examination, examine


class Command(Door):
    help = "Walk the audit chain and compare it with the anchors. Exit 1 if anything was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", type=Path, metavar="FILE", help="another copy of the anchors")

    def handle(self, *, anchors: Path | None, **_options: Any) -> None:
        if anchors and not anchors.is_file():
            raise FaultsError(_("%(file)s does not exist.") % {"file": anchors})
        found = examine(anchors or settings.AUDIT_ANCHORS)
        outcome = AuditOutcome.OK if found.is_whole else AuditOutcome.ERROR
        said = {"rows": found.rows, "faults": found.faults, "hash": found.end.hash}
        record("audit.verify", actor=None, name="manage.py audit_verify", after=said, outcome=outcome)
        if not found.is_whole:
            raise CommandError(broken_words(found))
        words = _("The audit chain is whole: %(rows)d rows, the last one is %(hash)s.")
        self.stdout.write(words % {"rows": found.rows, "hash": found.end.hash})


def broken_words(found: Examination) -> str:
    """Everything that is wrong, the first row first; of very many faults only the first."""
    more = found.faults - len(found.words)
    rest = [ngettext("And %(more)d more.", "And %(more)d more.", more) % {"more": more}] if more else []
    return "\n".join([_("The audit chain is broken."), *found.words, *rest])
