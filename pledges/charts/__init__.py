"""Drawings: pure geometry from a judged pledge, written down as SVG by a template."""

from dataclasses import dataclass

from pledges.charts import deliverable, trajectory
from pledges.charts.rows import Row, rows_of
from pledges.charts.scales import DESK, PHONE
from pledges.charts.story import Chart, Story
from pledges.choices import Basis

__all__ = ["Charts", "Story", "charts_of"]


@dataclass(frozen=True, slots=True)
class Charts:
    """One story drawn for a desk and for a phone, with the table that stands beside it."""

    desk: Chart
    phone: Chart
    rows: list[Row]

    @property
    def is_line_of_time(self) -> bool:
        """A deliverable: days only."""
        return self.desk.is_line_of_time


def charts_of(story: Story) -> Charts:
    """The drawings of a pledge."""
    if story.trajectory.basis == Basis.DELIVERABLE:
        desk, phone = deliverable.draw(story, deliverable.DESK), deliverable.draw(story, deliverable.PHONE)
    else:
        desk, phone = trajectory.draw(story, DESK), trajectory.draw(story, PHONE)
    return Charts(desk, phone, rows_of(story))
