"""What is drawn about a pledge, and the drawing that comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from pledges.charts.labels import Text
from pledges.charts.scales import Frame
from pledges.choices import Light
from pledges.rules.facts import Reading, Thresholds
from pledges.rules.forecast import Forecast
from pledges.rules.lights import Verdict
from pledges.rules.numbers import format_number
from pledges.rules.trajectory import Trajectory, next_milestone
from pledges.wording import day_words, rough, with_unit


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that is drawn about a pledge up to a day. `waiting` and `returned` count for nothing."""

    trajectory: Trajectory
    thresholds: Thresholds
    verdict: Verdict
    unit: str
    starts_on: date
    ends_on: date
    readings: Sequence[Reading] = ()
    waiting: Sequence[Reading] = ()
    returned: Sequence[Reading] = ()
    forecast: Forecast | None = None
    is_today: bool = True

    @property
    def day(self) -> date:
        """The day of the judgement: "today" in the drawing."""
        return self.verdict.judged_on

    @property
    def day_label(self) -> str:
        """The day of the judgement in words; "today" only where it is."""
        words = day_words(self.day, near=self.starts_on)
        return _("Today, %(day)s") % {"day": words} if self.is_today else words

    @property
    def has_line(self) -> bool:
        """Whether there is a line to be behind."""
        return self.trajectory.has_line(self.thresholds.small_count)

    @property
    def said(self) -> list[Reading]:
        """All that was said, counted or not."""
        return [*self.readings, *self.waiting, *self.returned]


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of days on the axis of a deliverable."""

    x: str
    y: str
    width: str
    light: Light


@dataclass(slots=True)
class Chart:
    """One drawing, ready to be written down: paths are SVG, coordinates are text."""

    frame: Frame
    says: str
    left: str
    is_line_of_time: bool = False
    grid: list[str] = field(default_factory=list)
    ticks: list[str] = field(default_factory=list)
    axis: str = ""
    plan: str = ""
    floors: list[str] = field(default_factory=list)
    fan: str = ""
    fan_mid: str = ""
    real: str = ""
    waits: list[str] = field(default_factory=list)
    stones: list[tuple[str, str]] = field(default_factory=list)
    dots: list[tuple[str, str]] = field(default_factory=list)
    waiting_dots: list[tuple[str, str]] = field(default_factory=list)
    crosses: list[tuple[str, str]] = field(default_factory=list)
    today: tuple[str, str, str] | None = None
    gap: str = ""
    gap_light: str = ""
    band: Band | None = None
    texts: list[Text] = field(default_factory=list)


def day_short(day: date) -> str:
    """A day where there is little room: 6/30."""
    return f"{day.month}/{day.day}"


def last_shown(story: Story) -> date:
    """The campaign's last day, or a later one on which something was said, or to which a deadline was put off."""
    return max([story.ends_on, story.trajectory.finish.day, *(reading.as_of for reading in story.said)])


def range_words(forecast: Forecast, unit: str = "") -> str:
    """The range of a forecast, its unit once: 170–195 亿元."""
    low, high = forecast.landing.low, forecast.landing.high
    return f"{format_number(low)}–{with_unit(high, unit)}"


def says(story: Story) -> str:
    """The drawing in a sentence, for those who do not see it."""
    verdict, unit = story.verdict, story.unit
    following = next_milestone(story.trajectory, story.day) or story.trajectory.finish
    words = [_("Next milestone %(day)s: %(target)s.") % {
        "day": day_words(following.day, near=story.day), "target": with_unit(following.value, unit)
    }]  # fmt: skip
    if verdict.expected is not None:
        expected = with_unit(rough(verdict.expected), unit)
        by = day_words(verdict.compared_on, near=story.day)
        words.append(_("Expected by %(day)s: %(value)s.") % {"day": by, "value": expected})
    if verdict.actual is not None:
        words.append(_("Accepted: %(value)s.") % {"value": with_unit(verdict.actual, unit)})
    if story.forecast:
        words.append(_("Forecast: %(range)s.") % {"range": range_words(story.forecast, unit)})
    return " ".join([*words, _("The numbers stand in the table.")])
