"""From the numbers of the departments to the sums, the changes by name, and the ranking of a leader's page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from heapq import nsmallest
from operator import itemgetter, or_
from typing import Any

from django.db.models import Q

from pledges.choices import Change, Light
from pledges.models import Campaign, Department
from pledges.queries.board import Counts
from pledges.queries.changes import MOVES, SHOWN_NAMES, Changes, Moved, Tally, changes_of
from pledges.queries.sums import (
    CHANGE_PLACES,
    COUNTED,
    COUNTED_THEN,
    NOW,
    STRETCH,
    THEN,
    Tallied,
    lights_in,
    total_of,
)
from pledges.rules.scores import places_of, rise_of, score_of


@dataclass(frozen=True, slots=True)
class Ranked:
    """One department in the ranking. A shared pledge counts in each of its departments."""

    department: Department
    counts: Counts
    score: Fraction | None
    place: int | None
    rise: int | None


def tally_among(rows: Sequence[Tallied], *, compared: bool) -> Tally:
    """The sums over all departments, each promise once."""
    total = total_of(rows)
    tally = Tally(now=Counts(lights_in(total, COUNTED)), stretch=Counts(lights_in(total, STRETCH)))
    if compared:
        tally.then = Counts(lights_in(total, COUNTED_THEN))
        tally.numbers = {change: total[place] for change, place in CHANGE_PLACES.items()}
    return tally


def ranking_of(campaign: Campaign, rows: Sequence[Tallied], *, compared: bool) -> list[Ranked]:
    """The departments by score, the best first; those without a judged pledge last, in printed order."""
    scores = [_score(campaign, row, NOW) for row in rows]
    places = places_of(scores)
    earlier = places_of([_score(campaign, row, THEN) for row in rows]) if compared else [None] * len(rows)
    ranked = [
        Ranked(row.department, Counts(lights_in(row.sums, NOW)), score, place, rise_of(place, before))
        for row, score, place, before in zip(rows, scores, places, earlier, strict=True)
    ]
    return sorted(ranked, key=lambda row: row.place or len(ranked) + 1)


def _score(campaign: Campaign, row: Tallied, part: int) -> Fraction | None:
    return score_of(
        lights_in(row.sums, part), yellow_weight=campaign.yellow_weight, grey_counts=campaign.grey_counts
    )


def changes_among(rows: Sequence[Tallied], moved: Any) -> list[Changes]:
    """Every change that happened, with its first names by department and number, as printed. One query.

    `moved` are the pledges that count, with both days' lights; the rows come in printed order.
    """
    numbers = total_of(rows)
    happened = [change for change, place in CHANGE_PLACES.items() if numbers[place]]
    leading = {change: _leading(change, rows) for change in happened}
    named = _named_in(moved, leading, {row.department.pk: place for place, row in enumerate(rows)})
    return [Changes(change, numbers[CHANGE_PLACES[change]], _first(named[change])) for change in happened]


def _leading(change: Change, rows: Iterable[Tallied]) -> set[int]:
    """The first departments that went through a change, as many as it takes to name enough pledges."""
    leading, so_far, place = set[int](), 0, CHANGE_PLACES[change]
    for row in rows:
        if so_far >= SHOWN_NAMES:
            break
        if row.sums[place]:
            leading.add(row.department.pk)
            so_far += row.sums[place]
    return leading


Named = tuple[int, str, Moved]
"""A pledge by name, after the place of its department and its number."""


def _named_in(
    moved: Any, leading: dict[Change, set[int]], places: dict[int, int]
) -> dict[Change, list[Named]]:
    """The pledges of the leading departments that went through each change."""
    named: dict[Change, list[Named]] = {change: [] for change in leading}
    if not leading:
        return named
    wanted = (Q(MOVES[change].condition, department__in=own) for change, own in leading.items())
    # Few departments are named: their own index is the quick way to them.
    pledges = moved.filter(reduce(or_, wanted), department__in=set().union(*leading.values()))
    for department, *way, number, code, title, name in pledges.values_list(
        *("department_id", "was", "was_reason", "light", "light_reason"),
        *("number", "code", "title", "department__name"),
    ):
        found = places[department], number, Moved(code, title, name, Light(way[0]), Light(way[2]))
        for change in changes_of(*way):
            if department in leading.get(change, ()):
                named[change].append(found)
    return named


def _first(named: Iterable[Named]) -> list[Moved]:
    return [moved for _place, _number, moved in nsmallest(SHOWN_NAMES, named, key=itemgetter(0, 1))]
