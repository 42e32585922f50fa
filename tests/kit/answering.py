"""Directives of June 2022 and what became of their letters."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from pledges.choices import Occasion, ReminderState
from pledges.models import Reminder

DAY = timedelta(days=1)
JUNE = {n: date(2022, 6, n) for n in range(1, 31)}
MAY_30 = date(2022, 5, 30)
REST = {JUNE[n] for n in (3, 4, 5, 11, 12, 18, 19, 25, 26)}
"""The Dragon Boat Festival, and the weekends."""


def at(day, hour):
    return timezone.make_aware(datetime.combine(day, time(hour)))


def lines(**which):
    found = Reminder.objects.filter(**which).select_related("recipient", "letter").order_by("pk")
    return [(row.recipient.username, row.occasion, row.state, row.dropped) for row in found]


def told():
    found = Reminder.objects.filter(state=ReminderState.TOLD, occasion__in=Occasion.of_directives)
    return Counter(found.values_list("recipient__username", "letter__day", "occasion", "directive__words"))
