"""From rows to what a rule may know: trajectories, thresholds, accepted values."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pledges.choices import WHOLE_UNITS, Basis, Direction
from pledges.models import Campaign, Milestone, Pledge, ProgressReport
from pledges.rules.facts import Reading, Thresholds, latest_reading, readings_of
from pledges.rules.lights import Verdict, judge
from pledges.rules.trajectory import Trajectory, Waypoint

Entries = list[tuple[date, Decimal]]
DONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One pledge with its judgement: what page, sheet, letter and API all show."""

    pledge: Pledge
    trajectory: Trajectory
    reading: Reading | None
    verdict: Verdict

    @property
    def next_due(self) -> date | None:
        """The next deadline whose day is not over, None after the last."""
        days = (stone.day for stone in self.trajectory.milestones)
        return next((day for day in days if day >= self.verdict.judged_on), None)

    @property
    def next_first_due(self) -> date | None:
        """The day on which the next deadline was first due, None where it was never put off."""
        found = (stone.original_due for stone in self.pledge.milestones.all() if stone.due == self.next_due)
        return next(found, None)


def thresholds_of(campaign: Campaign) -> Thresholds:
    """The rules beside the lights, as settings of a campaign."""
    return Thresholds(
        yellow_points=campaign.yellow_points,
        red_points=campaign.red_points,
        due_soon_days=campaign.due_soon_days,
        small_count=campaign.small_count,
        report_day=campaign.report_day,
        cycle_months=campaign.cycle_months,
    )


class BarePledge(NamedTuple):
    """What a trajectory needs to know about a pledge, where many thousand are read."""

    pk: int
    shared_with_id: int | None
    department_id: int
    number: str
    title: str
    basis: str
    direction: str
    strict: bool
    stretch: bool
    statistic: bool
    unit: str
    baseline: Decimal | None
    campaign: Campaign

    @property
    def book_id(self) -> int:
        return self.shared_with_id or self.pk


class BareStone(NamedTuple):
    """The same about a milestone."""

    pk: int
    due: date
    original_due: date | None
    put_off_on: date | None
    target: Decimal | None

    @property
    def first_due(self) -> date:
        return self.original_due or self.due


def _start_of(pledge: Pledge | BarePledge) -> Waypoint | None:
    """Where the number stood on the first day: zero, a known baseline, or unknown."""
    from_zero = pledge.basis in Basis.from_zero | Basis.rates | {Basis.DELIVERABLE}
    baseline = pledge.baseline if pledge.baseline is not None else (Decimal(0) if from_zero else None)
    return None if baseline is None else Waypoint(pledge.campaign.starts_on, baseline)


def _point_of(milestone: Milestone | BareStone, *, original: bool) -> Waypoint:
    value = DONE if milestone.target is None else milestone.target
    if original:
        return Waypoint(milestone.first_due, value)
    return Waypoint(milestone.due, value, milestone.put_off_on)


def trajectory_of(
    pledge: Pledge, milestones: Sequence[Milestone] | None = None, *, original: bool = False
) -> Trajectory:
    """The trajectory of a pledge; its campaign and milestones should be fetched already.

    `original`: by the deadlines as they were promised, whatever was granted since.
    """
    return trajectory_by(pledge, milestones or pledge.milestones.all(), original=original)


def trajectory_by(
    pledge: Pledge | BarePledge, stones: Iterable[Milestone | BareStone], *, original: bool = False
) -> Trajectory:
    """The same by milestones that are at hand."""
    points = sorted((_point_of(each, original=original) for each in stones), key=lambda point: point.day)
    return Trajectory(
        basis=Basis(pledge.basis),
        milestones=tuple(points),
        start=_start_of(pledge),
        direction=Direction(pledge.direction),
        strict=pledge.strict,
        whole=pledge.unit in WHOLE_UNITS,
        stretch=pledge.stretch,
        lag_days=pledge.campaign.statistics_lag_days if pledge.statistic else 0,
    )


def entries_of(pledges: Iterable[Pledge], *, until: date | None = None) -> dict[int, Entries]:
    """Accepted values by book, in order of their days; the last word of a day wins, corrected ones are gone."""
    reports = ProgressReport.objects.accepted().filter(pledge__in={p.book_id for p in pledges})
    if until is not None:
        reports = reports.known_by(until)
    return entries_from(
        list(reports.order_by("as_of", "id").values_list("id", "pledge", "as_of", "value", "corrects"))
    )


def entries_from(rows: Sequence[tuple[int, int, date, Decimal, int | None]]) -> dict[int, Entries]:
    """The same from rows of accepted reports that are fetched already, in order of their days and keys."""
    corrected = {corrects for *_, corrects in rows}
    books: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for pk, book, as_of, value, _corrects in rows:
        if pk not in corrected:
            books[book][as_of] = value
    return {book: list(days.items()) for book, days in books.items()}


def judged(pledges: Iterable[Pledge], *, today: date) -> list[Line]:
    """The judgement of each pledge at the end of a day, from figures true by then. Three queries in all."""
    pledges = list(pledges)
    return judged_from(pledges, entries_of(pledges, until=today), today=today)


def judged_from(pledges: Iterable[Pledge], books: dict[int, Entries], *, today: date) -> list[Line]:
    """The same from figures that are fetched already, by their book."""
    lines = []
    for pledge in pledges:
        trajectory = trajectory_of(pledge)
        reading = latest_reading(trajectory, books.get(pledge.book_id, ()))
        lines.append(line_of(pledge, trajectory, reading, today=today))
    return lines


def line_of(pledge: Pledge, trajectory: Trajectory, reading: Reading | None, *, today: date) -> Line:
    """A pledge with its judgement, from facts that are fetched already."""
    verdict = judge(trajectory, reading, today=today, thresholds=thresholds_of(pledge.campaign))
    return Line(pledge, trajectory, reading, verdict)


def judged_one(pledge: Pledge, *, today: date) -> Line:
    """The judgement of one pledge."""
    return judged([pledge], today=today)[0]


def all_readings(pledge: Pledge, trajectory: Trajectory, *, until: date) -> list[Reading]:
    """Every accepted reading of a pledge, oldest first."""
    return list(readings_of(trajectory, entries_of([pledge], until=until).get(pledge.book_id, ())))
