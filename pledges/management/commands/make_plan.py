"""A plan made for measuring, and its removal."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.audit import record_command
from pledges.actions.plan_removal import remove_plans
from pledges.actions.plans import Order, make_plan
from pledges.errors import FaultsError
from pledges.management.door import Door, count_argument

REPORTS_EACH = 4


class Command(Door):
    help = "Make a synthetic plan for measuring, never mixed with real campaigns; or remove all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pledges", type=count_argument, metavar="N", help="so many pledges")
        parser.add_argument("--departments", type=count_argument, metavar="M", help="in so many departments")
        parser.add_argument(
            "--reports", type=reports_argument, metavar="R", help=f"reports in all ({REPORTS_EACH} a pledge)"
        )
        parser.add_argument(
            "--seed", type=count_argument, default=1, metavar="S", help="another seed, another plan"
        )
        parser.add_argument("--remove", action="store_true", help="remove every synthetic plan")

    def handle(self, *, remove: bool, pledges: int | None, departments: int | None, **options: Any) -> None:
        if remove:
            removed = remove_plans()
            record_command("make_plan", removed=removed)
            self.stdout.write(_("Removed: %(number)s plans.") % {"number": removed})
            return
        if pledges is None or departments is None:
            raise FaultsError(_("Say how many: --pledges N --departments M."))
        reports = REPORTS_EACH * pledges if options["reports"] is None else options["reports"]
        order = Order(pledges, departments, reports, options["seed"], localdate())
        made = make_plan(order)
        record_command("make_plan", made, made=made.code)
        self.stdout.write(_("Made: %(code)s.") % {"code": made.code})


def reports_argument(text: str) -> int:
    """A number of reports: none is a number too."""
    return 0 if text == "0" else count_argument(text)
