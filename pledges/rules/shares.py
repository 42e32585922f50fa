"""A shared pledge has one number; what each department brought in is read off its steps. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Step:
    """An accepted figure of the one number, in order of days, with whose department said it (None: unknown)."""

    value: Decimal
    department: int | None


def contributions(start: Decimal, steps: Iterable[Step]) -> dict[int | None, Decimal]:
    """By department, the sum of the increases it reported: together they are the newest figure less the start.

    A figure that falls takes from the department that reports the fall.
    """
    brought: dict[int | None, Decimal] = {}
    before = start
    for step in steps:
        brought[step.department] = brought.get(step.department, ZERO) + step.value - before
        before = step.value
    return brought
