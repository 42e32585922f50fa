"""The letters of a day, written down and not sent."""

from typing import Any

from django.core.management.base import CommandParser

from pledges.exports.reminders_json import reminders_json
from pledges.management.door import Door, campaign_named, day_argument, json_format
from pledges.queries.workdays import office_calendar


class Command(Door):
    help = "Print who would be told what on a day. A rehearsal: nothing is sent and nothing is remembered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="its code, such as wujin-2022")
        parser.add_argument(
            "--on", type=day_argument, required=True, metavar="DATE", help="such as 2022-05-31"
        )
        json_format(parser)

    def handle(self, *, campaign: str, **options: Any) -> None:
        chunks = reminders_json(campaign_named(campaign), day=options["on"], calendar=office_calendar())
        self.emit(chunks)
