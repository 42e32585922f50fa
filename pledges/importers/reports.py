"""Reports that people send as a sheet: every row is checked as the form would, before any is taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pledges.actions.imports import Saying, row_words
from pledges.errors import FaultsError
from pledges.forms.fields import DayField, NumberField
from pledges.forms.reports import NOTE_LENGTH
from pledges.importers.sheets import Row, SheetFault, read_rows
from pledges.models import Pledge, ProgressReport, User
from pledges.permissions import can_report
from pledges.queries.reports import book_of
from pledges.refusals import fault_words
from pledges.rules.facts import Reading
from pledges.rules.reporting import Book, Said, faults_in

COLUMNS = ("pledge", "as_of", "value", "note")

IMPORTED = UUID("5b0a3c1e-6f0f-4f4d-9c43-8d3f1a7b2026")
"""Names the reports that came in a sheet: the same row by the same person has the same key."""

NOTE = forms.CharField(required=False, max_length=NOTE_LENGTH)
DAY = DayField()


@dataclass(slots=True)
class Outcome:
    """What a sheet would do: what is new, how much is there already, and every fault with its place."""

    new: list[Saying] = field(default_factory=list)
    unchanged: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, column: str, words: str) -> None:
        """One fault, named by row and column."""
        self.faults.append((line, row_words(line, column, words)))


def read_reports(name: str, content: bytes, *, author: User, is_accepted: bool, today: date) -> Outcome:
    """What the rows of a sheet say. Nothing is saved.

    Raises FaultsError with every fault, row by row, where there is one.
    """
    try:
        rows = read_rows(name, content, columns=COLUMNS)
    except SheetFault as fault:
        raise FaultsError(str(fault)) from fault
    outcome = Outcome()
    sayings = _sayings(rows, author, outcome)
    _Checker(outcome, today=today, is_accepted=is_accepted).check(sayings)
    if outcome.faults:
        raise FaultsError(*(words for _line, words in sorted(outcome.faults)))
    return outcome


def _sayings(rows: list[Row], author: User, outcome: Outcome) -> list[Saying]:
    """Every row that can be read, in the order in which it must be said."""
    pledges = _open_pledges({row.cells["pledge"].strip() for row in rows}, author)
    sayings = []
    for row in rows:
        pledge = pledges.get(row.cells["pledge"].strip())
        if pledge is None:
            code = row.cells["pledge"].strip()
            outcome.refuse(
                row.line, "pledge", _("There is no pledge %(code)s for you.") % {"code": repr(code)}
            )
        elif said := _said(row, pledge, outcome):
            sayings.append(Saying(row.line, pledge, said, _key(pledge, said, author)))
    return sorted(sayings, key=lambda saying: (saying.said.as_of, saying.line))


def _open_pledges(codes: Iterable[str], author: User) -> dict[str, Pledge]:
    """What a person may report about. What they may not is not told from what there is not."""

    @cache
    def may_report(department_id: int) -> bool:
        return can_report(author, Pledge(department_id=department_id))

    found = Pledge.objects.visible_to(author).filter(code__in=codes).select_related("campaign", "department")
    return {pledge.code: pledge for pledge in found if may_report(pledge.department_id)}


def _said(row: Row, pledge: Pledge, outcome: Outcome) -> Said | None:
    """The row in the form's own fields; None where a cell has a fault."""
    fields = {"as_of": DAY, "value": NumberField(unit=pledge.unit), "note": NOTE}
    values = {}
    for column, box in fields.items():
        try:
            values[column] = box.clean(row.cells[column])
        except ValidationError as fault:
            for words in fault.messages:
                outcome.refuse(row.line, column, words)
    return Said(**values) if len(values) == len(fields) else None


def _key(pledge: Pledge, said: Said, author: User) -> UUID:
    words = (author.username, pledge.book_id, said.as_of, said.value.normalize(), said.note)
    return uuid5(IMPORTED, "\n".join(map(str, words)))


class _Checker:
    """Says the rows to copies of the books, so that each is checked after those before it."""

    def __init__(self, outcome: Outcome, *, today: date, is_accepted: bool) -> None:
        self.outcome, self.today, self.is_accepted = outcome, today, is_accepted
        self.books: dict[int, Book] = {}
        self.lines: dict[tuple[int, date], int] = {}

    def check(self, sayings: list[Saying]) -> None:
        keys = [saying.key for saying in sayings]
        said_before = set(ProgressReport.objects.filter(key__in=keys).values_list("key", flat=True))
        for saying in sayings:
            if saying.key in said_before or self._is_known(saying):
                self.outcome.unchanged += 1
            elif not self._has_faults(saying):
                self._take(saying)

    def _book(self, saying: Saying) -> Book:
        book_id = saying.pledge.book_id
        if book_id not in self.books:
            self.books[book_id] = book_of(saying.pledge)
        return self.books[book_id]

    def _is_known(self, saying: Saying) -> bool:
        """Whether the same value of the same day counts or waits already."""
        return any(
            reading.as_of == saying.said.as_of and reading.value == saying.said.value
            for reading in self._book(saying).live
        )

    def _has_faults(self, saying: Saying) -> bool:
        place = (saying.pledge.book_id, saying.said.as_of)
        if place in self.lines:
            words = _("Row %(row)s already gives a value as of this day.") % {"row": self.lines[place]}
            self.outcome.refuse(saying.line, "as_of", words)
            return True
        faults = faults_in(self._book(saying), saying.said, today=self.today)
        for column, all_words in fault_words(faults, saying.pledge).items():
            for words in all_words:
                self.outcome.refuse(saying.line, column, words)
        return bool(faults)

    def _take(self, saying: Saying) -> None:
        book, said = self._book(saying), saying.said
        self.lines[saying.pledge.book_id, said.as_of] = saying.line
        self.outcome.new.append(saying)
        others = (reading for reading in book.live if reading.as_of != said.as_of)
        self.books[saying.pledge.book_id] = replace(
            book,
            live=(*others, Reading(said.as_of, said.value)),
            accepted_on=book.accepted_on | ({said.as_of} if self.is_accepted else set()),
            waiting_on=book.waiting_on | (set() if self.is_accepted else {said.as_of}),
        )
