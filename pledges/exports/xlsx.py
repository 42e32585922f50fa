"""Spreadsheets that say what the page says, and are safe to open.

openpyxl makes a formula of text that begins with "=", and cuts long text silently; both are undone here. It also
keeps every sheet in a file until the last row is there; here its writer writes straight into the archive that is
on its way out, so a book begins at once and is never whole anywhere.
"""

import re
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, RawIOBase
from itertools import chain, islice
from typing import IO, Any
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.timezone import is_aware, make_naive
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.page import PageMargins
from openpyxl.writer.excel import ExcelWriter

from pledges.rules.numbers import format_number

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAX_TEXT = 32_767  # characters of a cell, counted by Excel in UTF-16 units
CUT_MARK = "…(已截断)"
MAX_TITLE = 31
MAX_DIGITS = 15  # a sheet's number is a double: further digits would be changed
MEASURED_ROWS = 50  # widths are written before the rows, which may be many
MIN_WIDTH, MAX_WIDTH = 8, 36
A4 = 9
"""As sheets call it."""

Pieces = Generator[bytes, None, None]
PIECE = 4 * 1024  # bytes that leave together: what comes sooner waits for more
MOST_ROWS = 400_000
"""A part of an archive that every program opens has less than 2 GB: five kilobytes a row. Excel ends at 1,048,576 lines."""

RUNS_ON, ON_TOP = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")

# Controls, halves of pairs and non-characters: XML or Excel refuses the whole file for one of them.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\\t\r\n]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: its name, its heads, its rows, and sentences under them, by which no column is measured.

    `widths` None is measured from the first rows.
    """

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[float] | None = None
    notes: Sequence[str] = ()


def write_sheet(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    widths: Sequence[float] | None = None,
) -> bytes:
    """One sheet: a bold row of heads that stays in view, then the rows, each value as what it is."""
    return write_book([Sheet(title, heads, rows, widths)])


def write_book(sheets: Iterable[Sheet]) -> bytes:
    """Several sheets in one file, each written like a single one."""
    return b"".join(pour(sheets))


def pour(sheets: Iterable[Sheet]) -> Pieces:
    """The same in pieces, as the rows come. A book that broke off has no directory: nothing opens it as if it were whole."""
    book, outbox = Workbook(write_only=True), Outbox()
    with ZipFile(outbox, "w", ZIP_DEFLATED) as archive:
        for number, told in enumerate(sheets, start=1):
            with (
                archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part,
                closing(_written(book, told, part)) as rows,
            ):
                for row, _written_row in enumerate(rows):
                    if outbox.size >= PIECE or not row:
                        yield outbox.taken()
        _AroundSheets(book, archive).write_data()
    yield outbox.taken()


class Outbox(RawIOBase):
    """What an archive has written and nobody has taken yet."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    @property
    def size(self) -> int:
        return len(self._held)

    def taken(self) -> bytes:
        """All of it, once."""
        piece = bytes(self._held)
        self._held.clear()
        return piece


class _AroundSheets(ExcelWriter):
    """Everything of a book but its sheets, which are in the archive already."""

    def write_worksheet(self, ws: Any) -> None:
        self.manifest.append(ws)


def _written(book: Workbook, told: Sheet, part: IO[bytes]) -> Generator[None, None, None]:
    """Write a sheet, a row at a time."""
    sheet = book.create_sheet(clean_title(told.title))
    remaining = iter(told.rows)
    first = list(islice(remaining, MEASURED_ROWS))
    for index, width in enumerate(told.widths or fitting_widths(told.heads, first), start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A2"
    fit_to_page(sheet)
    sheet._writer = WorksheetWriter(sheet, part)  # noqa: SLF001  its own would write into a file
    sheet._writer.write_top()  # noqa: SLF001
    try:
        sheet.append([head_of(sheet, head) for head in told.heads])
        for row in chain(first, remaining, _below(told.notes)):
            sheet.append(_cells_of(sheet, row))
            yield
    finally:
        sheet.close()


def _below(notes: Sequence[str]) -> list[list[str]]:
    """A line left free, then a sentence on each."""
    return [[], *([note] for note in notes)] if notes else []


def fit_to_page(sheet: Any) -> None:
    """Printed: A4 lying, one page wide, as many pages long as need be, its heads and its number on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "&P / &N"


def _cells_of(sheet: Any, row: Sequence[Any]) -> list[Cell | None]:
    """What is longer than its column runs on below; a sentence alone in its row runs on beside."""
    cells = [cell_of(sheet, value) for value in row]
    if len(row) > 1 and any(_is_long(value) for value in row):
        for cell, value in zip(cells, row, strict=True):
            if cell is not None:
                cell.alignment = RUNS_ON if _is_long(value) else ON_TOP
    return cells


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > MAX_WIDTH // 2 and _measure(value) > MAX_WIDTH


def clean_text(text: str) -> str:
    """The text without what a sheet cannot hold; where it is cut, it says so."""
    text = FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    # "ignore" drops the half of a pair that the cut may leave behind.
    return units[: 2 * (MAX_TEXT - len(CUT_MARK))].decode("utf-16-le", "ignore") + CUT_MARK


def clean_title(title: str) -> str:
    """A name that Excel takes for a sheet."""
    name = FORBIDDEN_IN_TITLE.sub(" ", FORBIDDEN.sub("", title))[:MAX_TITLE].strip(" '")
    return name or "Sheet1"


def fitting_widths(heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> list[int]:
    """Room for the longest text of each column; a Chinese character is two wide."""
    longest = [_width(head) for head in heads]
    for row in rows:
        for index, value in enumerate(row[: len(longest)]):
            longest[index] = max(longest[index], _width(value))
    return [min(max(width + 2, MIN_WIDTH), MAX_WIDTH) for width in longest]


def _width(value: Any) -> int:
    if value is None:
        return 0
    text = format_number(value) if isinstance(value, Decimal) and value.is_finite() else str(value)
    lines = [line[:MAX_WIDTH] for line in text[: MAX_WIDTH * 4].splitlines()]
    return max((_measure(line) for line in lines), default=0)


def _measure(line: str) -> int:
    return sum(1 + (east_asian_width(sign) in "WF") for sign in line)


def head_of(sheet: Any, head: str) -> Cell:
    """A cell above a column."""
    cell = _text_cell(sheet, str(head))
    cell.font = Font(bold=True)
    return cell


def cell_of(sheet: Any, value: Any) -> Cell | None:
    """Empty and zero are different things: None stays an empty cell."""
    if value is None:
        return None
    if isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    if isinstance(value, int | float | Decimal):
        return _number_cell(sheet, value)
    if isinstance(value, date):
        return _day_cell(sheet, value)
    return _text_cell(sheet, str(value))


def _text_cell(sheet: Any, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, clean_text(text))
    cell.data_type = "s"  # after the value: setting "=1" has just made it a formula
    return cell


def _number_cell(sheet: Any, value: float | Decimal) -> Cell:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return _text_cell(sheet, "—")
    plain = format_number(number)
    if len(re.sub("[-,.]", "", plain).lstrip("0")) > MAX_DIGITS:
        return _text_cell(sheet, plain.replace(",", ""))
    cell = WriteOnlyCell(sheet, number)
    places = len(plain.partition(".")[2])
    cell.number_format = "#,##0" + ("." + "0" * places if places else "")
    return cell


def _day_cell(sheet: Any, value: date) -> Cell:
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, make_naive(value) if is_aware(value) else value)
        cell.number_format = "yyyy-mm-dd hh:mm"
        return cell
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = "yyyy-mm-dd"
    return cell


def saved(book: Workbook) -> bytes:
    """The file itself."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()
