"""The rehearsal year, up to today."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.audit import record_command
from pledges.actions.facts import load_facts
from pledges.actions.last_letters import send_last_letters
from pledges.actions.rehearsal import load_rehearsal
from pledges.actions.rehearsal_deeds import play_rehearsal
from pledges.errors import FaultsError
from pledges.management.door import Door


class Command(Door):
    help = "Load the rehearsal of the current year, with made-up progress up to today. Embedded mode only."

    def handle(self, **_options: Any) -> None:
        if not settings.EMBEDDED:
            raise FaultsError(
                _("The rehearsal brings accounts with printed passwords: only with YKPLAN_EMBEDDED=true.")
            )
        today = localdate()
        # The pledges of the rehearsal speak of the same metrics as those of the orders.
        with transaction.atomic():
            lines = [*load_rehearsal(today).lines(), *play_rehearsal(today).lines(), *load_facts().lines()]
            record_command("load_rehearsal", done=lines)
        for line in lines:
            self.stdout.write(line)
        send_last_letters(today=today)
