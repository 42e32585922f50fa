"""The lights of a day by department, and every move since an earlier one: the overview's counts, in two queries.

A standing that holds on both days has not moved, so only those that began after the earlier day are looked
at twice; the lights of the earlier day are those of the later one with the moves taken back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from heapq import nsmallest

from django.db.models import BooleanField, Case, Count, Min, Q, Value, When

from pledges.choices import Light
from pledges.models import Campaign, Department, Pledge
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import Counts, with_light
from pledges.queries.changes import (
    SHOWN_NAMES,
    Change,
    Changes,
    Moved,
    Tally,
    changes_of,
    with_before,
)
from pledges.rules.scores import places_of, rise_of, score_of

LIGHTS = {light.value: light for light in Light}


@dataclass(frozen=True, slots=True)
class DepartmentLights:
    """The lights of one department: of all its pledges, of those counted here, of the stretch goals among these."""

    department: Department
    every: Counts
    counted: Counts
    stretch: Counts


Shift = tuple[Light, Light]
"""From one light to another."""


@dataclass(slots=True)
class Shifts:
    """What moved between two days: by department, in the sum, and which pledges went through which change."""

    by_department: dict[int, Counter[Shift]] = field(default_factory=lambda: defaultdict(Counter))
    counted: Counter[Shift] = field(default_factory=Counter)
    pledges: dict[Change, list[tuple[str, int, Shift]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One department in the ranking. A shared pledge counts in each of its departments."""

    department: Department
    counts: Counts
    score: Fraction | None
    place: int | None
    rise: int | None


def lights_by_department(pledges: PledgeQuerySet, *, once: Q, day: date) -> list[DepartmentLights]:
    """Every department with its lights, in printed order; `once` says which pledges count in the sum. One query."""
    lit = with_light(pledges, day=day).order_by().annotate(is_counted=_is_counted(once))
    # The least of one is that one: so the rows are grouped by the keys alone.
    named = {f"of_{name}": Min(f"department__{name}") for name in ("code", "name", "order")}
    rows = lit.values_list("department_id", "light", "stretch", "is_counted")
    found: dict[int, DepartmentLights] = {}
    for pk, light, is_stretch, is_counted, code, name, order, number in rows.annotate(**named, n=Count("pk")):
        if pk not in found:
            department = Department(pk=pk, code=code, name=name, order=order)
            found[pk] = DepartmentLights(department, Counts(), Counts(), Counts())
        sums = (
            found[pk].every,
            is_counted and found[pk].counted,
            is_counted and is_stretch and found[pk].stretch,
        )
        for counts in filter(None, sums):
            counts.by_light[LIGHTS[light]] += number
    return sorted(found.values(), key=lambda row: (row.department.order, row.department.pk))


def _is_counted(once: Q) -> Case | Value:
    """Whether a pledge counts in the sum, as a column."""
    yes = Value(True, output_field=BooleanField())  # noqa: FBT003
    return Case(When(once, then=yes), default=Value(False), output_field=BooleanField()) if once else yes  # noqa: FBT003


def shifts_between(pledges: PledgeQuerySet, *, once: Q, day: date, than: date | None) -> Shifts | None:
    """Everything that moved since the earlier day, None without one. One query."""
    if than is None:
        return None
    lit = with_before(with_light(pledges, day=day).filter(since__gt=than), than=than)
    rows = lit.order_by().annotate(is_counted=_is_counted(once))
    ways = ("was", "was_reason", "light", "light_reason")
    moved = defaultdict[tuple, list[tuple[str, int]]](list)
    for row in rows.values_list("number", "pk", "department_id", "is_counted", *ways):
        moved[row[2:]].append(row[:2])  # a day may move every pledge there is: no more than this for each
    shifts, changes = Shifts(), cache(changes_of)
    for (department, is_counted, *way), pledges_of_a_way in moved.items():
        shift = LIGHTS[way[0]], LIGHTS[way[2]]
        shifts.by_department[department][shift] += len(pledges_of_a_way)
        if is_counted:
            shifts.counted[shift] += len(pledges_of_a_way)
            for change in changes(*way):
                shifts.pledges[change] += [(number, pk, shift) for number, pk in pledges_of_a_way]
    return shifts


def changes_among(shifts: Shifts | None) -> list[Changes]:
    """Every change that happened, with its first names in printed order. One query."""
    if shifts is None:
        return []
    first = {
        change: nsmallest(SHOWN_NAMES, shifts.pledges[change]) for change in Change if shifts.pledges[change]
    }
    keys = {pk for rows in first.values() for _number, pk, _shift in rows}
    asked = ("pk", "code", "title", "department__name")
    rows_of = Pledge.objects.filter(pk__in=keys).values_list(*asked)
    named = {pk: (code, title, department) for pk, code, title, department in rows_of}
    return [
        Changes(
            change,
            len(shifts.pledges[change]),
            [Moved(*named[pk], was, now) for _number, pk, (was, now) in rows],
        )
        for change, rows in first.items()
    ]


def sum_of(rows: Iterable[DepartmentLights], shifts: Shifts | None) -> Tally:
    """The sums over all departments, each promise once."""
    tally = Tally()
    for row in rows:
        _add(tally.now, row.counted)
        _add(tally.stretch, row.stretch)
    if shifts is not None:
        tally.then = _taken_back(tally.now, shifts.counted)
        tally.numbers |= {change: len(pledges) for change, pledges in shifts.pledges.items()}
    return tally


def ranking_of(campaign: Campaign, rows: list[DepartmentLights], shifts: Shifts | None) -> list[Ranked]:
    """The departments by score, the best first; those without a judged pledge last, in printed order."""
    scores = [_score(campaign, row.every) for row in rows]
    places = places_of(scores)
    earlier = places_of(_scores_before(campaign, rows, scores, shifts)) if shifts else [None] * len(rows)
    ranked = [
        Ranked(row.department, row.every, score, place, rise_of(place, before))
        for row, score, place, before in zip(rows, scores, places, earlier, strict=True)
    ]
    return sorted(ranked, key=lambda row: row.place or len(ranked) + 1)


def _scores_before(
    campaign: Campaign, rows: list[DepartmentLights], scores: list[Fraction | None], shifts: Shifts
) -> list[Fraction | None]:
    moved = shifts.by_department
    return [
        _score(campaign, _taken_back(row.every, moved[row.department.pk]))
        if row.department.pk in moved
        else score
        for row, score in zip(rows, scores, strict=True)
    ]


def _add(total: Counts, more: Counts) -> None:
    for light, number in more.by_light.items():
        total.by_light[light] += number


def _taken_back(now: Counts, shifts: Counter[Shift]) -> Counts:
    """The lights before these moves."""
    then = Counts(dict(now.by_light))
    for (was, is_now), number in shifts.items():
        then.by_light[is_now] -= number
        then.by_light[was] += number
    return then


def _score(campaign: Campaign, counts: Counts) -> Fraction | None:
    return score_of(counts.by_light, yellow_weight=campaign.yellow_weight, grey_counts=campaign.grey_counts)
