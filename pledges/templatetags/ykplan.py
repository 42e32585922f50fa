"""The tags every page shares: lights, bars, links that keep the day, numbers and days in words."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode

from pledges import wording
from pledges.choices import Light
from pledges.models import Pledge
from pledges.queries.board import Counts
from pledges.queries.facts import Line
from pledges.rules.numbers import format_number

register = template.Library()

BAR_CLASSES = {Light.RED: "r", Light.GREEN: "g", Light.DONE: "d", Light.GREY: "u"}
CELL, GAP, UNIT_HEIGHT = 8, 1, 12
BULLET = 168
"""The length of a bullet's track in its drawing."""


@register.inclusion_tag("pledges/parts/light.html")
def light(which: Line | Light | str, *, late: bool = False, big: bool = False) -> dict[str, object]:
    """Shape, word and colour of a light; a Line knows whether it is late."""
    found = which.verdict.light if isinstance(which, Line) else Light(which)
    late = which.verdict.is_late if isinstance(which, Line) else late
    return {"light": found, "late": late and found == Light.DONE, "big": big}


def _pieces(counts: Counts) -> list[tuple[Light, int]]:
    return [(found, number) for found, number in counts.items() if number]


@register.inclusion_tag("pledges/parts/bar.html")
def bar(counts: Counts) -> dict[str, object]:
    """The composition of a whole, as wide as the page."""
    left, pieces = 0.0, []
    for found, number in _pieces(counts):
        width = 100 * number / counts.total
        pieces.append(
            {
                "light": found,
                "number": number,
                "x": f"{left:.2f}",
                "width": f"{max(width - 0.15, 0.1):.2f}",
                "css": BAR_CLASSES.get(found, ""),
            }
        )
        left += width
    return {"pieces": pieces}


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *args: object, **query: object) -> str:
    """An address with its query; the page's day goes along when it is not today."""
    day, today = context.get("day"), context.get("today")
    if day and today and day != today:
        query.setdefault("on", day.isoformat())
    given: dict[str, Any] = {key: value for key, value in query.items() if value not in (None, "")}
    address = reverse(name, args=args)
    return f"{address}?{urlencode(given, doseq=True)}" if given else address


@register.filter
def number(value: Decimal | int | None) -> str:
    """A number with its thousands; unknown is a dash."""
    return "—" if value is None else format_number(Decimal(value))


@register.filter
def with_unit(value: Decimal | None, unit: str) -> str:
    return wording.with_unit(value, unit)


@register.filter
def day(value: date | None, near: date | None = None) -> str:
    """A day in words, with its year unless it is that of `near`."""
    return wording.day_words(value, near=near) if value else "—"


@register.filter
def moment(value: datetime | None) -> str:
    return wording.moment_words(value) if value else "—"


@register.filter
def why(line: Line) -> str:
    return wording.why(line)


@register.filter
def what_to_do(line: Line) -> str:
    return wording.what_to_do(line)


@register.filter
def explained(line: Line) -> str:
    """Why a light is what it is, and what it takes to be green."""
    return wording.in_a_row(wording.why(line), wording.what_to_do(line))


@register.filter
def foretold(line: Line) -> str:
    """Why a light would be what it would be, and for how long."""
    return wording.in_a_row(wording.why(line), wording.holds_words(line))


@register.filter
def holds(line: Line) -> str:
    return wording.holds_words(line)


@register.filter
def target_words(target: Decimal | None, pledge: Pledge) -> str:
    return wording.target_words(pledge, target)


@register.filter
def value_words(value: Decimal | None, pledge: Pledge) -> str:
    return wording.value_words(pledge, value)


@register.filter
def planned_words(value: Decimal | None, pledge: Pledge) -> str:
    """A planned value with its unit, no finer than anybody plans."""
    return "—" if value is None else wording.with_unit(wording.rough(value), pledge.unit)


@register.inclusion_tag("pledges/parts/bullet.html")
def bullet(line: Line) -> dict[str, object]:
    """One number against what is expected: the length of the bar is the final target."""
    trajectory, verdict = line.trajectory, line.verdict
    start = trajectory.start.value if trajectory.start else None
    if line.pledge.is_deliverable or start is None or not trajectory.span:
        return {"show": False}
    span = trajectory.finish.value - start
    done = _part((verdict.actual if verdict.actual is not None else start) - start, span)
    planned = None if verdict.expected is None else _part(verdict.expected - start, span)
    found = {
        "show": True,
        "light": verdict.light,
        "done": round(100 * done),
        "actual": f"{BULLET * done:.1f}",
    }
    if planned is not None:
        found |= {"planned": round(100 * planned), "expected": f"{BULLET * planned:.1f}"}
        found["gap"] = f"{BULLET * (planned - done):.1f}" if planned > done else ""
    return found


def _part(value: Decimal, span: Decimal) -> float:
    return float(min(max(value / span, Decimal(0)), Decimal(1)))


@register.filter
def share_of(counts: Counts, which: str) -> str:
    """The per cent of a light, to a tenth."""
    return f"{counts.share(Light(which)):.1f}%"


@register.filter
def count_of(counts: Counts, which: str) -> int:
    return counts[which]
