"""One round of the minute tick by hand or by a timer: needs no broker."""

from typing import Any

from django.core.management.base import CommandError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.tick import tick
from pledges.management.door import Door


class Command(Door):
    help = "Do what is due now. Safe beside any number of others."

    def handle(self, **_options: Any) -> None:
        if failed := tick(today=localdate()):
            raise CommandError(_("Not done: %(duties)s; the log says why.") % {"duties": ", ".join(failed)})
