"""One department: its lights, its reporting discipline, its pledges."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localdate

from pledges.choices import Light, ReportState
from pledges.models import Campaign, Department, ProgressReport, User
from pledges.queries.board import Counts, DueRow, due_among, for_judging, in_campaign, with_light
from pledges.queries.facts import Line, judged, thresholds_of
from pledges.rules.discipline import Discipline, closed_cycles, discipline_of


@dataclass(frozen=True, slots=True)
class DepartmentBoard:
    """What one department promised, and how it stands on a day."""

    day: date
    counts: Counts
    lines: list[Line]
    discipline: Discipline
    due: list[DueRow]


def department_board(campaign: Campaign, department: Department, user: User, *, day: date) -> DepartmentBoard:
    """Everything about a department that a person may see; no lines before the campaign begins."""
    pledges = in_campaign(campaign, user).filter(department=department)
    lines = judged(for_judging(with_light(pledges, day=day)).order_by("number"), today=day)
    counts = Counts()
    for line in lines:
        counts.by_light[line.verdict.light] += 1
    return DepartmentBoard(
        day=day,
        counts=counts,
        lines=sorted(lines, key=lambda line: (line.verdict.light.rank, line.pledge.number)),
        discipline=_discipline(campaign, lines, day=day),
        due=due_among(lines, day=day),
    )


def _discipline(campaign: Campaign, lines: list[Line], *, day: date) -> Discipline:
    """Counted on the books: a shared pledge owes its figures once in each department."""
    said: dict[int, list[tuple[date, date]]] = defaultdict(list)
    returned: dict[int, int] = defaultdict(int)
    books = {line.pledge.book_id for line in lines}
    reports = ProgressReport.objects.filter(pledge__in=books, author__isnull=False).known_by(day)
    rows = reports.values_list("pledge", "as_of", "submitted_at", "reviewed_at", "state")
    for book, as_of, submitted, reviewed, state in rows:
        if state == ReportState.RETURNED:
            returned[book] += localdate(reviewed) <= day
        elif state in ReportState.live and localdate(submitted) <= day:
            said[book].append((as_of, localdate(submitted)))
    thresholds = thresholds_of(campaign)
    total = Discipline()
    for line in lines:
        closes = closed_cycles(campaign.starts_on, _owes_until(campaign, line), day, thresholds)
        book = line.pledge.book_id
        total += discipline_of(said[book], closes, thresholds=thresholds, returned=returned[book])
    return total


def _owes_until(campaign: Campaign, line: Line) -> date:
    """A pledge that is done owes nothing after the day on which it was reached."""
    reached = line.reading.reached_on if line.reading and line.verdict.light == Light.DONE else None
    return min(reached - timedelta(days=1) if reached else campaign.ends_on, campaign.ends_on)
