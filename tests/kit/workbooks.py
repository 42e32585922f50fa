"""Workbooks as offices send them, and as nobody should."""

import io
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pledges.importers.sheets import MESSAGES, SheetFault, read_rows

COLUMNS = ("code", "完成值")
HEADS = list(COLUMNS)


def book_of(*rows, change=None):
    """An .xlsx of these rows; `change` is called with the sheet before it is saved."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content, parts=None, *, drop=()):
    """The same archive with some parts replaced, added or left out."""
    parts = dict(parts or {})
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts and name not in drop:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return target.getvalue()


def sheet_xml(data, head=""):
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{head}<sheetData>{data}</sheetData></worksheet>"
    ).encode()


def with_sheet(data, head=""):
    return repacked(book_of(HEADS), {"xl/worksheets/sheet1.xml": sheet_xml(data, head)})


def fault_of(content, name="a.xlsx", columns=COLUMNS):
    with pytest.raises(SheetFault) as caught:
        read_rows(name, content, columns=columns)
    assert str(caught.value) == str(MESSAGES[caught.value.code]) % caught.value.params
    return caught.value.code, caught.value.params


def cell(row, column, value=1):
    return f'<row r="{row}"><c r="{get_column_letter(column)}{row}"><v>{value}</v></c></row>'
