"""A campaign's plan for machines."""

from typing import Any

from django.core.management.base import CommandParser

from pledges.actions.audit import record_command
from pledges.exports.plans_json import plan_json
from pledges.management.door import Door, campaign_named, json_format


class Command(Door):
    help = "Print a campaign's plan: an array with one object per milestone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="its code, such as wujin-2022")
        json_format(parser)

    def handle(self, *, campaign: str, **_options: Any) -> None:
        found = campaign_named(campaign)
        record_command("export_plan", found, campaign=campaign)
        self.emit(plan_json(found))
