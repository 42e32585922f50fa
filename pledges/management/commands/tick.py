"""One round of the minute tick by hand or by a timer: needs no broker."""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from pledges.actions.tick import tick
from pledges.management.door import Door
from pledges.queries.clock import database_now


class Command(Door):
    help = "Do what is due now. Safe beside any number of others."

    def handle(self, **_options: Any) -> None:
        if failed := tick(clock=database_now):
            raise CommandError(_("Not done: %(duties)s; the log says why.") % {"duties": ", ".join(failed)})
