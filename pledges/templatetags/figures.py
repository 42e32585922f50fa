"""Numbers of a judgement as the list, the pledge page and the drawings print them."""

from decimal import Decimal

from django import template
from django.template import Context, Engine
from django_tables2 import Table

from pledges import wording
from pledges.queries.facts import Line
from pledges.rules.numbers import format_number
from pledges.rules.trajectory import Trajectory

register = template.Library()

MINUS = "\N{MINUS SIGN}"


@register.filter
def planned(value: Decimal | None) -> str:
    """A planned value, no finer than anybody plans."""
    return "—" if value is None else format_number(wording.rough(value))


@register.filter
def points_of(line: Line) -> str:
    """The points a pledge is behind, below zero where it is ahead."""
    points, campaign = line.verdict.gap_points, line.pledge.campaign
    if points is None:
        return "—"
    return wording.points_words(points, (campaign.yellow_points, campaign.red_points)).replace("-", MINUS)


@register.filter
def tenths(points: Decimal | None) -> str:
    """Points of a past day, to a tenth."""
    return "—" if points is None else f"{points.quantize(Decimal('0.1'))}".replace("-", MINUS)


@register.filter
def span_words(trajectory: Trajectory, unit: str) -> str:
    """The hundred of all points: from where the number stood to the whole goal."""
    start, finish = trajectory.start, trajectory.finish.value
    if start is None or not start.value:
        return wording.with_unit(finish, unit)
    high, low = max(start.value, finish), min(start.value, finish)
    return f"({format_number(high)} {MINUS} {wording.with_unit(low, unit)})"


@register.simple_tag(takes_context=True)
def show_table(context: Context, table: Table) -> str:
    """A table drawn in the context of its page: tables2's own tag would build that context a second time."""
    table.context = context
    with context.push(table=table):
        return Engine.get_default().get_template(str(table.template_name)).render(context)
