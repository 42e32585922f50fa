"""The sheet that a person fills in: what is known stands there locked, three columns are open.

Uploaded again it is read by the same heads, whatever language they were written in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, override, pgettext, pgettext_lazy
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pledges.exports.xlsx import CONTENT_TYPE, cell_of, clean_title, fit_to_page, head_of, saved
from pledges.models import Campaign
from pledges.queries.sheets import Form
from pledges.rules.reporting import LATE_REPORTING
from pledges.rules.trajectory import next_milestone
from pledges.wording import day_words, target_words, value_words

__all__ = ["CONTENT_TYPE", "HEADS", "filename", "render", "render_typed"]

HEADS: dict[str, Promise] = {
    "number": pgettext_lazy("filling", "No."),
    "department": pgettext_lazy("filling", "Department"),
    "title": pgettext_lazy("filling", "Pledge"),
    "unit": pgettext_lazy("filling", "Unit"),
    "target": pgettext_lazy("filling", "Next target"),
    "due": pgettext_lazy("filling", "Due"),
    "last": pgettext_lazy("filling", "Last accepted"),
    "last_day": pgettext_lazy("filling", "Accepted as of"),
    "as_of": pgettext_lazy("filling", "Data as of"),
    "value": pgettext_lazy("filling", "Figure"),
    "note": pgettext_lazy("filling", "Note"),
    "pledge": pgettext_lazy("filling", "Code (leave as it is)"),
    "seen": pgettext_lazy("filling", "Known report (leave as it is)"),
    "problem": pgettext_lazy("filling", "Problem"),
}
OPEN = ("as_of", "value", "note")
WIDTHS = {"number": 10, "department": 16, "title": 46, "unit": 9, "note": 40, "pledge": 22, "problem": 60}
WIDTH, NOTE_LENGTH = 14, 2000
MOST = 10**14

GREY = PatternFill("solid", start_color="EEF1F4")
INK = Font(color="5C6976")
EDGE = Side("thin", color="C3CBD3")
FRAME = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
TITLES = {
    "figures": pgettext_lazy("filling", "Figures"),
    "how": pgettext_lazy("filling", "How to fill in"),
}
DONE, UNDER_WAY = pgettext_lazy("report", "Done"), pgettext_lazy("report", "Under way")


def in_every_language(words: Promise) -> list[str]:
    """The same words in every language of the house, the reader's own first."""
    own = get_language() or settings.LANGUAGE_CODE
    codes = [own, *(code for code, _name in settings.LANGUAGES if code != own)]
    found = []
    for code in codes:
        with override(code):
            found.append(str(words))
    return list(dict.fromkeys(found))


def filename(campaign: Campaign, day: date) -> str:
    """A name that says what it is and of which day."""
    return f"{campaign.code}-{gettext('figures')}-{day:%Y-%m-%d}.xlsx"


@dataclass(frozen=True, slots=True)
class _Line:
    """One row to write: its cells by column, and whether it is done or not instead of a number."""

    cells: Mapping[str, Any]
    is_deliverable: bool = False


def render(forms: Sequence[Form], campaign: Campaign, *, today: date) -> bytes:
    """The empty form of some pledges."""
    return _render([_line(form, today) for form in forms], campaign, list(HEADS)[:-1], today)


def render_typed(cells: Iterable[Mapping[str, str]], campaign: Campaign, *, today: date) -> bytes:
    """A form as it was sent in, with what is wrong beside each row."""
    return _render([_Line(row) for row in cells], campaign, list(HEADS), today)


def _line(form: Form, today: date) -> _Line:
    line, pledge = form.line, form.line.pledge
    stone = next_milestone(line.trajectory, today) or line.trajectory.finish
    is_plain = not pledge.is_deliverable
    words = target_words(pledge, stone.value)
    actual = line.verdict.actual
    known = {
        "number": pledge.number,
        "department": pledge.department.name,
        "title": pledge.title,
        "unit": pledge.unit,
        "target": words
        if pledge.is_deliverable or pledge.strict or line.trajectory.sense < 0
        else stone.value,
        "due": stone.day,
        "last": actual if is_plain or actual is None else value_words(pledge, actual),
        "last_day": line.verdict.as_of,
        "pledge": pledge.code,
        "seen": form.seen,
    }
    return _Line(known, pledge.is_deliverable)


def _render(lines: Sequence[_Line], campaign: Campaign, columns: Sequence[str], today: date) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(clean_title(str(TITLES["figures"])))
    _lay_out(sheet, columns)
    _check(sheet, lines, columns, campaign)
    sheet.append([_told(head_of(sheet, str(HEADS[column])), column) for column in columns])
    for line in lines:
        sheet.append([_cell(sheet, line.cells.get(column), column) for column in columns])
    _explain(book.create_sheet(clean_title(str(TITLES["how"]))), campaign, today)
    return saved(book)


def _lay_out(sheet: Any, columns: Sequence[str]) -> None:
    """Widths, heads that stay, locked cells without a password, and a page that is one sheet wide."""
    for at, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = WIDTHS.get(column, WIDTH)
    sheet.freeze_panes = "D2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    fit_to_page(sheet)


def _told(cell: Cell, column: str) -> Cell:
    cell.fill, cell.border = GREY, FRAME
    cell.font = Font(bold=True, color="174A8C" if column in OPEN else "15202B")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Any, column: str) -> Cell:
    cell = cell_of(sheet, None if value == "" else value) or WriteOnlyCell(sheet)
    cell.border = FRAME
    cell.alignment = Alignment(vertical="top", wrap_text=column in {"title", "note", "problem"})
    if column not in OPEN:
        cell.fill, cell.font = GREY, INK
        if column == "seen":
            cell.number_format = "0"  # a number of a row, no amount
        return cell
    cell.protection = Protection(locked=False)
    if column == "as_of":
        cell.number_format = "yyyy-mm-dd"
    elif column == "note":
        cell.number_format = "@"
    return cell


def _check(sheet: Any, lines: Sequence[_Line], columns: Sequence[str], campaign: Campaign) -> None:
    """What the office program asks while somebody types. It warns only: what is right is decided on upload."""
    if not lines:
        return
    rows = range(2, len(lines) + 2)
    whole = {column: f"{_letter(columns, column)}2:{_letter(columns, column)}{rows[-1]}" for column in OPEN}
    day = _warning("date", gettext("A day of the campaign, such as 2026-06-30."))
    day.operator = "between"
    day.formula1 = _serial(campaign.starts_on)
    day.formula2 = _serial(campaign.ends_on + LATE_REPORTING)
    day.add(whole["as_of"])
    note = _warning("textLength", gettext("At most 2000 characters."))
    note.operator, note.formula1 = "lessThanOrEqual", str(NOTE_LENGTH)
    note.add(whole["note"])
    number = _warning("decimal", gettext("Digits only; the unit stands on the left."))
    number.operator, number.formula1, number.formula2 = "between", f"-{MOST}", f"{MOST}"
    done = _warning("list", gettext("Choose done or under way."))
    done.formula1 = f'"{DONE},{UNDER_WAY}"'
    for at, line in zip(rows, lines, strict=True):
        (done if line.is_deliverable else number).add(f"{_letter(columns, 'value')}{at}")
    for asked in (day, note, number, done):
        if asked.sqref:
            sheet.data_validations.append(asked)


def _letter(columns: Sequence[str], column: str) -> str:
    return get_column_letter(columns.index(column) + 1)


def _warning(kind: Any, words: str) -> DataValidation:
    asked = DataValidation(type=kind, allow_blank=True, errorStyle="warning", error=words)
    asked.showErrorMessage = True
    return asked


def _serial(day: date) -> str:
    """A day as sheets count them."""
    return str((day - date(1899, 12, 30)) // timedelta(days=1))


def _explain(sheet: Any, campaign: Campaign, today: date) -> None:
    """The same in words, for whoever got the sheet passed on."""
    sheet.column_dimensions["A"].width = 100
    fit_to_page(sheet)
    sheet.append([head_of(sheet, str(TITLES["how"]))])
    for words in _words(campaign, today):
        cell = cell_of(sheet, words)
        if cell:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.append([cell])


def _words(campaign: Campaign, today: date) -> list[str]:
    words = {"campaign": campaign.name, "day": day_words(today), "done": DONE, "under_way": UNDER_WAY}
    told = [
        gettext("%(campaign)s, as of %(day)s. Fill in the three columns with blue heads, leave the grey ones as they are."),
        gettext("Data as of: the day on which the figure was true, such as 2026-06-30. Not later than the day of uploading."),
        gettext("Figure: digits only, in the unit on the left. Of a running total always the total since the beginning, not what one month added."),
        gettext("For what has no number choose %(done)s or %(under_way)s."),
        gettext("Note: at most 2000 characters. It is needed where a total falls or an accepted figure is corrected."),
        gettext("A row whose three columns are empty is left out. Rows may be deleted; a pledge may have several rows for several days."),
        gettext("Write values, not formulas. Do not hide rows or columns and do not merge cells: such a file is refused."),
        gettext("Save it as .xlsx or .csv and upload it where it was downloaded. What would change is shown first; nothing is taken unconfirmed."),
        gettext("A figure that completes a pledge needs evidence, a list of names needs its page: report those through the form."),
    ]  # fmt: skip
    if campaign.is_invented:
        told.append(gettext("Rehearsal data: the progress in this sheet is invented."))
    return [
        pgettext("filling", "%(at)s. %(words)s") % {"at": at, "words": said % words}
        for at, said in enumerate(told, start=1)
    ]
