"""How a letter is laid out: a pledge once, in its most urgent section, with everything that is told about it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Self

from pledges.choices import LetterKind, Occasion
from pledges.letters import words
from pledges.letters.rows import Row
from pledges.models import Campaign, Letter, ProgressReport, User
from pledges.queries.board import Counts, counts_on, in_campaign
from pledges.queries.facts import Line
from pledges.queries.letters import Content, LetterLine
from pledges.queries.workdays import office_calendar

SHOWN = 40
"""So many pledges stand in a letter, the most urgent; mail programs cut off what is longer."""

SHOWN_WAITING = 5
NUMBER_LENGTH = 10


def letter_number(letter: Letter) -> str:
    """The short number (编号) by which a reader names a letter; every copy has the same."""
    return letter.message_id.strip("<>")[:NUMBER_LENGTH]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its pledges, and the number of the first."""

    heading: str
    rows: list[Row]
    first: int = 1

    @property
    def occasion(self) -> Occasion:
        return self.rows[0].occasion


@dataclass(frozen=True, slots=True)
class Page:
    """A whole letter: what both its faces, text and HTML, show."""

    letter: Letter
    day: date
    written: str
    rows: list[Row]
    parts: list[Part]
    boards: list[tuple[Campaign, Counts]]
    reported: list[tuple[Line, ProgressReport]]
    posts: str

    @classmethod
    def of(cls, letter: Letter, content: Content, *, now: datetime) -> Self:
        """Lay out what is still true. One query for regular reports, two for each campaign of the leadership."""
        rows = list(_rows(content))
        return cls(
            letter=letter,
            day=content.day,
            written=words.as_of_words(now, content.day),
            rows=rows,
            parts=list(_parts(rows, content.day)),
            boards=_boards(rows, content.recipient, content.day),
            reported=[] if letter.kind == LetterKind.EXTRA else content.waiting,
            posts=words.posts_words(content.lines),
        )

    @property
    def number(self) -> str:
        return letter_number(self.letter)

    @property
    def more(self) -> int:
        """How many pledges are only named."""
        return len(self.rest)

    @property
    def rest(self) -> list[Row]:
        """Those beyond the most urgent: named, so that what counts as told was told."""
        return self.rows[SHOWN:]

    @property
    def has_to_do(self) -> bool:
        """Whether the reader has something to do, or only to know."""
        return any(row.is_to_do for row in self.rows)

    @property
    def is_invented(self) -> bool:
        """Whether the figures of any pledge are made up: then a banner says so."""
        return any(row.campaign.is_invented for row in self.rows)

    @property
    def names_places(self) -> bool:
        """Whether each line must say whose it is."""
        return len({row.pledge.department_id for row in self.rows}) > 1

    @property
    def counted(self) -> list[Row]:
        """The pledges that the subject counts: what is to be done, otherwise what is to be known."""
        first = self.rows[0].occasion
        to_do, alike = _to_do(self.rows), [row for row in self.rows if row.occasion == first]
        # The answers to a leader's directives are no part of what is overdue.
        return to_do or (alike if Occasion.ANSWERED in {row.occasion for row in self.rows} else self.rows)

    @property
    def subject(self) -> str:
        return self._said(words.things_words)

    @property
    def headline(self) -> str:
        """The subject under its day."""
        return self._said(words.things_today)

    def _said(self, things: words.Counted) -> str:
        rows = self.counted
        if not self.has_to_do:
            return _known_words(rows)
        if len(rows) == 1 and rows[0].occasion in Occasion.events:
            return words.event_words(rows[0].occasion, words.cut(rows[0].pledge.title))
        days = min((row.days for row in rows if row.days is not None), default=None)
        if days is None:
            return _counts_of(rows)
        return words.with_urgency(things(len(rows)), days, single=len(rows) == 1)

    @property
    def place(self) -> str:
        """The end of the subject; the leadership's letter is about the whole city."""
        is_leaders = not self.has_to_do and self.rows[0].occasion == Occasion.DIGEST
        departments = [] if is_leaders else [row.department for row in self.counted]
        return words.place_words(list(dict.fromkeys(departments)), self.day)

    @property
    def today(self) -> str:
        return words.weekday_words(self.day)

    @property
    def preheader(self) -> str:
        """The line that mail programs show beside the subject."""
        return words.first_words(_counts_of(self.rows), self.rows[0].title)

    @property
    def waiting(self) -> list[str]:
        """What was reported and nobody has reviewed yet."""
        told = self.reported[:SHOWN_WAITING]
        return [words.waiting_words(line, report, day=self.day) for line, report in told]

    @property
    def more_waiting(self) -> int:
        return len(self.reported[SHOWN_WAITING:])


def _rows(content: Content) -> Iterator[Row]:
    """Each pledge once, where it is most urgent; the leadership's by department, the worst first."""
    told = dict[int, list[LetterLine]]()
    for line in content.lines:
        told.setdefault(line.line.pledge.pk, []).append(line)
    by = _reports_by(content)
    rows = [Row(lines, by) for lines in told.values()]
    yield from (row for row in rows if row.occasion != Occasion.DIGEST)
    digest = [row for row in rows if row.occasion == Occasion.DIGEST]
    worst = Counter[tuple[int, int]]()
    for row in digest:
        worst[_place_of(row)] = max(worst[_place_of(row)], row.days_over)
    yield from sorted(digest, key=lambda row: (-worst[_place_of(row)], _place_of(row), -row.days_over))


def _reports_by(content: Content) -> dict[date, date]:
    """The last working day on or before each closing day that is told. One query, none without reports."""
    cycle = content.sections.get(Occasion.CYCLE, [])
    calendar = office_calendar() if cycle else None
    closing = {line.reminder.due for line in cycle if line.reminder.due}
    return {day: max(calendar.on_or_before(day), content.day) for day in closing if calendar}


def _to_do(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.is_to_do]


def _place_of(row: Row) -> tuple[int, int]:
    return row.pledge.campaign_id, row.pledge.department_id


def _kind_of(row: Row) -> tuple:
    """Rows of the same kind stand under one heading."""
    if row.occasion == Occasion.DIGEST:
        return row.occasion, *_place_of(row)
    if row.occasion == Occasion.CYCLE:
        return row.occasion, row.closes, row.campaign.cycle_months
    return (row.occasion,)


def _parts(rows: list[Row], day: date) -> Iterator[Part]:
    """The sections, up to the number of pledges that a letter shows; headings count all."""
    place, campaigns = 0, len({row.pledge.campaign_id for row in rows})
    for _kind, found in groupby(rows, key=_kind_of):
        alike = list(found)
        if shown := alike[: max(SHOWN - place, 0)]:
            yield Part(_heading(alike, day, names_campaign=campaigns > 1), shown, place + 1)
        place += len(alike)


def _heading(rows: list[Row], day: date, *, names_campaign: bool) -> str:
    row = rows[0]
    if row.occasion == Occasion.DIGEST:
        names = [row.department, *([words.plain(row.campaign)] if names_campaign else [])]
        return words.department_words(names, len(rows), max(row.days_over for row in rows))
    if row.occasion == Occasion.CYCLE and row.closes:
        name = words.report_name(row.campaign, row.closes)
        return words.cycle_words(name, len(rows), by=row.reports_by[row.closes], day=day)
    return words.heading_words(row.occasion, len(rows))


def _counts_of(rows: list[Row]) -> str:
    """How many of which kind."""
    kinds = Counter(row.occasion for row in rows)
    return words.listed(words.count_words(kind, number) for kind, number in kinds.items())


def _known_words(rows: list[Row]) -> str:
    """The subject of those who have nothing to do themselves."""
    number = len(rows)
    if rows[0].occasion == Occasion.ANSWERED:
        return words.answered_words(number)
    if rows[0].occasion == Occasion.DIGEST:
        after = min(row.campaign.leaders_after_days or 0 for row in rows)
        departments = len({row.pledge.department_id for row in rows})
        return words.leader_words(number, after=after, departments=departments)
    after = min(row.campaign.head_after_days or 0 for row in rows)
    return words.head_words(number, after=after, longest=max(row.days_over for row in rows))


def _boards(rows: list[Row], person: User, day: date) -> list[tuple[Campaign, Counts]]:
    """How the campaigns of the leadership's letter stand as a whole."""
    campaigns = {row.pledge.campaign_id: row.campaign for row in rows if row.occasion == Occasion.DIGEST}
    return [(each, counts_on(in_campaign(each, person), day=day)) for each in campaigns.values()]
