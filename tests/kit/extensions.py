"""More time for a deadline of 30 June: asked for on the twentieth, granted at once."""

from datetime import date, timedelta

from pledges.actions.extensions import ask_extension, grant_extension
from pledges.models import Milestone

TODAY, DUE, LATER, LATEST = date(2022, 6, 20), date(2022, 6, 30), date(2022, 8, 31), date(2022, 10, 31)
END = date(2022, 12, 31)
DAY = timedelta(days=1)


def ask(stone, by, *, new_due=LATER, reason="用地指标未下达", was_due=None, today=TODAY):
    stone = Milestone.objects.get(pk=stone.pk)
    said = {"new_due": new_due, "reason": reason, "was_due": was_due or stone.due}
    return ask_extension(stone, by=by, today=today, **said)


def grant(stone, by, reviewer, *, new_due=LATER, today=TODAY):
    return grant_extension(ask(stone, by, new_due=new_due), by=reviewer, answer="", today=today)


def days(stone):
    return tuple(Milestone.objects.values_list("due", "original_due", "put_off_on").get(pk=stone.pk))
