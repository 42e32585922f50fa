"""What a department has to do: each pledge once, in its most urgent section, with one thing to do about it.

Reporters do it; heads look at the same heaps.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.timezone import localdate

from pledges.choices import Light, ReportState, Role
from pledges.models import Campaign, Department, Nudge, Pledge, ProgressReport, User
from pledges.models.plans import PledgeQuerySet
from pledges.queries.blockers import Hitch, to_remove
from pledges.queries.board import DUE_WITHIN, for_judging
from pledges.queries.directives import Slip, unanswered_by
from pledges.queries.duties import (
    close_without_report,
    is_open,
    missed_milestone,
    newest_reports,
    taking_reports,
    unmet_milestones,
)
from pledges.queries.facts import Line, judged
from pledges.queries.nudges import is_answered, latest_nudges
from pledges.wording import rough


class Section(StrEnum):
    """The heaps, in the order of the page. What waits for review asks nothing of its reporter.

    What is urged stands in the heap it belongs to anyway; URGED holds what would be in none yet.
    """

    URGED = "urged"
    OVERDUE = "overdue"
    RETURNED = "returned"
    DUE = "due"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Task:
    """One pledge in its section. `due` is the day that makes it urgent, None in the other sections.

    `nudge` is the last urging that nobody has answered with a report.
    """

    section: Section
    line: Line
    newest: ProgressReport | None
    state: ReportState | None
    due: date | None = None
    closes: date | None = None
    nudge: Nudge | None = None

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
    """The work of one person on a day. `reports`: the departments that they report for; heads only look."""

    day: date
    sections: dict[Section, list[Task]]
    shares: list[Share]
    next_due: date | None
    directives: list[Slip]
    blockers: list[Hitch] = field(default_factory=list)
    reports: frozenset[int] = frozenset()

    @property
    def to_do(self) -> int:
        """How many directives, blockers and pledges want something from the department."""
        asking = (tasks for section, tasks in self.sections.items() if section != Section.WAITING)
        return len(self.directives) + len(self.blockers) + sum(map(len, asking))

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
        directed = [slip.directive.pledge.campaign for slip in self.directives]
        hindered = [hitch.blocker.pledge.campaign for hitch in self.blockers]
        mixed = [*self.campaigns, *directed, *hindered]
        return next((campaign for campaign in mixed if campaign.is_invented), None)

    @property
    def has_departments(self) -> bool:
        """Whether rows must say whose they are."""
        return len({share.department.pk for share in self.shares}) > 1


def own_pledges(user: User, *, day: date) -> PledgeQuerySet:
    """What a person reports for or heads, in the campaigns that take figures on a day."""
    own = user.departments_as(Role.of_a_department)
    return Pledge.objects.visible_to(user).filter(department__in=own, campaign__in=taking_reports(day))


def work_for(user: User, *, day: date) -> Work:
    """Everything that is directed, in the way, due, returned, overdue or waiting. Ten queries, however many pledges."""
    pledges = for_judging(own_pledges(user, day=day)).order_by("-campaign__starts_on", "campaign", "number")
    lines = judged(pledges, today=day)
    newest = newest_reports({line.pledge.book_id for line in lines}, day=day)
    nudges = latest_nudges((line.pledge.pk for line in lines), day=day)
    tasks = (_task(line, newest.get(line.pledge.book_id), nudges.get(line.pledge.pk)) for line in lines)
    return Work(
        day=day,
        sections=_sections(task for task in tasks if task),
        shares=_shares(lines),
        next_due=min((line.next_due for line in lines if line.next_due and is_open(line)), default=None),
        directives=unanswered_by(user, roles=(Role.REPORTER, Role.HEAD), day=day),
        blockers=to_remove(user, day=day),
        reports=_reported_for(user),
    )


def _reported_for(user: User) -> frozenset[int]:
    """The departments whose figures a person gives."""
    return frozenset(user.departments_as({Role.REPORTER}))


def _task(line: Line, said: tuple[ProgressReport, ReportState] | None, nudge: Nudge | None) -> Task | None:
    """What a pledge asks of its reporter, None where it asks nothing."""
    newest, state = said or (None, None)
    if state == ReportState.SUBMITTED:
        return Task(Section.WAITING, line, newest, state)
    if nudge and (is_answered(nudge, newest) or not is_open(line)):
        nudge = None
    if missed := missed_milestone(line):
        return Task(Section.OVERDUE, line, newest, state, missed.due, nudge=nudge)
    if state == ReportState.RETURNED:
        return Task(Section.RETURNED, line, newest, state, nudge=nudge)
    closes = close_without_report(line)
    unmet = next((stone.due for stone in unmet_milestones(line)), None)
    due = min((day for day in (unmet, closes) if day), default=None)
    if due and due - line.verdict.judged_on <= DUE_WITHIN:
        return Task(Section.DUE, line, newest, state, due, closes, nudge)
    return Task(Section.URGED, line, newest, state, due, closes, nudge) if nudge else None


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
