"""What happened to pledges since the last briefing beside their lights: deadlines put off, pledges closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import TruncDate

from pledges.models import Briefing, Campaign, Closing, Extension

Told = dict[str, list[int]]
EXTENSIONS, CLOSINGS = "extensions", "closings"


@dataclass(frozen=True, slots=True)
class Course:
    """The extensions granted and the closings made since the last briefing, the oldest first."""

    extensions: list[Extension]
    closings: list[Closing]
    told: Told
    """What this briefing and those of the same day before it have named: the next one names none of it again."""


def course_since(campaign: Campaign, previous: Briefing | None, *, than: date | None, day: date) -> Course:
    """What was granted and closed by the end of a day and no briefing has named yet. Two queries.

    What was decided on the last briefing's own day, after it was issued, is told by the next one.
    Before the first briefing it is what happened since the day compared with.
    """
    since, named = _since(campaign, previous, than)
    extensions = _granted(campaign, since, named.get(EXTENSIONS, []), day=day)
    closings = _closed(campaign, since, named.get(CLOSINGS, []), day=day)
    kept = named if previous and previous.day == day else {}
    told = {
        EXTENSIONS: [*kept.get(EXTENSIONS, []), *_ids(extensions)],
        CLOSINGS: [*kept.get(CLOSINGS, []), *_ids(closings)],
    }
    return Course(extensions, closings, told)


def _since(campaign: Campaign, previous: Briefing | None, than: date | None) -> tuple[Q, Told]:
    """From which day on, and what of it has been named; a briefing of an older shape named nothing one by one."""
    if previous is None:
        return Q(day__gt=than) if than else Q(day__gte=campaign.starts_on), {}
    told = previous.content.get("told")
    return (Q(day__gt=previous.day), {}) if told is None else (Q(day__gte=previous.day), told)


def _granted(campaign: Campaign, since: Q, named: list[int], *, day: date) -> list[Extension]:
    """Those that moved a deadline, whatever became of it afterwards."""
    found = Extension.objects.granted().annotate(day=TruncDate("decided_at")).filter(since, day__lte=day)
    own = found.filter(milestone__pledge__campaign=campaign).exclude(pk__in=named)
    return list(own.select_related("milestone__pledge__department").order_by("decided_at", "pk"))


def _closed(campaign: Campaign, since: Q, named: list[int], *, day: date) -> list[Closing]:
    """Those that were not opened again by the end of the day."""
    found = Closing.objects.annotate(day=TruncDate("closed_at")).filter(since, day__lte=day)
    still = found.filter(Q(reopened_at__isnull=True) | Q(reopened_at__date__gt=day))
    own = still.filter(pledge__campaign=campaign).exclude(pk__in=named)
    related = own.select_related("pledge__department").prefetch_related("pledge__milestones")
    return list(related.order_by("closed_at", "pk"))


def _ids(rows: Iterable[Any]) -> list[int]:
    return [row.pk for row in rows]
