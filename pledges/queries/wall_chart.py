"""The wall chart of a department (挂图作战): every pledge on the axis of the year, with what became of each milestone."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pledges.choices import Outcome, Role
from pledges.models import Campaign, Department, Pledge, User
from pledges.queries.board import for_judging, in_campaign, with_light
from pledges.queries.facts import Line, entries_of, judged
from pledges.rules.facts import readings_of
from pledges.rules.reporting import LATE_REPORTING
from pledges.rules.timeline import outcome_of
from pledges.rules.trajectory import Waypoint

MOST_SPANS = 12
"""So many columns fit on a sheet; a longer campaign has several months in each."""

MONTHS = 12

SHAPES = {
    Outcome.ON_TIME: "done",
    Outcome.LATE: "late",
    Outcome.MISSED: "red",
    Outcome.OPEN: "grey",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A column of the axis: one month, or several."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Stone:
    """A milestone on the axis."""

    day: date
    target: Waypoint
    outcome: Outcome

    @property
    def shape(self) -> str:
        return SHAPES[self.outcome]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one column: its milestones, or nothing at all; today is here."""

    stones: list[Stone]
    is_now: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A pledge on the chart, with a cell in each column of the axis."""

    line: Line
    cells: list[Cell]
    others: list[str]


@dataclass(frozen=True, slots=True)
class Chart:
    """All that hangs on the wall."""

    department: Department
    spans: list[Span]
    rows: list[Row]
    heads: list[User]
    reporters: list[User]

    @property
    def columns(self) -> list[tuple[Span, bool]]:
        """The axis, and whether anything is due in each of its columns: an idle one may be narrow."""
        return [
            (span, any(row.cells[place].stones for row in self.rows)) for place, span in enumerate(self.spans)
        ]


def chart_of(campaign: Campaign, department: Department, user: User, *, day: date) -> Chart:
    """The chart of a day, as a person may see it; in printed order. The number of queries is constant."""
    pledges = in_campaign(campaign, user).filter(department=department)
    lines = judged(for_judging(with_light(pledges, day=day)).order_by("number"), today=day)
    due = [stone.day for line in lines for stone in line.trajectory.milestones]
    spans = spans_of(campaign, until=max(due, default=campaign.ends_on))
    stones = _stones(lines, day=day)
    others = _others(lines)
    people = _people(department)
    return Chart(
        department=department,
        spans=spans,
        rows=[
            Row(
                line,
                _cells(stones[line.pledge.pk], spans, day=day),
                sorted(others[line.pledge.book_id] - {department.name}),
            )
            for line in lines
        ],
        heads=people[Role.HEAD],
        reporters=people[Role.REPORTER],
    )


def spans_of(campaign: Campaign, *, until: date) -> list[Span]:
    """The campaign's months, as many in a column as it takes to keep to twelve columns.

    What was put off beyond them has one column more, to the month of its last deadline.
    """
    begin, end = _ordinal(campaign.starts_on), _ordinal(campaign.ends_on)
    step = -(-(end - begin + 1) // MOST_SPANS)
    marks = [*range(begin, end + 1, step), end + 1]
    after = _ordinal(min(until, campaign.ends_on + LATE_REPORTING)) + 1
    marks += [after] if after > end + 1 else []
    return [
        Span(_first(left), date.fromordinal(_first(right).toordinal() - 1)) for left, right in pairwise(marks)
    ]


def _ordinal(day: date) -> int:
    return day.year * MONTHS + day.month - 1


def _first(month: int) -> date:
    return date(month // MONTHS, month % MONTHS + 1, 1)


def _stones(lines: list[Line], *, day: date) -> dict[int, list[Stone]]:
    books = entries_of([line.pledge for line in lines], until=day)
    found = {}
    for line in lines:
        readings = list(readings_of(line.trajectory, books.get(line.pledge.book_id, ())))
        found[line.pledge.pk] = [
            Stone(stone.day, stone, outcome_of(line.trajectory, stone, readings, today=day)[0])
            for stone in line.trajectory.milestones
        ]
    return found


def _cells(stones: list[Stone], spans: list[Span], *, day: date) -> list[Cell]:
    """Each milestone in its column; what lies beyond the axis stands at its end."""
    places: dict[int, list[Stone]] = defaultdict(list)
    for stone in stones:
        found = next((place for place, span in enumerate(spans) if span.holds(stone.day)), None)
        places[_end(stone, spans) if found is None else found].append(stone)
    return [Cell(places[place], span.holds(day)) for place, span in enumerate(spans)]


def _end(stone: Stone, spans: list[Span]) -> int:
    return 0 if stone.day < spans[0].first else len(spans) - 1


def _others(lines: list[Line]) -> dict[int, set[str]]:
    """Which departments promised the same thing."""
    books = {line.pledge.book_id for line in lines}
    found: dict[int, set[str]] = defaultdict(set)
    leads = Pledge.objects.filter(pk__in=books).values_list("pk", "department__name")
    shares = Pledge.objects.filter(shared_with__in=books).values_list("shared_with", "department__name")
    for book, name in (*leads, *shares):
        if book is not None:
            found[book].add(name)
    return found


def _people(department: Department) -> dict[str, list[User]]:
    """Who heads the department and who reports for it; those who have left are not named."""
    found: dict[str, list[User]] = defaultdict(list)
    posts = department.memberships.filter(user__is_active=True, role__in=Role.of_a_department)
    for post in posts.select_related("user").order_by("user__name", "user_id"):
        found[post.role].append(post.user)
    return found
