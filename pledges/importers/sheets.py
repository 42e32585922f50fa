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

from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.xml.constants import SHEET_MAIN_NS

from pledges.rules.numbers import format_number

MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 200
MAX_ELEMENTS = 2_000_000  # a full sheet has about 1.2 million; more would fill the memory, not the sheet
MAX_ROWS = 5_000
MAX_COLUMNS = 60
LONG_NUMBER = 10**15  # from here on a sheet's number may have lost digits: an ID must be text
CHUNK = 1 << 16
SHEET_TAG = f"{{{SHEET_MAIN_NS}}}"

OLE, ZIP, ENCRYPTED_MARK = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", "EncryptedPackage".encode("utf-16-le")
Grid = Iterator[tuple[int, Sequence[Any]]]  # lines with their numbers; cells become text under a known head
LITERAL_IN_FORMAT = re.compile(r'"[^"]*"|\\.')


# Every way in which a file fails to be a sheet we read, and what its sender is told.
MESSAGES = {
    "not_a_sheet": _("This is not a sheet. Send an .xlsx or .csv file."),
    "old_xls": _("This is an old .xls file. Save it as .xlsx and send that."),
    "encrypted": _("This file has a password. Save it without one."),
    "macro": _("This file contains macros. Save it as a plain .xlsx file."),
    "bomb": _("This file unpacks to far more than a sheet needs. It was not opened."),
    "external": _("This file refers to another file. Paste the values instead."),
    "broken": _("This file is damaged and cannot be read."),
    "encoding": _("The text is neither UTF-8 nor GBK. Save it as .xlsx."),
    "several_sheets": _("Several sheets hold data: %(names)s. Send one at a time."),
    "hidden_sheet": _("Hidden sheets: %(names)s. Show or delete them."),
    "hidden_row": _("Sheet %(sheet)s has hidden rows: %(names)s. Show or delete them."),
    "hidden_column": _("Sheet %(sheet)s has hidden columns: %(names)s. Show or delete them."),
    "merged": _("Sheet %(sheet)s has merged cells: %(names)s. Unmerge them."),
    "too_many_rows": _("Sheet %(sheet)s goes down to row %(row)s; at most %(limit)s rows are read."),
    "too_many_columns": _("Sheet %(sheet)s has %(columns)s columns; at most %(limit)s are read."),
    "no_head": _("The first row must name the columns: %(names)s."),
    "unknown_columns": _("Unknown columns: %(names)s."),
    "missing_columns": _("Missing columns: %(names)s."),
    "repeated_columns": _("Columns named twice: %(names)s."),
    "no_head_above": _("Row %(row)s, column %(column)s: the column has no name."),
    "formula": _("Row %(row)s, %(column)s: a formula. Paste its value instead."),
    "error_cell": _("Row %(row)s, %(column)s: the cell shows the error %(value)s."),
    "truth_cell": _("Row %(row)s, %(column)s: TRUE and FALSE are not read."),
    "percent": _("Row %(row)s, %(column)s: a percentage. Write the plain number %(suggestion)s."),
    "long_number": _("Row %(row)s, %(column)s: more than 15 digits. Format the cell as text."),
}


class SheetFault(Exception):  # noqa: N818 - the house calls what a person got wrong a fault
    """The file cannot be read as it is; nothing of it was."""

    def __init__(self, code: str, params: dict[str, object] | None = None) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params or {}

    def __str__(self) -> str:
        return str(MESSAGES[self.code]) % self.params


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet, as numbered there; an empty cell is an empty text."""

    line: int
    cells: dict[str, str]


def read_rows(name: str, content: bytes, *, columns: tuple[str, ...]) -> list[Row]:
    """Every row under the heads, all of it or a fault. Blank rows are passed over."""
    kind = name.lower().rpartition(".")[2]
    if content.startswith(OLE):
        raise SheetFault("encrypted" if ENCRYPTED_MARK in content else "old_xls")
    if kind in {"xlsm", "xltm", "xlam"}:
        raise SheetFault("macro")
    if kind == "xls":
        raise SheetFault("old_xls")
    readers = {"xlsx": _xlsx_grid, "csv": _csv_grid}
    if kind not in readers or content.startswith(ZIP) != (kind == "xlsx"):
        raise SheetFault("not_a_sheet")
    try:
        return list(_named(readers[kind](content), columns))
    except SheetFault:
        raise
    except Exception as error:  # a stranger's file breaks parsers in many ways; none of them is a 500
        raise SheetFault("broken") from error


def _named(grid: Grid, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows by the names of their columns."""
    _line, first = next(grid, (1, ()))
    heads = [_text(cell, 1, get_column_letter(at)).strip() for at, cell in enumerate(first, start=1)]
    _check_heads(heads, columns)
    for line, cells in grid:
        known = dict[str, str]()
        for at, (cell, head) in enumerate(zip_longest(cells, heads[: len(cells)], fillvalue=""), start=1):
            known[head] = _text(cell, line, head or get_column_letter(at))
            if not head and known[head].strip():
                raise SheetFault("no_head_above", {"row": line, "column": get_column_letter(at)})
        if any(text.strip() for text in known.values()):
            yield Row(line, {column: known.get(column, "") for column in columns})


def _check_heads(heads: list[str], columns: tuple[str, ...]) -> None:
    named = [head for head in heads if head]
    faults = {
        "no_head": [] if named else columns,
        "repeated_columns": sorted({head for head in named if named.count(head) > 1}),
        "unknown_columns": [head for head in named if head not in columns],
        "missing_columns": [column for column in columns if column not in named],
    }
    _refuse_first(faults)


def _refuse_first(faults: Mapping[str, Sequence[str]], **params: object) -> None:
    """The first kind of fault that has names is raised with them; twenty are enough to begin with."""
    for code, names in faults.items():
        if names:
            raise SheetFault(code, params | {"names": "、".join(names[:20])})


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


def _check_size(sheet: str, line: int, columns: int) -> None:
    if line > MAX_ROWS + 1:  # the heads are no row of data
        raise SheetFault("too_many_rows", {"sheet": sheet, "row": line, "limit": MAX_ROWS})
    if columns > MAX_COLUMNS:
        raise SheetFault("too_many_columns", {"sheet": sheet, "columns": columns, "limit": MAX_COLUMNS})


def _csv_grid(content: bytes) -> Grid:
    if len(content) > MAX_UNPACKED:
        raise SheetFault("bomb")
    text = _decoded(content)
    if text.lstrip().startswith("<"):  # a web page under another name
        raise SheetFault("not_a_sheet")
    for line, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
        last = max((at for at, cell in enumerate(cells, start=1) if cell.strip()), default=0)
        _check_size("CSV", line if last else 0, last)
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


def _xlsx_grid(content: bytes) -> Grid:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _check_archive(archive, len(content))
        surveys = _surveyed(archive)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of extensions it drops; none of them is data
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet, survey = _only_sheet(book, surveys)
        survey.check(sheet.title)
        # The surveyed size and not the file's own word about it, which may lie.
        size = {"max_row": survey.last_line, "max_col": survey.last_column}
        rows = list(sheet.iter_rows(**size)) if survey.last_line else []
    return enumerate(rows, start=1)


def _check_archive(archive: zipfile.ZipFile, packed: int) -> None:
    """Judged by the directory alone. Python refuses a part that turns out larger than declared."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED, MAX_RATIO * packed):
        raise SheetFault("bomb")
    names = [part.filename.lower() for part in parts]
    faults = {
        "encrypted": [name for name, part in zip(names, parts, strict=True) if part.flag_bits & 1],
        "macro": [name for name in names if name.endswith("vbaproject.bin")],
        "external": [name for name in names if name.startswith("xl/externallinks/")],
        "not_a_sheet": [] if "xl/workbook.xml" in names else ["xl/workbook.xml"],
    }
    _refuse_first(faults)


def _surveyed(archive: zipfile.ZipFile) -> dict[str, "_Survey"]:
    """Every XML part read once, without entities and without building it."""
    surveys = dict[str, _Survey]()
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            surveys[name] = survey = _Survey()
            parser = DefusedXMLParser(target=survey, forbid_dtd=True)
            with archive.open(name) as part:
                while chunk := part.read(CHUNK):
                    parser.feed(chunk)
            parser.close()
    return surveys


def _only_sheet(book: Any, surveys: dict[str, "_Survey"]) -> tuple[Any, "_Survey"]:
    """The one sheet that holds data; never a choice made for the sender."""
    _refuse_first(
        {"hidden_sheet": [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]}
    )
    # openpyxl 3.1.5 has no public word for a sheet's part; the version is pinned.
    found = [(sheet, surveys[sheet._worksheet_path]) for sheet in book.worksheets]  # noqa: SLF001
    filled = [pair for pair in found if pair[1].last_line]
    _refuse_first({"several_sheets": [sheet.title for sheet, _survey in filled] if filled[1:] else []})
    return (filled or found)[0]


@dataclass(slots=True)
class _Survey:
    """Target of an XML parser: notes how far a sheet's data go and what is hidden, and keeps nothing else."""

    elements: int = 0
    line: int = 0
    column: int = 0
    is_hidden: bool = False
    last_line: int = 0
    last_column: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise SheetFault("bomb")
        name = tag.removeprefix(SHEET_TAG)
        if name == "row":
            self._row(attributes)
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self.column = column_index_from_string(letters) if letters else self.column + 1
        elif name in {"v", "is", "f"}:
            self._value()
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            self.hidden_columns.append(int(attributes["min"]))
        elif name == "mergeCell":
            self.merged.append(attributes["ref"])

    def _row(self, attributes: dict[str, str]) -> None:
        line = int(attributes.get("r", self.line + 1))
        if line <= self.line:  # openpyxl would drop the second of two rows with one number
            raise SheetFault("broken")
        self.line, self.column = line, 0
        self.is_hidden = attributes.get("hidden") in {"1", "true"}

    def _value(self) -> None:
        self.last_line, self.last_column = self.line, max(self.last_column, self.column)
        if self.is_hidden and self.line not in self.hidden_rows[-1:]:  # once per row, not per cell
            self.hidden_rows.append(self.line)

    def check(self, sheet: str) -> None:
        """Hidden rows and columns without data hide nothing."""
        _check_size(sheet, self.last_line, self.last_column)
        rows = [str(line) for line in self.hidden_rows]
        columns = [get_column_letter(at) for at in self.hidden_columns if at <= self.last_column]
        _refuse_first({"hidden_row": rows, "hidden_column": columns, "merged": self.merged}, sheet=sheet)
