"""What a figure would do if it were accepted. Nothing is saved, nothing is locked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pledges.choices import Basis, Entry, ReportState
from pledges.models import Pledge, ProgressReport
from pledges.queries.board import for_judging
from pledges.queries.facts import Entries, Line, entries_of, judged, judged_from, thresholds_of
from pledges.queries.reports import book_of
from pledges.rules.checks import is_jump
from pledges.rules.facts import Reading, latest_reading, readings_of
from pledges.rules.lights import judge
from pledges.rules.reporting import Fault, Said, faults_in, total_of
from pledges.rules.trajectory import Waypoint, meets, next_milestone
from pledges.wording import rough

RECENT = 4
"""So many earlier reports stand beside the form."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The first milestone that a value does not reach, and by how much."""

    stone: Waypoint
    amount: Decimal
    is_past: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A pledge as it stands, and as it would stand with one more accepted figure.

    `known` are the accepted figures without it, oldest first.
    """

    before: Line
    after: Line
    said: Said
    total: Decimal
    faults: tuple[Fault, ...] = ()
    known: tuple[Reading, ...] = ()

    @property
    def changes_light(self) -> bool:
        """Whether the light would be another one; done and done late are two."""
        was, will = self.before.verdict, self.after.verdict
        return (was.light, was.is_late) != (will.light, will.is_late)

    @property
    def can_be_taken(self) -> bool:
        """Whether nothing but a note or names are missing."""
        return all(fault.at in {"note", "names"} for fault in self.faults)

    @property
    def is_period(self) -> bool:
        """Whether the figure was typed for this period only, so that its total must be shown."""
        return self.said.entry == Entry.PERIOD

    @property
    def difference(self) -> Decimal | None:
        """How much more than the last accepted figure; None where there is none to compare with."""
        last = self.before.reading
        return None if last is None or self.before.pledge.is_deliverable else self.total - last.value

    @property
    def jumps(self) -> bool:
        """Whether the unit was mistaken, more likely than not."""
        last = self.before.reading
        return last is not None and is_jump(last.value, self.total)

    @property
    def distance(self) -> Decimal:
        """The difference without its sign."""
        return abs(self.difference or Decimal(0))

    @property
    def counts_up(self) -> bool:
        """Whether what is missing can be named as an amount to be added."""
        return self.before.trajectory.basis in Basis.from_zero and self.before.trajectory.sense > 0

    @property
    def missing(self) -> Missing | None:
        """What the next milestone still asks for; a ceiling that was broken cannot be mended."""
        trajectory, today = self.after.trajectory, self.after.verdict.judged_on
        unmet = (stone for stone in trajectory.milestones if not meets(trajectory, stone.value, self.total))
        stone = next(unmet, None)
        if stone is None or trajectory.is_ceiling or trajectory.basis == Basis.DELIVERABLE:
            return None
        return Missing(stone, abs(stone.value - self.total), is_past=stone.day < today)


def _with_entry(line: Line, entries: Entries, said: Said, total: Decimal) -> Line:
    """The judgement of the same day, had the figure been accepted."""
    days = dict(entries) | {said.as_of: total}
    known = sorted(entry for entry in days.items() if entry[0] <= line.verdict.judged_on)
    reading = latest_reading(line.trajectory, known)
    thresholds = thresholds_of(line.pledge.campaign)
    verdict = judge(line.trajectory, reading, today=line.verdict.judged_on, thresholds=thresholds)
    return replace(line, reading=reading, verdict=verdict)


def preview_of(pledge: Pledge, said: Said, *, today: date) -> Preview:
    """What a clerk's figure would do, with the reasons why it cannot be taken, if any."""
    books = entries_of([pledge], until=today)
    line = judged_from([pledge], books, today=today)[0]
    book = book_of(pledge)
    total = total_of(book, said)
    entries = books.get(pledge.book_id, [])
    after = _with_entry(line, entries, said, total)
    faults = tuple(faults_in(book, said, today=today))
    return Preview(line, after, said, total, faults, known=tuple(readings_of(line.trajectory, entries)))


def said_in(report: ProgressReport) -> Said:
    """A stored report as it was said."""
    return Said(report.as_of, report.typed_value, report.note, Entry(report.entry))


def previews_of(reports: Iterable[ProgressReport], *, today: date) -> dict[int, Preview]:
    """What each waiting report would do if it alone were accepted. Three queries in all."""
    reports = list(reports)
    pledges = list(for_judging(Pledge.objects.filter(pk__in={report.pledge_id for report in reports})))
    books = entries_of(pledges, until=today)
    lines = {line.pledge.pk: line for line in judged_from(pledges, books, today=today)}
    previews = {}
    for report in reports:
        line, said = lines[report.pledge_id], said_in(report)
        entries = books.get(report.pledge_id, [])
        after = _with_entry(line, entries, said, report.value)
        known = tuple(readings_of(line.trajectory, entries))
        previews[report.pk] = Preview(line, after, said, report.value, known=known)
    return previews


def previews_for(sayings: Sequence[tuple[Pledge, Said]], *, today: date) -> list[Preview]:
    """What each figure would do if it alone were accepted, in the order given. Three queries in all.

    The totals are given: a sheet knows no figures of one period.
    """
    pledges = {pledge.pk: pledge for pledge, _said in sayings}
    books = entries_of(pledges.values(), until=today)
    lines = {line.pledge.pk: line for line in judged_from(pledges.values(), books, today=today)}
    previews = []
    for pledge, said in sayings:
        line, entries = lines[pledge.pk], books.get(pledge.book_id, [])
        after = _with_entry(line, entries, said, said.value)
        previews.append(
            Preview(line, after, said, said.value, known=tuple(readings_of(line.trajectory, entries)))
        )
    return previews


@dataclass(frozen=True, slots=True)
class Background:
    """What stands beside the form: where the pledge is, where it should be, what was said last."""

    line: Line
    recent: list[ProgressReport]
    newest: ProgressReport | None

    @property
    def expected(self) -> Decimal | None:
        """Where the line stands on the day that is compared, None without a line."""
        expected = self.line.verdict.expected
        return None if expected is None else rough(expected)

    @property
    def next_stone(self) -> Waypoint | None:
        """The next milestone, None after the last and where it is the whole promise."""
        stone = next_milestone(self.line.trajectory, self.line.verdict.judged_on)
        return None if stone == self.line.trajectory.finish else stone

    @property
    def returned(self) -> ProgressReport | None:
        """The newest report, where it was sent back: what was typed then is offered again."""
        return self._newest_in(ReportState.RETURNED)

    @property
    def waiting(self) -> ProgressReport | None:
        """The newest report, where nobody has reviewed it yet."""
        return self._newest_in(ReportState.SUBMITTED)

    def _newest_in(self, state: ReportState) -> ProgressReport | None:
        return self.newest if self.newest and self.newest.state == state else None


def background_of(pledge: Pledge, *, today: date) -> Background:
    """The facts beside the form."""
    said = ProgressReport.objects.filter(pledge=pledge.book_id).exclude(state=ReportState.WITHDRAWN)
    said = said.select_related("author", "reviewer", "source")
    return Background(
        line=judged([pledge], today=today)[0],
        recent=list(said.order_by("-as_of", "-id")[:RECENT]),
        newest=said.order_by("-id").first(),
    )
