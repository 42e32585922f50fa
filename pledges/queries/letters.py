"""What a letter says: the reminders that are still true, each with today's judgement."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from pledges.choices import Dropped, Light, Occasion, ReminderState, ReportState, Role
from pledges.models import Letter, Membership, Pledge, ProgressReport, Reminder, User
from pledges.queries.answers import why_not_told
from pledges.queries.board import for_judging
from pledges.queries.duties import (
    Newest,
    close_without_report,
    missed_milestone,
    newest_reports,
    taking_reports,
    unmet_milestones,
)
from pledges.queries.facts import Line, judged
from pledges.queries.recipients import Roster
from pledges.queries.reminders import asks_of
from pledges.rules.reporting import LATE_REPORTING
from pledges.rules.workdays import Calendar

ORDER = (
    Occasion.DIRECTED,
    Occasion.UNANSWERED,
    Occasion.NUDGE,
    Occasion.OVERDUE,
    Occasion.RETURNED,
    Occasion.ANSWER,
    Occasion.AHEAD,
    Occasion.CYCLE,
    Occasion.ESCALATED,
    Occasion.DIGEST,
    Occasion.ANSWERED,
)
"""The sections of a letter, the most urgent first."""


@dataclass(frozen=True, slots=True)
class Office:
    """What the post room knows about a day: working days and who is at their desk. Asked once for many letters."""

    day: date
    calendar: Calendar
    roster: Roster

    @classmethod
    def on(cls, day: date, calendar: Calendar) -> Self:
        return cls(day, calendar, Roster.on(day))


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One reminder that is still true, with its pledge as it stands now."""

    reminder: Reminder
    line: Line
    is_reporter: bool = False
    """Whether its reader gives the figures, and the answers, of the department."""

    @property
    def days_left(self) -> int:
        """Days to the deadline, negative when it is over; 0 where there is none."""
        return (self.reminder.due - self.line.verdict.judged_on).days if self.reminder.due else 0

    @property
    def days_over(self) -> int:
        return -self.days_left


@dataclass(frozen=True, slots=True)
class Content:
    """One letter: its lines by section, what needs no letter any more, and what waits for a reviewer."""

    recipient: User
    day: date
    sections: dict[Occasion, list[LetterLine]]
    dropped: dict[Reminder, Dropped] = field(default_factory=dict)
    waiting: list[tuple[Line, ProgressReport]] = field(default_factory=list)

    @property
    def lines(self) -> list[LetterLine]:
        """Every line, the most urgent first."""
        return [line for lines in self.sections.values() for line in lines]


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of one moment about some letters. A constant number of queries, however many there are."""

    reminders: dict[int, list[Reminder]]
    lines: dict[int, Line]
    newest: Newest
    wanted: frozenset[str]
    waiting: dict[int, list[tuple[Line, ProgressReport]]]

    @classmethod
    def about(cls, letters: Iterable[Letter], office: Office) -> Self:
        """What is known now."""
        readers = {letter.pk: letter.recipient_id for letter in letters}
        reminders = _reminders_of(readers)
        pledges = {found.pledge_id for some in reminders.values() for found in some if found.pledge_id}
        lines = {line.pledge.pk: line for line in _judged(pledges, office.day)}
        newest = newest_reports({line.pledge.book_id for line in lines.values()}, day=office.day)
        wanted = frozenset(_wanted_keys(lines.values(), newest, office.calendar))
        return cls(reminders, lines, newest, wanted, _waiting_for_review(set(readers.values()), office.day))


def content_of(letter: Letter, office: Office, known: Known | None = None) -> Content:
    """Weigh every reminder of a letter against today's facts, where many letters are weighed those known already."""
    known = known or Known.about([letter], office)
    sections: dict[Occasion, list[LetterLine]] = {occasion: [] for occasion in ORDER}
    dropped = dict[Reminder, Dropped]()
    for reminder in known.reminders.get(letter.pk, ()):
        line = known.lines.get(reminder.pledge_id or 0)
        why = _why_not(reminder, line, known, office)
        if why or line is None:
            dropped[reminder] = why or Dropped.GONE
        else:
            posts = office.roster.posts.get(reminder.recipient_id, ())
            told_line = LetterLine(reminder, line, (Role.REPORTER, line.pledge.department_id) in posts)
            sections[Occasion(reminder.occasion)].append(told_line)
    for found in sections.values():
        found.sort(key=_urgency)
    told = {pk: found for pk, found in sections.items() if found}
    waiting = known.waiting.get(letter.recipient_id, []) if told else []
    return Content(letter.recipient, office.day, told, dropped, waiting)


def _reminders_of(letters: Iterable[int]) -> dict[int, list[Reminder]]:
    """Those that were not decided before; a letter that is tried again says what is left."""
    found = Reminder.objects.filter(letter__in=list(letters), state=ReminderState.WAITING).select_related(
        *("pledge__department", "milestone", "report__reviewer", "nudge__by", "on_behalf_of", "recipient"),
        *("directive__pledge", "directive__by", "directive__answered_by"),
    )
    reminders = defaultdict(list)
    for reminder in found:
        reminders[reminder.letter_id or 0].append(reminder)
    return reminders


def _judged(pledges: Iterable[int | None], day: date) -> list[Line]:
    return judged(for_judging(Pledge.objects.filter(pk__in=list(pledges))), today=day)


def _wanted_keys(lines: Iterable[Line], newest: Newest, calendar: Calendar) -> Iterator[str]:
    """The keys that planning would find today; what is not among them is no longer true."""
    for line in lines:
        _report, state = newest.get(line.pledge.book_id, (None, None))
        yield from (ask.key for ask in asks_of(line, state, calendar=calendar) if not ask.is_overtaken)


def _why_not(reminder: Reminder, line: Line | None, known: Known, office: Office) -> Dropped | None:
    """Why a reminder need not be told any more, None where it must."""
    if line is None:
        return Dropped.GONE
    if reminder.directive:
        return why_not_told(reminder, reminder.directive, office.roster)
    return _why_not_asked(reminder, line, known, office)


def _why_not_asked(reminder: Reminder, line: Line, known: Known, office: Office) -> Dropped | None:
    """The same of what is about figures."""
    if line.pledge.campaign.ends_on < office.day - LATE_REPORTING:
        return Dropped.CLOSED
    if not _is_entitled(reminder, line, office.roster):
        return Dropped.LEFT
    report, state = known.newest.get(line.pledge.book_id, (None, None))
    if reminder.occasion == Occasion.RETURNED:
        return None if report and report.pk == reminder.report_id else Dropped.REPORTED
    if reminder.occasion == Occasion.NUDGE:
        return _why_no_nudge(reminder, line, report, state)
    key = reminder.key.rpartition("|")[0]
    return None if key in known.wanted else _changed(reminder, line, state)


def _is_entitled(reminder: Reminder, line: Line, roster: Roster) -> bool:
    """Whether the person is still the one to be told: they hold the post today, or read for who does."""
    if not reminder.recipient.is_active:
        return False
    if reminder.occasion == Occasion.RETURNED:  # also to who is not reminded of anything else
        posts = roster.posts.get(reminder.recipient_id, ())
        return reminder.recipient.is_superuser or (Role.REPORTER, line.pledge.department_id) in posts
    return roster.is_told(reminder.recipient_id, Occasion(reminder.occasion), line.pledge.department_id)


def _why_no_nudge(
    reminder: Reminder, line: Line, report: ProgressReport | None, state: ReportState | None
) -> Dropped | None:
    if line.verdict.light == Light.DONE:
        return Dropped.MET
    nudge = reminder.nudge
    answered = report is not None and nudge is not None and report.submitted_at > nudge.created_at
    return Dropped.REPORTED if answered or state == ReportState.SUBMITTED else None


def _changed(reminder: Reminder, line: Line, state: ReportState | None) -> Dropped:
    """What became of a planned reminder that planning would not find again."""
    if reminder.occasion != Occasion.CYCLE:
        if reminder.milestone is None:
            return Dropped.GONE
        if reminder.milestone.due != reminder.due:
            return Dropped.MOVED
    if state == ReportState.SUBMITTED:
        return Dropped.REPORTED
    if line.verdict.light == Light.DONE:
        return Dropped.MET
    if reminder.occasion == Occasion.CYCLE:
        # The same closing day is still asked for, or there is none any more because a figure serves it.
        is_over = reminder.due is not None and line.verdict.judged_on > reminder.due
        newer = is_over or close_without_report(line) == reminder.due
        return Dropped.OVERTAKEN if newer else Dropped.REPORTED
    return Dropped.OVERTAKEN if _still_unmet(reminder, line) else Dropped.MET


def _still_unmet(reminder: Reminder, line: Line) -> bool:
    """Whether only a newer notice of the same deadline has taken this one's place."""
    missed = missed_milestone(line)
    asked = [*unmet_milestones(line), *([missed] if missed else [])]
    return any(stone.due == reminder.due for stone in asked)


def _urgency(line: LetterLine) -> tuple:
    due = line.reminder.due or date.max
    return (due, line.line.verdict.light.rank, line.line.pledge.number)


def _waiting_for_review(people: set[int], day: date) -> dict[int, list[tuple[Line, ProgressReport]]]:
    """What a reporter has reported and nobody has reviewed, by person: it needs nothing more from them."""
    posts = Membership.objects.filter(user__in=people, role=Role.REPORTER)
    at_home = list(posts.values_list("user", "department"))
    own = ProgressReport.objects.waiting().filter(pledge__department__in={place for _who, place in at_home})
    taken = own.filter(pledge__campaign__in=taking_reports(day)).order_by("id")
    reports = {report.pledge_id: report for report in taken}
    waiting: dict[int, list[tuple[Line, ProgressReport]]] = defaultdict(list)
    for line in _judged(reports, day) if reports else []:
        waiting[line.pledge.department_id].append((line, reports[line.pledge.pk]))
    found: dict[int, list[tuple[Line, ProgressReport]]] = defaultdict(list)
    for person, place in at_home:
        found[person] += waiting.get(place or 0, [])
    return {person: sorted(lines, key=_printed) for person, lines in found.items()}


def _printed(waiting: tuple[Line, ProgressReport]) -> tuple:
    pledge = waiting[0].pledge
    return pledge.campaign_id, pledge.number
