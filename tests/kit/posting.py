"""Letters on their way out on one Wednesday, thirty days before a deadline; what became of their reminders."""

from datetime import date, datetime, time

from django.utils import timezone

from pledges.actions.post import send_letters
from pledges.models import Reminder

DUE = date(2022, 12, 30)
"""A Friday; thirty days before is Wednesday, 30 November."""
TODAY = date(2022, 11, 30)


def at(hour, minute=0, day=TODAY):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def send(hour=9, minute=0, day=TODAY):
    return send_letters(clock=lambda: at(hour, minute, day))


def fate(reminder=None):
    row = Reminder.objects.get() if reminder is None else reminder
    return row.state, row.dropped


class Broken:
    """A mail server that fails in one way at every letter."""

    def __init__(self, fault):
        self.fault = fault

    def send(self, letter, content, *, now):
        raise self.fault

    def close(self):
        pass


def rows(**which):
    found = Reminder.objects.filter(**which).order_by("recipient__username", "-step", "letter_on")
    return [
        (row.recipient.username, row.occasion, row.step, row.letter_on, row.state)
        for row in found.select_related("recipient")
    ]
