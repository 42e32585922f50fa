"""Many pledges with all their facts, in two queries: what the overview judges, maps and holds to account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from pledges.choices import Light, ReportState
from pledges.models import Campaign, Department, Milestone, Pledge, ProgressReport
from pledges.models.plans import PledgeQuerySet
from pledges.queries.disciplines import Told, told_in
from pledges.queries.facts import Line, entries_from, line_of, thresholds_of, trajectory_of
from pledges.rules.facts import Reading, readings_of
from pledges.rules.lights import light_on
from pledges.rules.trajectory import Trajectory

UNREAD = frozenset({"quote", "metric", "remark", "span_start", "span_end", "theme"})
"""What no row of the overview shows."""

READ = [field.attname for field in Pledge._meta.concrete_fields if field.name not in UNREAD]  # noqa: SLF001  Django's own API


@dataclass(frozen=True, slots=True)
class Gathered:
    """One pledge with its deadlines and every accepted reading by a day, oldest first."""

    pledge: Pledge
    trajectory: Trajectory
    readings: Sequence[Reading]

    @property
    def reading(self) -> Reading | None:
        """The newest."""
        return self.readings[-1] if self.readings else None

    def light_on(self, day: date) -> Light:
        """The light of an earlier day, from the figures true by then."""
        known = [reading for reading in self.readings if reading.as_of <= day]
        thresholds = thresholds_of(self.pledge.campaign)
        return light_on(self.trajectory, known[-1] if known else None, today=day, thresholds=thresholds)[0]

    def line(self, *, today: date) -> Line:
        """The judgement of the day up to which the readings go."""
        return line_of(self.pledge, self.trajectory, self.reading, today=today)

    def stone(self, due: date) -> Milestone:
        """Its deadline of a day."""
        target = next(point.value for point in self.trajectory.milestones if point.day == due)
        return Milestone(pledge=self.pledge, due=due, target=None if self.pledge.is_deliverable else target)


@dataclass(frozen=True, slots=True)
class Gathering:
    """The facts of many pledges, by key, and what was told about them."""

    found: dict[int, Gathered]
    told: Told


class _Stone(NamedTuple):
    """A deadline; many are read, so they are read plainly."""

    due: date
    target: Decimal | None
    put_off_on: date | None


class _Row(NamedTuple):
    """What is asked of a report. Who told when is asked only where discipline is counted."""

    pk: int
    book: int
    as_of: date
    value: Decimal
    corrects: int | None
    state: str = ReportState.ACCEPTED
    author: int | None = None
    submitted_at: datetime | None = None
    reviewed_at: datetime | None = None

    @property
    def facts(self) -> tuple[int, int, date, Decimal, int | None]:
        return self.pk, self.book, self.as_of, self.value, self.corrects


FACTS = ("id", "pledge", "as_of", "value", "corrects")
TELLING = ("state", "author", "submitted_at", "reviewed_at")


def gather(
    pledges: PledgeQuerySet,
    campaign: Campaign,
    departments: dict[int, Department],
    *,
    day: date,
    telling: bool,
) -> Gathering:
    """Pledges of one campaign with their facts of a day. Two queries."""
    own = _stones_of(pledges, campaign, departments)
    rows = _reports_of({pledge.book_id for pledge, _stones in own}, day=day, telling=telling)
    entries = entries_from([row.facts for row in rows if row.state == ReportState.ACCEPTED])
    found = {}
    for pledge, stones in own:
        trajectory = trajectory_of(pledge, stones)
        readings = tuple(readings_of(trajectory, entries.get(pledge.book_id, ())))
        found[pledge.pk] = Gathered(pledge, trajectory, readings)
    sent = [
        (row.book, row.as_of, row.submitted_at, row.reviewed_at, row.state)
        for row in rows
        if row.author is not None and row.submitted_at is not None
    ]
    return Gathering(found, told_in(sent, day=day))


def _stones_of(
    pledges: PledgeQuerySet, campaign: Campaign, departments: dict[int, Department]
) -> list[tuple[Pledge, list[Any]]]:
    """Pledges with their deadlines: whoever promises something has one. Each pledge is made once."""
    wanted = pledges.order_by().values("pk")
    stones = Milestone.objects.filter(pledge__in=wanted).order_by("pledge_id", "due")
    asked = [f"pledge__{name}" for name in READ]
    own: dict[int, tuple[Pledge, list[Any]]] = {}
    for pk, due, target, put_off_on, *fields in stones.values_list("pledge_id", *_Stone._fields, *asked):
        if pk not in own:
            pledge = Pledge.from_db(stones.db, READ, fields)
            pledge.campaign, pledge.department = campaign, departments[pledge.department_id]
            own[pk] = pledge, []
        own[pk][1].append(_Stone(due, target, put_off_on))
    return list(own.values())


def _reports_of(books: set[int], *, day: date, telling: bool) -> list[_Row]:
    reports = ProgressReport.objects.filter(pledge__in=books).known_by(day).order_by("as_of", "id")
    if telling:
        return [_Row(*row) for row in reports.values_list(*FACTS, *TELLING)]
    return [_Row(*row) for row in reports.accepted().values_list(*FACTS)]
