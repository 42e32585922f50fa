"""The kept counts of big campaigns, counted anew or only checked."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now
from django.utils.translation import gettext as _

from pledges.actions.audit import record_command
from pledges.actions.boards import drop_wrong_boards, keep_boards
from pledges.errors import FaultsError
from pledges.management.door import Door
from pledges.models import KeptBoard


class Command(Door):
    help = (
        "Count the kept boards of big campaigns anew. Safe at any time; meanwhile pages count for themselves."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only count again, and say what is wrong")

    def handle(self, *, check: bool, **_options: Any) -> None:
        if check and (wrong := drop_wrong_boards()):
            raise FaultsError(_("Wrong and let go: %(number)s kept boards.") % {"number": wrong})
        if not check:
            KeptBoard.objects.update(is_stale=True)
            keep_boards(now=now())
            record_command("rebuild_boards", None)
        kept = KeptBoard.objects.filter(is_whole=True, is_stale=False).count()
        self.stdout.write(_("Kept boards: %(number)s.") % {"number": kept})
