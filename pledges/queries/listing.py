"""What the list needs beside the lights: what it sorts by, and how many stand behind its tabs."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, Subquery

from pledges.choices import Light
from pledges.models import Department, Milestone, ProgressReport
from pledges.models.plans import PledgeQuerySet, once_among
from pledges.queries.board import DUE_WITHIN, Counts, for_judging
from pledges.queries.closings import BOOK, closing_exists
from pledges.queries.counted import Kept
from pledges.queries.sums import COUNTED, NOW, OVERDUE, PASSED_UNMET, STRETCH, Sums, lights_in, total_of


def has_milestone(*, first: date, last: date) -> Exists:
    """Whether any milestone of a pledge falls into these days."""
    return Exists(Milestone.objects.filter(pledge=OuterRef("pk"), due__gte=first, due__lte=last))


def months_after(pledges: PledgeQuerySet, day: date) -> set[str]:
    """The months after a day in which any of these pledges has a milestone, as addresses write them. One query."""
    # Few deadlines come after it, so it goes from them to their pledges.
    stones = Milestone.objects.filter(Exists(pledges.order_by().filter(pk=OuterRef("pledge"))), due__gt=day)
    return {f"{month:%Y-%m}" for month in stones.dates("due", "month")}


def for_listing(pledges: PledgeQuerySet, *, day: date) -> PledgeQuerySet:
    """Pledges that can be sorted by their next milestone and by their newest accepted figure; `is_closed` each."""
    to_come = Milestone.objects.filter(pledge=OuterRef("pk"), due__gte=day).order_by()
    counting = ProgressReport.objects.accepted().known_by(day).order_by("-as_of")
    return (
        for_judging(pledges)
        .select_related("theme")
        .alias(book=BOOK)
        .annotate(is_closed=closing_exists(day=day))
        .alias(
            next_due=Subquery(to_come.values("pledge").annotate(first=Min("due")).values("first")),
            as_of=Subquery(counting.filter(pledge=OuterRef("book")).values("as_of")[:1]),
        )
    )


@dataclass(slots=True)
class Tabs:
    """How many pledges stand behind each of the common questions; `shared` are counted in another row."""

    lights: Counts = field(default_factory=Counts)
    overdue: int = 0
    stretch: int = 0
    due_soon: int = 0
    shared: int = 0

    @property
    def every(self) -> int:
        return self.lights.total

    @property
    def attention(self) -> int:
        """Yellow and red together."""
        return self.lights.attention


def tabs_of(lit: PledgeQuerySet, *, seen: PledgeQuerySet, day: date, kept: Kept | None = None) -> Tabs:
    """The counts behind the tabs of the list, each promise once. `kept` are those of all that are seen, if any.

    One query where they are kept, else three, of which one reads the campaign.
    """
    once = once_among(seen)
    soon = Milestone.objects.filter(due__gte=day, due__lte=day + DUE_WITHIN)
    # From the few deadlines to their pledges, not from every pledge to its deadlines.
    due_soon = lit.filter(once, pk__in=soon.order_by().values("pledge")).count()
    if kept:
        return _tabs_by(total_of(kept.rows), due_soon=due_soon)
    tabs = Tabs(due_soon=due_soon, shared=lit.filter(~once, shared_with__isnull=False).count())
    grouped = lit.filter(once).order_by().values_list("light", "light_reason", "stretch")  # type: ignore[misc]
    for light, reason, is_stretch, number in grouped.annotate(number=Count("pk")):
        tabs.lights.by_light[Light(light)] += number
        tabs.overdue += number if reason in PASSED_UNMET else 0
        tabs.stretch += number if is_stretch else 0
    return tabs


def _tabs_by(sums: Sums, *, due_soon: int) -> Tabs:
    """The same by the numbers of all departments."""
    every, counted = lights_in(sums, NOW), lights_in(sums, COUNTED)
    return Tabs(
        lights=Counts(counted),
        overdue=sums[OVERDUE],
        stretch=sum(lights_in(sums, STRETCH).values()),
        due_soon=due_soon,
        shared=sum(every.values()) - sum(counted.values()),
    )


def lights_of(lit: PledgeQuerySet) -> Counts:
    """How many pledges of a list have which light. One query."""
    counts = Counts()
    # The light comes with the standing of the day, which the type checker cannot see.
    rows = lit.order_by().values_list("light").annotate(number=Count("pk"))  # type: ignore[misc]
    for light, number in rows:
        counts.by_light[Light(light)] = number
    return counts


def departments_in(pledges: PledgeQuerySet) -> list[Department]:
    """The departments of these pledges, in printed order."""
    return list(Department.objects.filter(Exists(pledges.order_by().filter(department=OuterRef("pk")))))
