"""A deliverable has no number: its drawing is a line of time."""

from datetime import date

from django.utils.translation import gettext as _

from pledges.charts.labels import END, MIDDLE, START, Labels, width_of
from pledges.charts.scales import Frame, Scale, at
from pledges.charts.story import Band, Chart, Story, day_short, last_shown, says
from pledges.charts.trajectory import draw_months
from pledges.choices import Light
from pledges.rules.facts import Reading
from pledges.wording import days_words

LINE = 74
"""Pixels from the top to the line."""

DESK = Frame(width=800, height=116, left=14, right=786, top=24, bottom=LINE)
PHONE = Frame(width=343, height=116, left=10, right=333, top=24, bottom=LINE, is_small=True)

UPPER, LOWER = LINE - 14, 13


def draw(story: Story, frame: Frame) -> Chart:
    """The deadline, what was said, today, and the days over the deadline."""
    scale = Scale(frame, story.starts_on, last_shown(story), 0, 1, frame.left)
    chart = Chart(frame=frame, says=says(story), left=at(frame.left), is_line_of_time=True, axis=at(LINE))
    labels = Labels(frame)
    draw_months(chart, labels, scale, y=LINE + 24)
    _draw_today(chart, labels, scale, story)
    _draw_deadline(chart, labels, scale, story)
    _draw_said(chart, labels, scale, story)
    chart.texts = labels.texts
    return chart


def _draw_today(chart: Chart, labels: Labels, scale: Scale, story: Story) -> None:
    if scale.shows(story.day):
        x = scale.x(story.day)
        chart.today = (at(x), "18", at(LINE))
        labels.fix(story.day_label, x, LOWER, MIDDLE, "em")


def _draw_deadline(chart: Chart, labels: Labels, scale: Scale, story: Story) -> None:
    due = story.trajectory.finish.day
    x = scale.x(due)
    chart.stones = [(at(x), at(LINE))]
    words = _("due %(day)s") % {"day": day_short(due)}
    _beside(labels, words, x, UPPER, ends_left=x > width_of(words) + 4, classes="em halo")
    overdue = (story.day - due).days
    if story.verdict.light in Light.needs_attention and overdue > 0:
        end = scale.x(min(story.day, scale.last))
        chart.band = Band(at(x), at(LINE - 8), at(end - x), story.verdict.light)
        late = _("%(days)s overdue") % {"days": days_words(overdue)}
        left = end + 8 + width_of(late) > labels.frame.width
        classes = f"t-{story.verdict.light} halo"
        _beside(labels, late, end, UPPER - 18 if left else UPPER, ends_left=left, classes=classes)


def _beside(labels: Labels, words: str, x: float, y: float, *, ends_left: bool, classes: str) -> None:
    labels.fix(words, x - 8 if ends_left else x + 8, y, END if ends_left else START, classes)


def _draw_said(chart: Chart, labels: Labels, scale: Scale, story: Story) -> None:
    chart.dots = [_place(scale, reading.as_of) for reading in story.readings]
    chart.waiting_dots = [_place(scale, reading.as_of) for reading in story.waiting]
    chart.crosses = [_place(scale, reading.as_of) for reading in story.returned]
    done = next((reading for reading in story.readings if reading.value >= 1), None)
    if done is not None:
        _name_done(labels, scale, done)


def _name_done(labels: Labels, scale: Scale, done: Reading) -> None:
    words, x = _("done %(day)s") % {"day": day_short(done.as_of)}, scale.x(done.as_of)
    low, high = ((-8.0, 0.0, END), (8.0, 0.0, START)), ((-8.0, -16.0, END), (8.0, -16.0, START))
    labels.put(words, x, UPPER, places=(*low, (0.0, -16.0, MIDDLE), *high), classes="em halo")


def _place(scale: Scale, day: date) -> tuple[str, str]:
    return at(scale.x(day)), at(LINE)
