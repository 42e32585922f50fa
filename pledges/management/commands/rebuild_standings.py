"""The stored judgements of a campaign, made anew."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.audit import record_command
from pledges.actions.standings import rebuild_campaign
from pledges.management.door import Door, campaign_named


class Command(Door):
    help = "Judge every pledge of a campaign anew from its reports. Safe at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="its code, such as wujin-2022")

    def handle(self, *, campaign: str, **_options: Any) -> None:
        found = campaign_named(campaign)
        rebuild_campaign(found.pk, today=localdate())
        record_command("rebuild_standings", found, campaign=campaign)
        self.stdout.write(_("Judged anew: %(number)s pledges.") % {"number": found.pledges.count()})
