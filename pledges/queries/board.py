"""The board of a day: counts, departments, what is red, what is due. Lights come from the stored standings."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, FilteredRelation, Q, When

from pledges.choices import Light, Reason
from pledges.models import Campaign, Department, Milestone, Pledge, User
from pledges.models.plans import PledgeQuerySet
from pledges.queries.facts import Line
from pledges.rules.trajectory import meets

DUE_WITHIN = timedelta(days=30)
SHOWN_ATTENTION = 12
"""So many pledges stand on the overview; the rest is one click away."""

MOST_JUDGED = 100
"""So many alerts without a passed milestone are judged to find the farthest behind: bounded work for a province."""


@dataclass(slots=True)
class Counts:
    """How many pledges have which light."""

    by_light: dict[Light, int] = field(default_factory=lambda: dict.fromkeys(Light, 0))

    @property
    def total(self) -> int:
        return sum(self.by_light.values())

    @property
    def attention(self) -> int:
        """Yellow and red together."""
        return self.by_light[Light.RED] + self.by_light[Light.YELLOW]

    @property
    def red(self) -> int:
        return self.by_light[Light.RED]

    def share(self, light: Light) -> float:
        """Per cent of all, 0 where there is nothing."""
        return 100 * self.by_light[light] / self.total if self.total else 0.0

    def __getitem__(self, light: str) -> int:
        return self.by_light[Light(light)]

    def items(self) -> list[tuple[Light, int]]:
        """In the order of every bar: trouble first."""
        return list(self.by_light.items())


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """One department on the board. A shared pledge counts in each of its departments."""

    department: Department
    counts: Counts


@dataclass(frozen=True, slots=True)
class DueRow:
    """A milestone that comes soon, with the judgement of its pledge."""

    milestone: Milestone
    line: Line
    is_met: bool

    @property
    def days_left(self) -> int:
        return (self.milestone.due - self.line.verdict.judged_on).days


def with_light(pledges: PledgeQuerySet, *, day: date) -> Any:
    """Pledges joined to their one standing of a day, as `light`, `rank`, `since` and `until`.

    A PledgeQuerySet still; Any, because types do not see what an annotation adds.
    """
    of_the_day = Q(standings__since__lte=day, standings__until__gte=day)
    joined = pledges.annotate(standing=FilteredRelation("standings", condition=of_the_day))
    return joined.filter(standing__isnull=False).annotate(
        light=F("standing__light"),
        rank=F("standing__rank"),
        since=F("standing__since"),
        until=F("standing__until"),
        light_reason=F("standing__reason"),
    )


def for_judging(pledges: PledgeQuerySet) -> PledgeQuerySet:
    """Pledges with everything that a judgement and a row need."""
    return pledges.select_related("campaign", "department").prefetch_related("milestones")


def in_campaign(campaign: Campaign, user: User) -> PledgeQuerySet:
    """What a person may see of a campaign."""
    return Pledge.objects.filter(campaign=campaign).visible_to(user)


def counts_on(pledges: PledgeQuerySet, *, day: date) -> Counts:
    """The lights of a day, each promise once."""
    rows = with_light(pledges.counted(), day=day).order_by().values_list("light")
    counts = Counts()
    for light, number in rows.annotate(number=Count("pk")):
        counts.by_light[Light(light)] = number
    return counts


def departments_on(pledges: PledgeQuerySet, *, day: date) -> list[DepartmentRow]:
    """The lights of a day by department, in printed order."""
    # From the pledges to their standings: the other way round PostgreSQL loops over all of them
    # while it has no statistics yet, as right after a plan was loaded.
    rows = with_light(pledges, day=day).order_by()
    grouped = rows.values_list("department", "light").annotate(rows=Count("pk"))
    counts: dict[int, Counts] = defaultdict(Counts)
    for department, light, number in grouped:
        counts[department].by_light[Light(light)] = number
    found = Department.objects.filter(pk__in=counts)
    return [DepartmentRow(department, counts[department.pk]) for department in found]


def by_urgency(lines: list[Line]) -> list[Line]:
    """Passed milestones first, the longest overdue on top, then the farthest behind."""

    def urgency(line: Line) -> tuple:
        verdict = line.verdict
        stone = verdict.milestone
        overdue = (verdict.judged_on - stone.day).days if stone else 0
        return (verdict.light.rank, -max(overdue, 0), -(verdict.gap_points or 0), line.pledge.number)

    return sorted(lines, key=urgency)


def alerts_on(pledges: PledgeQuerySet, *, day: date, limit: int) -> set[int]:
    """The pledges among which the most urgent alerts are. One query.

    A standing begins the day after its milestone passed, so the longest overdue are found in the database.
    How far the others are behind must be judged, for as many as one page could ever ask for.
    """
    missed_first = Case(When(light_reason=Reason.MISSED, then=0), default=1)
    reds = with_light(pledges, day=day).filter(light=Light.RED).order_by(missed_first, "since", "number")
    ranked = list(reds.values_list("pk", "light_reason")[:MOST_JUDGED])
    missed = [pk for pk, reason in ranked if reason == Reason.MISSED]
    return set(missed[:limit]) if len(missed) >= limit else {pk for pk, _reason in ranked}


def due_between(pledges: PledgeQuerySet, *, first: date, last: date) -> models.QuerySet[Milestone]:
    """The deadlines of some pledges from one day to another."""
    return Milestone.objects.filter(pledge__in=pledges.order_by().values("pk"), due__gte=first, due__lte=last)


def due_among(lines: list[Line], *, day: date) -> list[DueRow]:
    """The milestones of the next thirty days of pledges that are judged already."""
    rows = [
        DueRow(stone, line, is_met_by(line, stone))
        for line in lines
        for stone in line.pledge.milestones.all()
        if day <= stone.due <= day + DUE_WITHIN
    ]
    return sorted(rows, key=lambda row: (row.milestone.due, row.line.pledge.number))


def is_met_by(line: Line, stone: Milestone) -> bool:
    """Whether the newest value of a pledge reaches one of its milestones."""
    target = next(point.value for point in line.trajectory.milestones if point.day == stone.due)
    return line.reading is not None and meets(line.trajectory, target, line.reading.value)
