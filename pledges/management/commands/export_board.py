"""A campaign's board of a day for machines."""

from typing import Any

from django.core.management.base import CommandParser

from pledges.actions.audit import record_command
from pledges.exports.plans_json import board_json
from pledges.management.door import Door, campaign_named, day_argument, json_format


class Command(Door):
    help = "Print what the overview of a campaign shows for a day, with every pledge's judgement."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="its code, such as wujin-2022")
        parser.add_argument(
            "--on", type=day_argument, required=True, metavar="DATE", help="such as 2022-06-30"
        )
        json_format(parser)

    def handle(self, *, campaign: str, **options: Any) -> None:
        found = campaign_named(campaign)
        record_command("export_board", found, campaign=campaign, day=options["on"])
        self.emit(board_json(found, day=options["on"]))
