"""The lights of a day by department, and every move since an earlier one: the overview's counts.

The lights of the earlier day are those of the later one with the moves taken back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, reduce
from heapq import nsmallest
from itertools import chain, groupby
from operator import itemgetter, or_
from typing import Any, NamedTuple

from django.db.models import Q

from pledges.choices import Change, Light
from pledges.models import Campaign, Department
from pledges.queries.board import Counts
from pledges.queries.changes import (
    SHOWN_NAMES,
    Changes,
    Moved,
    Tally,
    changes_of,
)
from pledges.queries.light_rows import LIGHTS, LightRow, MoveRow, Way
from pledges.rules.scores import places_of, rise_of, score_of


@dataclass(slots=True)
class Lights:
    """The lights of a day: by department, and in the sum each promise once, stretch goals among them."""

    by_department: dict[Department, Counts] = field(default_factory=dict)
    """In printed order."""
    counted: Counts = field(default_factory=Counts)
    stretch: Counts = field(default_factory=Counts)


Shift = tuple[Light, Light]
"""From one light to another."""


class Group(NamedTuple):
    """The pledges of one department that went the same way."""

    department: int
    way: Way
    size: int


@dataclass(slots=True)
class Shifts:
    """What moved between two days: by department, in the sum, and which groups went through which change."""

    by_department: dict[int, Counter[Shift]] = field(default_factory=lambda: defaultdict(Counter))
    counted: Counter[Shift] = field(default_factory=Counter)
    groups: dict[Change, list[Group]] = field(default_factory=lambda: defaultdict(list))

    def number_of(self, change: Change) -> int:
        """How many pledges went through a change."""
        return sum(group.size for group in self.groups[change])


@dataclass(frozen=True, slots=True)
class Ranked:
    """One department in the ranking. A shared pledge counts in each of its departments."""

    department: Department
    counts: Counts
    score: Fraction | None
    place: int | None
    rise: int | None


def lights_of(rows: Iterable[LightRow]) -> Lights:
    """Every department with its lights, and the sums."""
    lights, found = Lights(), dict[int, tuple[Department, Counts]]()
    for key, light_key, is_stretch, is_counted, code, name, order, size in rows:
        if key not in found:
            found[key] = Department(pk=key, code=code, name=name, order=order), Counts()
        light = LIGHTS[light_key]
        found[key][1].by_light[light] += size
        if is_counted:
            lights.counted.by_light[light] += size
            lights.stretch.by_light[light] += size * is_stretch
    lights.by_department = dict(sorted(found.values(), key=lambda each: (each[0].order, each[0].pk)))
    return lights


def shifts_in(rows: Iterable[MoveRow]) -> Shifts:
    """Everything that moved."""
    shifts, changes = Shifts(), cache(changes_of)
    for department, is_counted, way, size in rows:
        shifts.by_department[department][way.shift] += size
        if is_counted:
            shifts.counted[way.shift] += size
            for change in changes(*way):
                shifts.groups[change].append(Group(department, way, size))
    return shifts


def changes_among(shifts: Shifts | None, moved: Any, departments: Iterable[int]) -> list[Changes]:
    """Every change that happened, with its first names by department and number, as printed. One query.

    `moved` are the pledges that count, with both days' lights; the departments come in printed order.
    """
    if shifts is None:
        return []
    places = {department: place for place, department in enumerate(departments)}
    leading = {change: _leading(groups, places) for change, groups in shifts.groups.items()}
    named = _named_in(moved, {group for groups in leading.values() for group in groups}, places)
    return [
        Changes(change, shifts.number_of(change), _first(chain(*(named[group] for group in leading[change]))))
        for change in Change
        if change in leading
    ]


def _leading(groups: list[Group], places: dict[int, int]) -> list[Group]:
    """The groups of the first departments, as many as it takes to name enough pledges."""

    def place(group: Group) -> int:
        return places[group.department]

    leading, so_far = list[Group](), 0
    for _place, own in groupby(sorted(groups, key=place), key=place):
        if so_far >= SHOWN_NAMES:
            break
        leading += own
        so_far = sum(group.size for group in leading)
    return leading


Named = tuple[int, str, Moved]
"""A pledge by name, after the place of its department and its number."""


def _named_in(moved: Any, groups: set[Group], places: dict[int, int]) -> dict[Group, list[Named]]:
    """The pledges of some groups."""
    if not groups:
        return {}
    wanted = reduce(or_, (Q(department=group.department, **group.way._asdict()) for group in groups))
    # Few departments are named: their own index is the quick way to them.
    pledges = moved.filter(wanted, department__in={group.department for group in groups})
    named = defaultdict[tuple[int, Way], list[Named]](list)
    for department, *way, number, code, title, name in pledges.values_list(
        "department_id", *Way._fields, "number", "code", "title", "department__name"
    ):
        went = Way(*way)
        found = places[department], number, Moved(code, title, name, *went.shift)
        named[department, went].append(found)
    return {group: named[group.department, group.way] for group in groups}


def _first(named: Iterable[Named]) -> list[Moved]:
    return [moved for _place, _number, moved in nsmallest(SHOWN_NAMES, named, key=itemgetter(0, 1))]


def sum_of(lights: Lights, shifts: Shifts | None) -> Tally:
    """The sums over all departments."""
    tally = Tally(now=lights.counted, stretch=lights.stretch)
    if shifts is not None:
        tally.then = _taken_back(tally.now, shifts.counted)
        tally.numbers |= {change: shifts.number_of(change) for change in shifts.groups}
    return tally


def ranking_of(campaign: Campaign, lights: Lights, shifts: Shifts | None) -> list[Ranked]:
    """The departments by score, the best first; those without a judged pledge last, in printed order."""
    scores = [_score(campaign, counts) for counts in lights.by_department.values()]
    places = places_of(scores)
    earlier = places_of(_scores_before(campaign, lights, scores, shifts)) if shifts else [None] * len(scores)
    ranked = [
        Ranked(department, counts, score, place, rise_of(place, before))
        for (department, counts), score, place, before in zip(
            lights.by_department.items(), scores, places, earlier, strict=True
        )
    ]
    return sorted(ranked, key=lambda row: row.place or len(ranked) + 1)


def _scores_before(
    campaign: Campaign, lights: Lights, scores: list[Fraction | None], shifts: Shifts
) -> list[Fraction | None]:
    moved = shifts.by_department
    return [
        _score(campaign, _taken_back(counts, moved[department.pk])) if department.pk in moved else score
        for (department, counts), score in zip(lights.by_department.items(), scores, strict=True)
    ]


def _taken_back(now: Counts, shifts: Counter[Shift]) -> Counts:
    """The lights before these moves."""
    then = Counts(dict(now.by_light))
    for (was, is_now), number in shifts.items():
        then.by_light[is_now] -= number
        then.by_light[was] += number
    return then


def _score(campaign: Campaign, counts: Counts) -> Fraction | None:
    return score_of(counts.by_light, yellow_weight=campaign.yellow_weight, grey_counts=campaign.grey_counts)
