"""Sheets that people send: read as text, cell by cell, or refused with the name of the fault.

A stranger's file is surveyed before it is opened; what its sender may not see in it is named and never read.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from pledges.importers.faults import MESSAGES, SheetFault, refuse_first
from pledges.importers.surveys import MAX_UNPACKED, Survey, check_archive, check_size, surveyed
from pledges.rules.numbers import format_number

__all__ = ["MESSAGES", "Layout", "Row", "SheetFault", "read_rows", "read_sheet"]

LONG_NUMBER = 10**15  # from here on a sheet's number may have lost digits: an ID must be text

OLE, ZIP, ENCRYPTED_MARK = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", "EncryptedPackage".encode("utf-16-le")
Grid = Iterator[tuple[int, Sequence[Any]]]  # lines with their numbers; cells become text under a known head
LITERAL_IN_FORMAT = re.compile(r'"[^"]*"|\\.')


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet, as numbered there; an empty cell is an empty text, so is one with a fault."""

    line: int
    cells: dict[str, str]
    faults: dict[str, SheetFault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a sheet has.

    `columns` must be there, `aside` may be: those only tell, so no fault is found in them. `heads` are
    other words above a column. `passed_over` are the titles of sheets that explain and hold no figures.
    """

    columns: tuple[str, ...]
    aside: tuple[str, ...] = ()
    heads: Mapping[str, str] = field(default_factory=dict)
    passed_over: frozenset[str] = frozenset()


def read_rows(name: str, content: bytes, *, columns: tuple[str, ...]) -> list[Row]:
    """Every row under the heads, all of it or the first fault."""
    rows = read_sheet(name, content, Layout(columns))
    for fault in (fault for row in rows for fault in row.faults.values()):
        raise fault
    return rows


def read_sheet(name: str, content: bytes, layout: Layout) -> list[Row]:
    """Every row under the heads, with the faults of its cells. Blank rows are passed over.

    Raises SheetFault where the file as a whole cannot be read.
    """
    try:
        return list(_named(_grid(name, content, layout), layout))
    except SheetFault:
        raise
    except Exception as error:  # a stranger's file breaks parsers in many ways; none of them is a 500
        raise SheetFault("broken") from error


def _grid(name: str, content: bytes, layout: Layout) -> Grid:
    kind = name.lower().rpartition(".")[2]
    if content.startswith(OLE):
        raise SheetFault("encrypted" if ENCRYPTED_MARK in content else "old_xls")
    if kind in {"xlsm", "xltm", "xlam"}:
        raise SheetFault("macro")
    if kind == "xls":
        raise SheetFault("old_xls")
    if kind not in {"xlsx", "csv"} or content.startswith(ZIP) != (kind == "xlsx"):
        raise SheetFault("not_a_sheet")
    return _xlsx_grid(content, layout.passed_over) if kind == "xlsx" else _csv_grid(content)


def _named(grid: Grid, layout: Layout) -> Iterator[Row]:
    """The rows by the names of their columns."""
    _line, first = next(grid, (1, ()))
    said = [_text(cell, 1, get_column_letter(at)).strip() for at, cell in enumerate(first, start=1)]
    heads = [layout.heads.get(head, head) for head in said]
    _check_heads(heads, layout)
    shown = dict(zip(heads, said, strict=True))
    for line, cells in grid:
        row = _row(line, list(zip_longest(cells, heads[: len(cells)], fillvalue="")), layout, shown)
        if row.faults or any(text.strip() for text in row.cells.values()):
            yield row


def _row(line: int, cells: list[tuple[Any, str]], layout: Layout, shown: Mapping[str, str]) -> Row:
    row = Row(line, dict.fromkeys((*layout.columns, *layout.aside), ""))
    for at, (cell, head) in enumerate(cells, start=1):
        try:
            text = _text(cell, line, shown.get(head) or get_column_letter(at))
        except SheetFault as fault:
            if head in layout.columns:
                row.faults[head] = fault
            if head:
                continue
            raise
        if head:
            row.cells[head] = text
        elif text.strip():
            raise SheetFault("no_head_above", {"row": line, "column": get_column_letter(at)})
    return row


def _check_heads(heads: list[str], layout: Layout) -> None:
    named = [head for head in heads if head]
    words = {column: head for head, column in reversed([*layout.heads.items()])}
    told = [words.get(column, column) for column in layout.columns]
    known = {*layout.columns, *layout.aside}
    faults = {
        "no_head": [] if named else told,
        "repeated_columns": sorted({words.get(head, head) for head in named if named.count(head) > 1}),
        "unknown_columns": [head for head in named if head not in known],
        "missing_columns": [
            word for column, word in zip(layout.columns, told, strict=True) if column not in named
        ],
    }
    refuse_first(faults)


def _text(cell: Any, line: int, column: str) -> str:
    """What the cell says. One that says it only on the screen is a fault."""
    if isinstance(cell, str) or cell.value is None:
        return cell if isinstance(cell, str) else ""
    where: dict[str, object] = {"row": line, "column": column}
    faults = {"f": "formula", "e": "error_cell", "b": "truth_cell"}
    if cell.data_type in faults:
        raise SheetFault(faults[cell.data_type], where | {"value": cell.value})
    if isinstance(cell.value, int | float):
        return _number_text(cell, where)
    return str(cell.value).removesuffix(" 00:00:00" if cell.data_type == "d" else "")


def _number_text(cell: Any, where: dict[str, object]) -> str:
    if abs(cell.value) >= LONG_NUMBER:
        raise SheetFault("long_number", where)
    exact = Decimal(repr(cell.value))  # the shortest text of it: 0.1 and not 0.1000000000000000055
    if "%" in LITERAL_IN_FORMAT.sub("", cell.number_format):
        raise SheetFault("percent", where | {"suggestion": format_number(exact * 100)})
    return format_number(exact).replace(",", "")


def _csv_grid(content: bytes) -> Grid:
    if len(content) > MAX_UNPACKED:
        raise SheetFault("bomb")
    text = _decoded(content)
    if text.lstrip().startswith("<"):  # a web page under another name
        raise SheetFault("not_a_sheet")
    for line, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
        last = max((at for at, cell in enumerate(cells, start=1) if cell.strip()), default=0)
        check_size("CSV", line if last else 0, last)
        yield line, cells


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # GBK and more; valid UTF-8 is hardly ever meant as GBK
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:  # UTF-16 passes for nearly anything
            return text
    raise SheetFault("encoding")


def _xlsx_grid(content: bytes, passed_over: frozenset[str]) -> Grid:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check_archive(archive, len(content))
        surveys = surveyed(archive)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of extensions it drops; none of them is data
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet, survey = _only_sheet(book, surveys, passed_over)
        survey.check(sheet.title)
        # The surveyed size and not the file's own word about it, which may lie.
        size = {"max_row": survey.last_line, "max_col": survey.last_column}
        rows = list(sheet.iter_rows(**size)) if survey.last_line else []
    return enumerate(rows, start=1)


def _only_sheet(book: Any, surveys: dict[str, Survey], passed_over: frozenset[str]) -> tuple[Any, Survey]:
    """The one sheet that holds data; never a choice made for the sender."""
    refuse_first(
        {"hidden_sheet": [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]}
    )
    # openpyxl 3.1.5 has no public word for a sheet's part; the version is pinned.
    found = [(sheet, surveys[sheet._worksheet_path]) for sheet in book.worksheets]  # noqa: SLF001
    filled = [pair for pair in found if pair[1].last_line and pair[0].title not in passed_over]
    refuse_first({"several_sheets": [sheet.title for sheet, _survey in filled] if filled[1:] else []})
    return (filled or found)[0]
