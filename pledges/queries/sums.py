"""A department's numbers as one row of integers: the lights of two days and what moved between them.

Rows of one length are added up in no time, so that a page costs what its departments are, however many pledges
and however many kinds of them there are. `PLACES` and the parts say what stands where.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from pledges.choices import Change, Light, Reason
from pledges.models import Department
from pledges.queries.changes import MOVES, changes_of

EACH = tuple(Light)
NOW, THEN, COUNTED, COUNTED_THEN, STRETCH, CHANGES = range(0, 6 * len(EACH), len(EACH))
"""Where the lights of both days begin: of all pledges, of those that count in the sums, of stretch goals among these."""

PLACES = {light: place for place, light in enumerate(EACH)}
CHANGE_PLACES = {change: CHANGES + place for place, change in enumerate(Change)}
OVERDUE = CHANGES + len(CHANGE_PLACES)
"""Of those that count, how many passed a milestone unmet."""

LENGTH = OVERDUE + 1
PASSED_UNMET = (Reason.MISSED, Reason.STRETCH_MISSED)

LAYOUT = sha256(
    repr(
        [
            *map(str, PLACES),
            *PASSED_UNMET,
            *((str(change), str(MOVES[change].condition)) for change in Change),
        ]
    ).encode()
).hexdigest()[:16]
"""Another release may count otherwise; what it has kept is not read."""

Sums = list[int]
WAY = ("was", "was_reason", "light", "light_reason")
KEYS = ("department_id", "is_counted", "stretch", *WAY)
"""What makes a kind of pledges."""


class Tallied(NamedTuple):
    """A department and its numbers."""

    department: Department
    sums: Sums


def lights_in(sums: Sums, part: int) -> dict[Light, int]:
    """The lights of one part, such as `NOW`."""
    return dict(zip(EACH, sums[part : part + len(EACH)], strict=True))


@cache
def _lit(light: str, reason: str, is_counted: bool, stretch: bool) -> tuple[int, ...]:  # noqa: FBT001
    """Where a pledge counts that has not moved."""
    parts = [NOW, THEN]
    if is_counted:
        parts += [COUNTED, COUNTED_THEN, STRETCH] if stretch else [COUNTED, COUNTED_THEN]
    here = tuple(part + PLACES[Light(light)] for part in parts)
    return (*here, OVERDUE) if is_counted and reason in PASSED_UNMET else here


@cache
def _moved(is_counted: bool, *way: str) -> tuple[tuple[int, int], ...]:  # noqa: FBT001
    """What else is to be counted, and taken back, where it has."""
    was, light = PLACES[Light(way[0])], PLACES[Light(way[2])]
    steps = [(THEN + light, -1), (THEN + was, 1)]
    if is_counted:
        steps += [(COUNTED_THEN + light, -1), (COUNTED_THEN + was, 1)]
        steps += [(CHANGE_PLACES[change], 1) for change in changes_of(*way)]
    return tuple(steps)


def count_lit(sums: Sums, size: int, light: str, reason: str, *, is_counted: bool, stretch: bool) -> None:
    """Count so many pledges as if they had not moved."""
    for place in _lit(light, reason, is_counted, stretch):
        sums[place] += size


def count_moved(sums: Sums, size: int, way: Sequence[str], *, is_counted: bool) -> None:
    """Count that so many of them have."""
    for place, sign in _moved(is_counted, *way):
        sums[place] += sign * size


def none() -> Sums:
    """No pledge at all."""
    return [0] * LENGTH


def sums_of(rows: Iterable[tuple]) -> dict[int, Sums]:
    """The numbers by department; each row is one of `KEYS` and how many."""
    found: dict[int, Sums] = defaultdict(none)
    for department, is_counted, stretch, *way, size in rows:
        count_lit(found[department], size, way[2], way[3], is_counted=is_counted, stretch=stretch)
        count_moved(found[department], size, way, is_counted=is_counted)
    return found


def add_to(sums: Sums, others: Sums) -> None:
    """Add other numbers to these."""
    for place, number in enumerate(others):
        sums[place] += number


def added(rows: Iterable[tuple[int, Sums]]) -> dict[int, Sums]:
    """The sums of each department over some rows."""
    found: dict[int, Sums] = defaultdict(none)
    for department, sums in rows:
        add_to(found[department], sums)
    return found


def total_of(rows: Iterable[Tallied]) -> Sums:
    """All departments together."""
    return [sum(column) for column in zip(*(row.sums for row in rows), strict=True)] or none()
