"""The orders as data, into the database."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from pledges.actions.audit import record_command
from pledges.actions.facts import load_facts
from pledges.actions.orders import load_orders
from pledges.management.door import Door


class Command(Door):
    help = "Load the printed orders of a year and the printed figures of other years. A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, default=2022, help="the year of the orders (2022)")

    def handle(self, *, year: int, **_options: Any) -> None:
        with transaction.atomic():
            lines = [*load_orders(year).lines(), *load_facts().lines()]
            record_command("load_orders", year=year, done=lines)
        for line in lines:
            self.stdout.write(line)
