"""One pledge in a letter: what is told about it, by when, and how it stands."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.choices import Light, Occasion
from pledges.letters.words import left_words, plain, report_name, weekday_words
from pledges.models import Campaign, Directive, Nudge, Pledge, ProgressReport
from pledges.queries.duties import missed_milestone
from pledges.queries.facts import Line
from pledges.queries.letters import LetterLine
from pledges.rules.trajectory import Waypoint, meets
from pledges.rules.typed import clean_lines
from pledges.wording import day_words, rough, target_words, value_words, what_to_do, with_unit


@dataclass(frozen=True, slots=True)
class Row:
    """One pledge in a letter: every reminder about it, the most urgent first.

    `reports_by` is the last working day for the regular report of a closing day.
    """

    told: list[LetterLine]
    reports_by: dict[date, date]

    @property
    def occasion(self) -> Occasion:
        return Occasion(self.told[0].reminder.occasion)

    @property
    def line(self) -> Line:
        return self.told[0].line

    @property
    def pledge(self) -> Pledge:
        return self.line.pledge

    @property
    def campaign(self) -> Campaign:
        return self.pledge.campaign

    @property
    def light(self) -> Light:
        return self.line.verdict.light

    @property
    def number(self) -> str:
        return plain(self.pledge.number)

    @property
    def title(self) -> str:
        return plain(self.pledge.title)

    @property
    def department(self) -> str:
        return plain(self.pledge.department)

    @property
    def is_to_do(self) -> bool:
        """Whether the reader reports for it; heads and leaders look at it."""
        return self.occasion in Occasion.to_reporters

    @property
    def is_returned(self) -> bool:
        return any(told.reminder.report_id for told in self.told)

    @property
    def is_directed(self) -> bool:
        """Whether a directive is the most urgent about it: then it opens where that stands."""
        return self.occasion in Occasion.of_directives

    @property
    def to_answer(self) -> Directive | None:
        """The directive that its reader answers, where that is the most urgent."""
        first = self.told[0]
        is_theirs = self.occasion in Occasion.to_answer and first.is_reporter
        return first.reminder.directive if is_theirs else None

    @property
    def is_pressing(self) -> bool:
        """Whether its button stands out."""
        is_over = self.days is not None and self.days <= 0
        return self.is_to_do and (is_over or self.occasion in Occasion.by_hand)

    @property
    def days(self) -> int | None:
        """Days to the most urgent about it, below zero when over; None where no day was told or missed."""
        missed = missed_milestone(self.line, stretch=False)  # a stretch goal that is missed is no failure
        dues = [told.reminder.due for told in self.told] + [missed.due if missed else None]
        days = [(due - self.line.verdict.judged_on).days for due in dues if due]
        return min(days, default=None)

    @property
    def days_over(self) -> int:
        return -(self.days or 0)

    @property
    def closes(self) -> date | None:
        """The closing day of the regular report, where that is told."""
        found = (told.reminder for told in self.told if told.reminder.occasion == Occasion.CYCLE)
        return next((reminder.due for reminder in found), None)

    @property
    def notes(self) -> list[tuple[Occasion, str]]:
        """What a person wrote: the reason of a return, the words of an urging."""
        found = ((Occasion(told.reminder.occasion), note_words(told)) for told in self.told)
        return [(occasion, note) for occasion, note in found if note]

    @property
    def deadlines(self) -> list[tuple[bool, str]]:
        """Its milestones that are told, each with whether it is over; without one, the missed or the next."""
        missed, today = missed_milestone(self.line), self.line.verdict.judged_on
        told = [found.reminder.due for found in self.told if found.reminder.milestone_id]
        dues = told or [missed.due if missed else self.line.next_due]
        is_stretch = self.pledge.stretch
        said = [
            (due < today and not is_stretch, deadline_words(self.line, due))
            for due in dict.fromkeys(dues)
            if due
        ]
        if self.closes and self.occasion != Occasion.CYCLE:
            name = report_name(self.campaign, self.closes)
            said.append((False, report_by_words(name, self.reports_by[self.closes], day=today)))
        return said

    @property
    def standing(self) -> str:
        return standing_words(self.line)

    @property
    def to_green(self) -> str:
        return what_to_do(self.line)


def deadline_words(line: Line, due: date) -> str:
    """A milestone with its day, its target, the days to it and what is missing to it."""
    pledge, today = line.pledge, line.verdict.judged_on
    stone = next((found for found in line.trajectory.milestones if found.day == due), None)
    missing = _missing(line, stone)
    values = {
        "day": weekday_words(due, near=today),
        "left": left_words((due - today).days),
        "target": target_words(pledge, stone.value) if stone else "",
        "missing": missing,
    }
    if stone is None or pledge.is_deliverable:
        return _("Due %(day)s, %(left)s.") % values
    if missing:
        return _("%(target)s due %(day)s, %(left)s, %(missing)s to go.") % values
    return _("%(target)s due %(day)s, %(left)s.") % values


def _missing(line: Line, stone: Waypoint | None) -> str:
    """What a number that only grows still lacks to a milestone."""
    if stone is None or line.reading is None or line.trajectory.is_ceiling or line.trajectory.strict:
        return ""
    if meets(line.trajectory, stone.value, line.reading.value):
        return ""
    return with_unit(abs(stone.value - line.reading.value), line.pledge.unit)


def report_by_words(name: str, by: date, *, day: date) -> str:
    """That the regular report is asked for as well, where a line is in another section."""
    return _("%(report)s due by %(day)s.") % {"report": name, "day": weekday_words(by, near=day)}


def standing_words(line: Line) -> str:
    """What was accepted last and what is expected today, for a deliverable whether it is done."""
    pledge, verdict = line.pledge, line.verdict
    values = {
        "actual": value_words(pledge, verdict.actual),
        "day": day_words(verdict.as_of, near=verdict.judged_on) if verdict.as_of else "",
        "expected": expected_words(line),
    }
    if pledge.is_deliverable:
        return (
            _("not done (as of %(day)s)") if verdict.as_of else _("not done, nothing reported yet")
        ) % values
    if verdict.as_of is None:
        return (
            _("nothing reported yet, %(expected)s") if values["expected"] else _("nothing reported yet")
        ) % values
    if not values["expected"]:
        return _("%(actual)s accepted (as of %(day)s)") % values
    return _("%(actual)s accepted (as of %(day)s), %(expected)s") % values


def expected_words(line: Line) -> str:
    """Where the line is today; of a statistic on the day whose figure can be out."""
    verdict = line.verdict
    if verdict.expected is None:
        return ""
    value = with_unit(rough(verdict.expected), line.pledge.unit)
    if verdict.compared_on == verdict.judged_on:
        return _("%(value)s expected today") % {"value": value}
    by = day_words(verdict.compared_on, near=verdict.judged_on)
    return _("%(value)s expected by %(day)s") % {"value": value, "day": by}


def note_words(told: LetterLine) -> str:
    """What the reviewer wrote who returned a report, or whoever urged or directed; empty otherwise."""
    if told.reminder.directive:
        return directive_words(told, told.reminder.directive)
    if told.reminder.report:
        return returned_words(told.reminder.report, near=told.line.verdict.judged_on)
    return urged_words(told.reminder.nudge) if told.reminder.nudge else ""


def returned_words(report: ProgressReport, *, near: date) -> str:
    """The reason word for word, who gave it and when."""
    day = localdate(report.reviewed_at) if report.reviewed_at else near
    return _("Returned by %(who)s on %(day)s: %(reason)s") % {
        "who": plain(report.reviewer or ""),
        "day": day_words(day, near=near),
        "reason": clean_lines(report.return_reason),
    }


def urged_words(nudge: Nudge) -> str:
    """Who urges, and in which"""
    said = clean_lines(nudge.words)
    values = {"who": plain(nudge.by), "day": day_words(nudge.day, near=nudge.day), "words": said}
    return (
        _("Urged by %(who)s on %(day)s: %(words)s") if said else _("Urged by %(who)s on %(day)s.")
    ) % values


def directive_words(told: LetterLine, directive: Directive) -> str:
    """Who directs what, by when it is answered; once it is, the answer."""
    today = told.line.verdict.judged_on
    if told.reminder.occasion == Occasion.ANSWERED:
        return _("Your directive: %(words)s\nAnswer of %(who)s: %(answer)s") % {
            "words": clean_lines(directive.words),
            "who": plain(directive.answered_by or ""),
            "answer": clean_lines(directive.answer),
        }
    return _("Directive of %(who)s: %(words)s\nTo be answered by %(day)s, %(left)s.") % {
        "who": plain(directive.by),
        "words": clean_lines(directive.words),
        "day": weekday_words(directive.answer_by, near=today),
        "left": left_words(told.days_left),
    }
