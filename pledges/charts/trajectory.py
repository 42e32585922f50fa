"""The trajectory of a number, drawn: plan, milestones, what was said, today, and the gap.

Numbers in, places out; `templates/pledges/parts/chart.html` only writes them down as SVG.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.charts.labels import (
    ABOVE,
    BELOW_LEFT,
    END,
    GAP,
    LEFT,
    MIDDLE,
    RIGHT,
    START,
    Box,
    Labels,
    width_of,
)
from pledges.charts.scales import Frame, Number, Scale, at, bounds, grid_values, month_starts, path
from pledges.charts.story import Chart, Story, day_short, last_shown, range_words, says
from pledges.charts.vertices import Vertex, floor_vertices, plan_vertices
from pledges.choices import Basis
from pledges.rules.facts import Reading
from pledges.rules.numbers import format_number
from pledges.wording import points_words, rough, with_unit

BESIDE = ((0.0, 20.0, MIDDLE), (0.0, -10.0, MIDDLE), (8.0, 15.0, START), (-8.0, -9.0, END))
"""Where the number of a dot may stand: under it, else over it, else aside."""


def scale_of(story: Story, frame: Frame) -> Scale:
    """Room for everything that is drawn, and for the numbers beside the axis."""
    values: list[Number] = [stone.value for stone in story.trajectory.milestones]
    values += [reading.value for reading in story.said]
    values += [value for _day, value in plan_vertices(story)]
    if story.forecast:
        values += [story.forecast.landing.low, story.forecast.landing.high]
    low, high = bounds(values)
    widest = max(width_of(_axis_number(value)) for value in grid_values(low, high))
    return Scale(frame, story.starts_on, last_shown(story), low, high, max(frame.left, widest + 8))


def _axis_number(value: float) -> str:
    return format_number(Decimal(f"{value:.10g}"))


def draw(story: Story, frame: Frame) -> Chart:
    """The drawing of a number. Weightier words are put down first; what finds no room is in the table."""
    scale = scale_of(story, frame)
    chart = Chart(frame=frame, says=says(story), left=at(scale.left))
    labels = Labels(frame)
    _draw_axes(chart, labels, scale, story)
    chart.plan = _path(scale, plan_vertices(story))
    limits = (story.thresholds.yellow_points, story.thresholds.red_points)
    chart.floors = [line for points in limits if (line := _path(scale, floor_vertices(story, points)))]
    _draw_fan(chart, scale, story)
    _draw_symbols(chart, labels, scale, story)
    _draw_today(chart, labels, scale, story)
    _name_stones(labels, scale, story)
    _name_gap(chart, labels, scale, story)
    _name_fan(labels, scale, story)
    _name_floors(labels, scale, story)
    _name_said(labels, scale, story)
    chart.texts = labels.texts
    return chart


def _path(scale: Scale, vertices: Sequence[Vertex]) -> str:
    return path([(scale.x(day), scale.y(value)) for day, value in vertices])


def _places(scale: Scale, readings: Sequence[Reading]) -> list[tuple[float, float]]:
    return [(scale.x(reading.as_of), scale.y(reading.value)) for reading in readings]


def _draw_axes(chart: Chart, labels: Labels, scale: Scale, story: Story) -> None:
    for value in grid_values(scale.low, scale.high):
        y = scale.y(value)
        labels.fix(_axis_number(value), scale.left - 6, y + 4, END)
        if value == 0:
            chart.axis = at(y)
        else:
            chart.grid.append(at(y))
    if story.unit:
        fits = width_of(story.unit) <= scale.left - 6
        labels.fix(story.unit, scale.left - 6 if fits else 0, 14, END if fits else START)
    draw_months(chart, labels, scale, y=chart.frame.bottom + 20)


def draw_months(chart: Chart, labels: Labels, scale: Scale, *, y: float) -> None:
    """A tick where a month begins, its name in its middle; every other name where there is little room."""
    starts = list(month_starts(scale.first, scale.last))
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], scale.last], strict=True)):
        chart.ticks.append(at(scale.x(start)))
        name = date_format(start, pgettext("a month on an axis", "M"))
        if not (chart.frame.is_small or len(starts) > 14) or number % 2 == 0:  # noqa: PLR2004  a year and a quarter
            labels.fix(name, (scale.x(start) + scale.x(end)) / 2, y)


def _draw_fan(chart: Chart, scale: Scale, story: Story) -> None:
    """From the newest figure to the range in which it will probably end."""
    if story.forecast is None:
        return
    since, landing = story.forecast.since, story.forecast.landing
    tip, end = (scale.x(since.day), scale.y(since.value)), scale.x(landing.day)
    chart.fan = f"{path([tip, (end, scale.y(landing.low)), (end, scale.y(landing.high))])}Z"
    chart.fan_mid = path([tip, (end, scale.y(landing.value))])


def _name_fan(labels: Labels, scale: Scale, story: Story) -> None:
    """The range in words, where there is room for them."""
    if story.forecast is None or labels.frame.is_small:
        return
    landing = story.forecast.landing
    words = _("forecast %(range)s") % {"range": range_words(story.forecast)}
    places = (RIGHT, (GAP, 20.0, START), (GAP, -12.0, START), BELOW_LEFT)
    labels.put(words, scale.x(landing.day), scale.y(landing.value), places=places)


def _draw_symbols(chart: Chart, labels: Labels, scale: Scale, story: Story) -> None:
    accepted, waiting = _places(scale, story.readings), _places(scale, story.waiting)
    opening = story.trajectory.start
    counts_up = opening is not None and story.trajectory.basis in Basis.from_zero
    origin = [(scale.x(opening.day), scale.y(opening.value))] if opening and counts_up and accepted else []
    chart.real = path([*origin, *accepted]) if len([*origin, *accepted]) > 1 else ""
    chart.waits = [path([*accepted[-1:], place]) for place in waiting if accepted]
    stones = [(scale.x(stone.day), scale.y(stone.value)) for stone in story.trajectory.milestones]
    crosses = _places(scale, story.returned)
    for places, symbols in (
        (accepted, chart.dots),
        (waiting, chart.waiting_dots),
        (stones, chart.stones),
        (crosses, chart.crosses),
    ):
        for x, y in places:
            symbols.append((at(x), at(y)))
            labels.keep_clear(x, y)


def _draw_today(chart: Chart, labels: Labels, scale: Scale, story: Story) -> None:
    if not scale.shows(story.day):
        return
    x = scale.x(story.day)
    chart.today = (at(x), "18", at(chart.frame.bottom))
    labels.taken.append(Box(x - 2, chart.frame.top, x + 2, chart.frame.bottom))
    beside_unit = max(scale.left, width_of(story.unit)) + 6 + width_of(story.day_label) / 2
    labels.fix(story.day_label, max(x, beside_unit), 13, MIDDLE, "em")


def _name_stones(labels: Labels, scale: Scale, story: Story) -> None:
    """The last milestone, being the whole promise, chooses its place first."""
    for stone in reversed(story.trajectory.milestones):
        x, y = scale.x(stone.day), scale.y(stone.value)
        words = with_unit(stone.value, story.unit)
        if not labels.frame.is_small:
            words = _("%(day)s: %(target)s due") % {"day": day_short(stone.day), "target": words}
        places = (RIGHT, LEFT, ABOVE) if stone == story.trajectory.finish else (LEFT, ABOVE, RIGHT)
        sides = ((-9.0, -8.0, END), (9.0, 18.0, START), (-9.0, 18.0, END), (9.0, -8.0, START))
        order = (*places[:1], *sides) if stone == story.trajectory.finish else (*sides, *places)
        labels.put(words, x, y, places=order, classes="em halo")


def _name_gap(chart: Chart, labels: Labels, scale: Scale, story: Story) -> None:
    """The distance between the plan and the newest figure, where it gave the light."""
    verdict = story.verdict
    behind = verdict.gap_points is not None and verdict.gap_points > story.thresholds.yellow_points
    if not behind or verdict.expected is None or verdict.actual is None or not scale.shows(story.day):
        return
    x, actual, expected = scale.x(verdict.compared_on), scale.y(verdict.actual), scale.y(verdict.expected)
    chart.gap, chart.gap_light = path([(x, actual), (x, expected)]), verdict.light
    if labels.frame.is_small:
        return
    middle, classes = (actual + expected) / 2, f"t-{verdict.light} halo"
    gap = with_unit(rough(abs(verdict.gap or Decimal(0))), story.unit)
    points = points_words(abs(verdict.gap_points or Decimal(0)))
    words = (_("%(gap)s behind") % {"gap": gap}, _("%(points)s points") % {"points": points})
    right = x + max(map(width_of, words)) + 8 < labels.frame.width
    place, anchor = (x + 9, START) if right else (x - 9, END)
    for line, text in enumerate(words):
        labels.fix(text, place, middle + 2 + 15 * line, anchor, classes)


def _name_floors(labels: Labels, scale: Scale, story: Story) -> None:
    if labels.frame.is_small:
        return
    limits = story.thresholds
    named = (
        (limits.yellow_points, _("still on track (%(points)s points)")),
        (limits.red_points, _("alert (%(points)s points)")),
    )
    for points, words in named:
        vertices = floor_vertices(story, points)
        if vertices:
            side = -points if story.trajectory.sense > 0 else points
            text = words % {"points": format_number(side).replace("-", "−")}
            day, value = vertices[-1]
            labels.put(text, scale.x(day), scale.y(value), places=(RIGHT, (9.0, 16.0, START)))


def _name_said(labels: Labels, scale: Scale, story: Story) -> None:
    for name, classes, readings in (
        (_("waiting %(value)s"), "t-wait halo", story.waiting),
        (_("returned %(value)s"), "t-back halo", story.returned),
    ):
        for reading, (x, y) in zip(readings, _places(scale, readings), strict=True):
            words = format_number(reading.value)
            labels.put(words if labels.frame.is_small else name % {"value": words}, x, y, classes=classes)
    places = reversed(_places(scale, story.readings))
    for number, (reading, (x, y)) in enumerate(zip(reversed(story.readings), places, strict=True)):
        classes = "halo" if number else "halo em"
        labels.put(format_number(reading.value), x, y, places=BESIDE, classes=classes)
