"""The made-up courses of a synthetic plan: what is promised, what is said of it, and how that is judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random

from django.utils import timezone

from pledges.actions.standings import standings_of
from pledges.choices import Basis, ReportState
from pledges.models import Campaign, Milestone, Pledge, ProgressReport, Standing, User

NOTE = "合成数据"

MOSTLY_ACCEPTED = 90
RETURNED_UP_TO = 95
"""Of a hundred last reports: 90 accepted, 5 returned, 5 waiting. Earlier ones are accepted."""

STRETCH_ONE_IN = 25
PACES = (65, 125)
"""Per cent of the planned progress, the slowest and the fastest."""

SILENT_ONE_IN = 5
SILENCES = (20, 150)
"""One pledge in five was last reported so many days before the plan was made; the others in the cycle before."""

WITHIN_MONTHS_ONE_IN = 3
"""Two deadlines in three end with a month; the third falls on one of these days."""
DAYS_WITHIN = (5, 10, 15, 20, 25)


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of promise in the mixture: how often it comes, and its targets."""

    weight: int
    basis: Basis
    unit: str
    targets: tuple[int, int]
    months: tuple[int, ...]


SHAPES = (
    Shape(45, Basis.DELIVERABLE, "", (1, 1), (5, 6, 9, 10, 11, 12)),
    Shape(20, Basis.CUMULATIVE, "家", (20, 3000), (12,)),
    Shape(10, Basis.CUMULATIVE, "亿元", (20, 200), (6, 9, 12)),
    Shape(10, Basis.NEW, "个", (1, 8), (12,)),
    Shape(5, Basis.SHARE, "%", (20, 100), (12,)),
    Shape(5, Basis.GROWTH, "%", (4, 20), (12,)),
    Shape(5, Basis.COMPLETION, "%", (45, 100), (10, 12)),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who reports and who reviews in a plan that nobody signed."""

    author: User
    reviewer: User


@dataclass(frozen=True, slots=True)
class Course:
    """One pledge's year, without its name: the rows are not stored, and their keys are empty."""

    pledge: Pledge
    stones: list[Milestone]
    reports: list[ProgressReport]
    standings: list[Standing]


def course_of(campaign: Campaign, cast: Cast, *, seed: str, reports: int, today: date) -> Course:
    """A course drawn from its seed alone, judged by the rules."""
    dice = Random(seed)  # noqa: S311  made-up plans keep no secret
    shape = dice.choices(SHAPES, [shape.weight for shape in SHAPES])[0]
    pledge = Pledge(
        campaign=campaign, unit=shape.unit, basis=shape.basis, stretch=dice.randrange(STRETCH_ONE_IN) == 0
    )
    stones = list(_stones(pledge, dice, shape))
    said = list(_reports(stones[-1], cast, dice, _days(dice, reports, campaign.starts_on, today)))
    entries = {report.as_of: report.value for report in said if report.state == ReportState.ACCEPTED}
    return Course(pledge, stones, said, standings_of(pledge, list(entries.items()), stones))


def _stones(pledge: Pledge, dice: Random, shape: Shape) -> Iterator[Milestone]:
    """One deadline of several for a deliverable; for a number one in each month of its shape."""
    year, target = pledge.campaign.starts_on.year, dice.randint(*shape.targets)
    is_deliverable = shape.basis == Basis.DELIVERABLE
    months = (dice.choice(shape.months),) if is_deliverable else shape.months
    within = dice.choice(DAYS_WITHIN) if dice.randrange(WITHIN_MONTHS_ONE_IN) == 0 else None
    for place, month in enumerate(months, start=1):
        due = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        share = (Decimal(target) * place / len(months)).quantize(Decimal(1))
        yield Milestone(
            due=due.replace(day=within) if within else due, target=None if is_deliverable else share
        )


def _days(dice: Random, number: int, first: date, today: date) -> list[date]:
    """The days of so many reports: about as even as a clerk is, the last one a while ago where a pledge fell silent."""
    silent = dice.randrange(SILENT_ONE_IN) == 0
    gone = dice.randint(*SILENCES) if silent else dice.randrange(SILENCES[0])
    days = max((today - first).days - gone, 0)
    return [first + timedelta(days=days * nth // number) for nth in range(1, number + 1)]


def _reports(last: Milestone, cast: Cast, dice: Random, days: list[date]) -> Iterator[ProgressReport]:
    """A report on each of the days; together they rise at a pace of their own."""
    pace = Decimal(dice.randint(*PACES)) / 100
    whole = Decimal(1) if last.target is None else last.target
    first = date(last.due.year, 1, 1)
    for place, as_of in enumerate(days, start=1):
        passed = min(pace * (as_of - first).days / (last.due - first).days, Decimal(1))
        value = (whole * passed).quantize(Decimal(1), ROUND_DOWN)
        report = ProgressReport(as_of=as_of, value=value, typed_value=value, note=NOTE, author=cast.author)
        yield _handled(report, cast, _state(dice) if place == len(days) else ReportState.ACCEPTED)


def _handled(report: ProgressReport, cast: Cast, state: ReportState) -> ProgressReport:
    """A made-up report with what was decided about it."""
    report.state = state
    report.submitted_at = timezone.make_aware(datetime.combine(report.as_of, time(8, 30)))
    if state != ReportState.SUBMITTED:
        report.reviewer, report.reviewed_at = cast.reviewer, report.submitted_at + timedelta(hours=1)
        report.return_reason = NOTE if state == ReportState.RETURNED else ""
    return report


def _state(dice: Random) -> ReportState:
    lot = dice.randrange(100)
    if lot < MOSTLY_ACCEPTED:
        return ReportState.ACCEPTED
    return ReportState.RETURNED if lot < RETURNED_UP_TO else ReportState.SUBMITTED
