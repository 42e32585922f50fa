"""What a reporter has to do: each pledge once, in its most urgent section, with one thing to do about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.timezone import localdate

from pledges.choices import Light, Reason, ReportState, Role
from pledges.models import Campaign, Department, Pledge, ProgressReport, User
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import DUE_WITHIN, for_judging
from pledges.queries.facts import Line, judged, thresholds_of
from pledges.rules.cycles import next_close
from pledges.rules.reporting import LATE_REPORTING
from pledges.rules.trajectory import meets
from pledges.wording import rough

PASSED_UNMET = frozenset({Reason.MISSED, Reason.STRETCH_MISSED})


class Section(StrEnum):
    """The four heaps, the most urgent first. What waits for review asks nothing of its reporter."""

    OVERDUE = "overdue"
    RETURNED = "returned"
    DUE = "due"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Task:
    """One pledge in its section. `due` is the day that makes it urgent, None in the other sections."""

    section: Section
    line: Line
    newest: ProgressReport | None
    state: ReportState | None
    due: date | None = None
    closes: date | None = None

    @property
    def days(self) -> int:
        """Days left to `due`, negative when it is over."""
        return (self.due - self.line.verdict.judged_on).days if self.due else 0

    @property
    def days_over(self) -> int:
        return -self.days

    @property
    def waited(self) -> int:
        """Days since the newest report was sent."""
        if self.newest is None:
            return 0
        return (self.line.verdict.judged_on - localdate(self.newest.submitted_at)).days

    @property
    def expected(self) -> Decimal | None:
        """Where the line stands today, None without a line."""
        expected = self.line.verdict.expected
        return None if expected is None else rough(expected)

    @property
    def is_returned(self) -> bool:
        return self.state == ReportState.RETURNED

    @property
    def is_for_cycle(self) -> bool:
        """Whether it is the regular report that is due, not a milestone."""
        return self.due is not None and self.due == self.closes


@dataclass(frozen=True, slots=True)
class Share:
    """A department's pledges in a campaign, by light."""

    campaign: Campaign
    department: Department
    lights: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.lights.total()

    @property
    def counts(self) -> list[tuple[Light, int]]:
        """The lights that are there, trouble first."""
        return [(light, self.lights[light]) for light in Light if self.lights[light]]


@dataclass(frozen=True, slots=True)
class Work:
    """The work of one person on a day."""

    day: date
    sections: dict[Section, list[Task]]
    shares: list[Share]
    next_due: date | None

    @property
    def to_do(self) -> int:
        """How many pledges want something from the reporter."""
        return sum(len(tasks) for section, tasks in self.sections.items() if section != Section.WAITING)

    @property
    def due_by(self) -> date | None:
        """The last day among those that come soon."""
        return max((task.due for task in self.sections[Section.DUE] if task.due), default=None)

    @property
    def campaigns(self) -> list[Campaign]:
        return list({share.campaign.pk: share.campaign for share in self.shares}.values())

    @property
    def invented(self) -> Campaign | None:
        """The campaign of a rehearsal among them: its banner stands over the whole page."""
        return next((campaign for campaign in self.campaigns if campaign.is_invented), None)

    @property
    def has_departments(self) -> bool:
        """Whether rows must say whose they are."""
        return len({share.department.pk for share in self.shares}) > 1


def own_pledges(user: User, *, day: date) -> PledgeQuerySet:
    """What a person reports for, in the campaigns that take figures on a day."""
    own = Department.objects.filter(memberships__user=user, memberships__role=Role.REPORTER)
    taking = Campaign.objects.shown().filter(starts_on__lte=day, ends_on__gte=day - LATE_REPORTING)
    return Pledge.objects.visible_to(user).filter(department__in=own, campaign__in=taking)


def work_for(user: User, *, day: date) -> Work:
    """Everything that is due, returned, overdue or waiting. Six queries, however many pledges."""
    pledges = for_judging(own_pledges(user, day=day)).order_by("-campaign__starts_on", "campaign", "number")
    lines = judged(pledges, today=day)
    newest = _newest_reports({line.pledge.book_id for line in lines}, day=day)
    tasks = (_task(line, *newest.get(line.pledge.book_id, (None, None))) for line in lines)
    return Work(
        day=day,
        sections=_sections(task for task in tasks if task),
        shares=_shares(lines),
        next_due=min((line.next_due for line in lines if line.next_due and _is_open(line)), default=None),
    )


def _is_open(line: Line) -> bool:
    return line.verdict.light != Light.DONE


def _newest_reports(books: set[int], *, day: date) -> dict[int, tuple[ProgressReport, ReportState]]:
    """The newest report of each book with its state as it was in the evening of a day."""
    found = {}
    said = ProgressReport.objects.filter(pledge__in=books).exclude(state=ReportState.WITHDRAWN)
    for report in said.select_related("reviewer").order_by("id"):
        if localdate(report.submitted_at) <= day:
            found[report.pledge_id] = (report, _state_on(report, day))
    return found


def _state_on(report: ProgressReport, day: date) -> ReportState:
    if report.reviewed_at and localdate(report.reviewed_at) > day:
        return ReportState.SUBMITTED
    return ReportState(report.state)


def _task(line: Line, newest: ProgressReport | None, state: ReportState | None) -> Task | None:
    """What a pledge asks of its reporter, None where it asks nothing."""
    if state == ReportState.SUBMITTED:
        return Task(Section.WAITING, line, newest, state)
    stone, closes = line.verdict.milestone, _close_without_report(line)
    if line.verdict.reason in PASSED_UNMET and stone:
        return Task(Section.OVERDUE, line, newest, state, stone.day)
    if state == ReportState.RETURNED:
        return Task(Section.RETURNED, line, newest, state)
    due = min((day for day in (_unmet_day(line), closes) if day), default=None)
    if due and due - line.verdict.judged_on <= DUE_WITHIN:
        return Task(Section.DUE, line, newest, state, due, closes)
    return None


def _unmet_day(line: Line) -> date | None:
    """The next milestone that the accepted value does not reach yet."""
    if not _is_open(line):
        return None
    value = line.verdict.actual
    for stone in line.trajectory.milestones:
        if stone.day >= line.verdict.judged_on and (
            value is None or line.trajectory.is_ceiling or not meets(line.trajectory, stone.value, value)
        ):
            return stone.day
    return None


def _close_without_report(line: Line) -> date | None:
    """The closing day of the running cycle where no figure serves it; None where none is asked for.

    Without a line, and with nothing said yet, a pledge owes no regular report: only its milestone counts.
    """
    rule, day = thresholds_of(line.pledge.campaign), line.verdict.judged_on
    cycle = {"report_day": rule.report_day, "cycle_months": rule.cycle_months}
    closes = next_close(day, **cycle)
    if not _is_open(line) or closes > line.pledge.campaign.ends_on:
        return None
    if line.reading is None:
        return closes if line.trajectory.has_line(rule.small_count) else None
    heard = line.reading.as_of + timedelta(days=line.trajectory.lag_days)
    return closes if next_close(heard, **cycle) < closes else None


def _sections(tasks: Iterable[Task]) -> dict[Section, list[Task]]:
    sections: dict[Section, list[Task]] = {section: [] for section in Section}
    for task in tasks:
        sections[task.section].append(task)
    for found in sections.values():
        found.sort(key=lambda task: (task.due or date.max, task.newest.pk if task.newest else 0))
    return sections


def _shares(lines: list[Line]) -> list[Share]:
    shares: dict[tuple[int, int], Share] = {}
    for line in lines:
        pledge = line.pledge
        key = (pledge.campaign_id, pledge.department_id)
        share = shares.setdefault(key, Share(pledge.campaign, pledge.department))
        share.lights[line.verdict.light] += 1
    return list(shares.values())
