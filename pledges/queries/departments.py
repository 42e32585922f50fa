"""One department: its lights, its reporting discipline, its pledges."""

from dataclasses import dataclass
from datetime import date

from pledges.models import Campaign, Department, ProgressReport, User
from pledges.queries.board import Counts, DueRow, due_among, for_judging, in_campaign, with_light
from pledges.queries.disciplines import discipline_on, told_in
from pledges.queries.facts import Line, judged
from pledges.rules.discipline import Discipline


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
    books = {line.pledge.book_id for line in lines}
    reports = ProgressReport.objects.filter(pledge__in=books, author__isnull=False).known_by(day)
    rows = reports.values_list("pledge", "as_of", "submitted_at", "reviewed_at", "state")
    owing = [(line.pledge.book_id, line.reading) for line in lines]
    return discipline_on(campaign, owing, told_in(rows, day=day), day=day)
