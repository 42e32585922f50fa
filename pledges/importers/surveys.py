"""A stranger's .xlsx, surveyed before it is opened: how big it is, how far its data go, what is hidden in it."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field

from defusedxml.ElementTree import DefusedXMLParser
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.xml.constants import SHEET_MAIN_NS

from pledges.importers.faults import SheetFault, refuse_first

MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 200
MAX_ELEMENTS = 2_000_000  # a full sheet has about 1.2 million; more would fill the memory, not the sheet
MAX_ROWS = 5_000
MAX_COLUMNS = 60
CHUNK = 1 << 16
SHEET_TAG = f"{{{SHEET_MAIN_NS}}}"


def check_size(sheet: str, line: int, columns: int) -> None:
    if line > MAX_ROWS + 1:  # the heads are no row of data
        raise SheetFault("too_many_rows", {"sheet": sheet, "row": line, "limit": MAX_ROWS})
    if columns > MAX_COLUMNS:
        raise SheetFault("too_many_columns", {"sheet": sheet, "columns": columns, "limit": MAX_COLUMNS})


def check_archive(archive: zipfile.ZipFile, packed: int) -> None:
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
    refuse_first(faults)


def surveyed(archive: zipfile.ZipFile) -> dict[str, Survey]:
    """Every XML part read once, without entities and without building it."""
    surveys = dict[str, Survey]()
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            surveys[name] = survey = Survey()
            parser = DefusedXMLParser(target=survey, forbid_dtd=True)
            with archive.open(name) as part:
                while chunk := part.read(CHUNK):
                    parser.feed(chunk)
            parser.close()
    return surveys


@dataclass(slots=True)
class Survey:
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
        check_size(sheet, self.last_line, self.last_column)
        rows = [str(line) for line in self.hidden_rows]
        columns = [get_column_letter(at) for at in self.hidden_columns if at <= self.last_column]
        refuse_first({"hidden_row": rows, "hidden_column": columns, "merged": self.merged}, sheet=sheet)
