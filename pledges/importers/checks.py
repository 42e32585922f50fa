"""The rows of a sheet, each held against what is known: by the same rules as the form, before any is taken."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pledges.actions.imports import Saying
from pledges.choices import ReportState
from pledges.exports.filling import in_every_language
from pledges.forms.fields import NO_NULL, DayField, NumberField, sheet_messages
from pledges.forms.reports import DONE_OR_NOT, NOTE_LENGTH
from pledges.importers.sheets import Row
from pledges.models import Pledge, ProgressReport, User
from pledges.permissions import can_report
from pledges.queries.board import for_judging
from pledges.queries.closings import with_closing
from pledges.queries.reports import books_of
from pledges.refusals import fault_words, undone_words
from pledges.rules.evidence import evidence_faults
from pledges.rules.reporting import Book, Said, faults_in

COLUMNS = ("pledge", "as_of", "value", "note")
NOTE = forms.CharField(required=False, max_length=NOTE_LENGTH, error_messages=NO_NULL)
DAY = DayField(error_messages={"required": DayField.default_error_messages["empty"]})

KeyOf = Callable[[Pledge, Said, Row], UUID]


@dataclass(slots=True)
class Checked:
    """A row with what became of it: what it says of which pledge, or its faults by column.

    `is_known`: the same value of the same day counts or waits already. `book` is what was known before it.
    """

    row: Row
    pledge: Pledge | None = None
    saying: Saying | None = None
    book: Book | None = None
    is_known: bool = False
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether it says something, and may."""
        return self.saying is not None and not self.is_known and not self.faults


def check_rows(
    rows: Sequence[Row], *, author: User, key_of: KeyOf, is_accepted: bool = False, today: date
) -> list[Checked]:
    """What becomes of each row, each checked after those of earlier days. As many queries for any number of rows."""
    pledges = open_pledges({code_in(row) for row in rows}, author)
    checked = [_read(row, pledges.get(code_in(row)), key_of) for row in rows]
    spoken = [each for each in checked if each.saying]
    spoken.sort(key=lambda each: (each.saying.said.as_of, each.row.line) if each.saying else ())
    checker = _Checker(pledges.values(), today=today, is_accepted=is_accepted)
    for each in checked:
        each.book = checker.books[each.pledge.book_id] if each.pledge else None
    checker.check(spoken)
    return checked


def code_in(row: Row) -> str:
    """The code of the pledge that a row names."""
    return row.cells["pledge"].strip()


def open_pledges(codes: Iterable[str], author: User) -> dict[str, Pledge]:
    """What a person may report about. What they may not is not told from what there is not."""

    @cache
    def may_report(department_id: int) -> bool:
        return can_report(author, Pledge(department_id=department_id))

    found = for_judging(Pledge.objects.visible_to(author).filter(code__in=codes))
    return {pledge.code: pledge for pledge in found if may_report(pledge.department_id)}


def _read(row: Row, pledge: Pledge | None, key_of: KeyOf) -> Checked:
    checked = Checked(row, pledge)
    if pledge is None:
        words = _("There is no pledge %(code)s for you.") % {"code": repr(code_in(row))}
        checked.faults.append(("pledge", words))
    elif said := _said(checked, pledge):
        checked.saying = Saying(row.line, pledge, said, key_of(pledge, said, row))
    return checked


def _said(checked: Checked, pledge: Pledge) -> Said | None:
    """The row in the form's own fields; None where a cell has a fault."""
    number = NumberField(unit=pledge.unit, error_messages=sheet_messages(pledge.unit))
    fields = {"as_of": DAY, "value": number, "note": NOTE}
    cells = checked.row.cells | {"value": _plain_value(checked.row.cells["value"], pledge)}
    values = {}
    for column, box in fields.items():
        try:
            if column in checked.row.faults:
                raise ValidationError(str(checked.row.faults[column]))  # noqa: TRY301  told with the others
            values[column] = box.clean(cells[column])
        except ValidationError as fault:
            checked.faults += [(column, words) for words in fault.messages]
    return Said(**values) if len(values) == len(fields) else None


def _plain_value(text: str, pledge: Pledge) -> str:
    """What is done or under way may be said in words."""
    return done_words().get(text.strip(), text) if pledge.is_deliverable else text


def done_words() -> dict[str, str]:
    """The words for done and under way in every language of the house, with what is stored for them."""
    return {word: value for value, words in DONE_OR_NOT for word in in_every_language(words)}


class _Checker:
    """Says the rows to copies of the books, so that each is checked after those before it."""

    def __init__(self, pledges: Iterable[Pledge], *, today: date, is_accepted: bool) -> None:
        self.today, self.is_accepted = today, is_accepted
        pledges = list(pledges)
        self.pledges = {pledge.pk: pledge for pledge in pledges}
        found = books_of(pledges)
        self.books = {pledge.book_id: found[pledge.pk] for pledge in reversed(pledges)}
        closed = with_closing(Pledge.objects.filter(pk__in=found)).filter(closed=True)
        self.closed = set(closed.values_list("pk", flat=True)) if found else set()
        self.lines: dict[tuple[int, date], int] = {}

    def check(self, spoken: Iterable[Checked]) -> None:
        spoken = list(spoken)
        keys = [each.saying.key for each in spoken if each.saying]
        states = dict(ProgressReport.objects.filter(key__in=keys).values_list("key", "state"))
        for each in spoken:
            saying = each.saying
            if saying is None:
                continue
            each.book = self.books[saying.pledge.book_id]
            state = states.get(saying.key)
            each.is_known = state in ReportState.live or _is_known(each.book, saying.said)
            if state and not each.is_known:
                each.faults.append(("value", undone_words(ReportState(state))))
            elif not each.is_known:
                each.faults += self._faults(each.book, saying)
            if each.is_new:
                self._take(each.book, saying)

    def _faults(self, book: Book, saying: Saying) -> list[tuple[str, str]]:
        place = (saying.pledge.book_id, saying.said.as_of)
        if place in self.lines:
            words = _("Row %(row)s already gives a value as of this day.") % {"row": self.lines[place]}
            return [("as_of", words)]
        if saying.pledge.pk in self.closed:
            return [("pledge", _("This pledge is closed and takes no more figures."))]
        found = [
            *faults_in(book, saying.said, today=self.today),
            *evidence_faults(book, saying.said, files=0),
        ]
        told = fault_words(found, saying.pledge)
        return [(column, words) for column, all_words in told.items() for words in all_words]

    def _take(self, book: Book, saying: Saying) -> None:
        said = saying.said
        self.lines[saying.pledge.book_id, said.as_of] = saying.line
        self.books[saying.pledge.book_id] = book.with_said(said, is_accepted=self.is_accepted)


def _is_known(book: Book, said: Said) -> bool:
    """Whether the same value of the same day counts or waits already."""
    return any(reading.as_of == said.as_of and reading.value == said.value for reading in book.live)
