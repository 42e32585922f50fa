"""The rehearsal's mailbox is not empty on a day of rest: it holds the letters of the working day before."""

from datetime import date, datetime, time

from django.utils import timezone

from pledges.actions.letters import gather_letters
from pledges.actions.post import send_letters
from pledges.actions.reminders import plan_reminders
from pledges.queries.workdays import office_calendar

POST_TIME = time(8, 30)


def send_last_letters(*, today: date) -> None:
    """On a day of rest, write the letters of the last working day as of that morning. Safe to repeat.

    For the embedded mode only, where letters stay on this machine: elsewhere nothing is ever sent for
    a day that is over. On a working day the minute tick does the same for today.
    """
    day = office_calendar().on_or_before(today)
    if day == today:
        return
    morning = timezone.make_aware(datetime.combine(day, POST_TIME))
    plan_reminders(today=day)
    gather_letters(now=morning)
    send_letters(clock=lambda: morning)
