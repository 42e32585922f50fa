"""Where a day and a value stand on a drawing. Pure geometry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, log10

Number = Decimal | Fraction | int | float

STEPS = (1, 2, 2.5, 5, 10)
GRID_LINES = 4
HEADROOM = 1.06
"""The highest value stays this much under the top."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and the room around its plot. `is_small` asks for short labels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    is_small: bool = False


DESK = Frame(width=800, height=392, left=34, right=668, top=24, bottom=364)
PHONE = Frame(width=343, height=310, left=26, right=333, top=24, bottom=284, is_small=True)


@dataclass(frozen=True, slots=True)
class Scale:
    """Days from left to right, values from the bottom up."""

    frame: Frame
    first: date
    last: date
    low: float
    high: float
    left: float

    def x(self, day: date) -> float:
        """A day's place; days outside stand at the edge."""
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / max((self.last - self.first).days, 1)
        return self.left + share * (self.frame.right - self.left)

    def y(self, value: Number) -> float:
        """A value's place."""
        share = (float(value) - self.low) / (self.high - self.low)
        return self.frame.bottom - share * (self.frame.bottom - self.frame.top)

    def shows(self, day: date) -> bool:
        """Whether a day lies in the drawing."""
        return self.first <= day <= self.last


def grid_step(low: float, high: float) -> float:
    """A round distance between about four lines."""
    rough = (high - low) / GRID_LINES or 1
    size = 10 ** floor(log10(rough))
    return next((step * size for step in STEPS if step * size >= rough), 10 * size)


def grid_values(low: float, high: float) -> list[float]:
    """The round values between two numbers, zero among them where it lies between."""
    step = grid_step(low, high)
    return [number * step for number in range(ceil(low / step), floor(high / step) + 1)]


def bounds(values: list[Number]) -> tuple[float, float]:
    """From zero, or below it where a value is, up to a little over the highest."""
    numbers = [0.0, *map(float, values)]
    low, high = min(numbers), max(numbers)
    if low == high:
        return low, low + 1
    return (low * HEADROOM, high * HEADROOM)


def month_starts(first: date, last: date) -> Iterator[date]:
    """The first days of the months between two days, the first day itself included."""
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield max(first, date(month // 12, month % 12 + 1, 1))


def at(number: float) -> str:
    """A coordinate, the same in every language."""
    return f"{number:.1f}"


def path(points: list[tuple[float, float]]) -> str:
    """A line through points."""
    return "M" + "L".join(f"{at(x)} {at(y)}" for x, y in points) if points else ""
