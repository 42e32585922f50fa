"""Which sheets are read, what a cell becomes, and by which name each bad file is refused."""

import contextlib
import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pledges.importers.sheets import MESSAGES, Row, SheetFault, read_rows

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


def one_value(value, change=None):
    (row,) = read_rows("a.xlsx", book_of(HEADS, ["A1", value], change=change), columns=COLUMNS)
    return row.cells["完成值"]


def test_columns_may_stand_in_any_order_and_rows_keep_their_number():
    content = book_of(["完成值", " code "], [5, "A1"], [None, " "], ["x", None])

    assert read_rows("A.XLSX", content, columns=COLUMNS) == [
        Row(2, {"code": "A1", "完成值": "5"}),
        Row(4, {"code": "", "完成值": "x"}),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_is_read_in_the_encodings_that_offices_send(encoding):
    content = 'code,完成值\r\nA1,"1,234"\r\n\r\n甲,"=1\n2"\r\n短\r\n'.encode(encoding)

    assert read_rows("a.csv", content, columns=COLUMNS) == [
        Row(2, {"code": "A1", "完成值": "1,234"}),
        Row(4, {"code": "甲", "完成值": "=1\n2"}),
        Row(5, {"code": "短", "完成值": ""}),
    ]


@pytest.mark.parametrize(
    "value, text",
    [
        (0, "0"),
        (-5, "-5"),
        (12345, "12345"),
        (0.1, "0.1"),
        (12.0, "12"),
        (1e-7, "0.0000001"),
        (10**15 - 1, "999999999999999"),
        (Decimal("12.50"), "12.5"),
        (date(2026, 6, 30), "2026-06-30"),
        (datetime(2026, 6, 30, 12, 5), "2026-06-30 12:05:00"),  # noqa: DTZ001 - a sheet knows no zone
        ("007", "007"),
        ("123456789012345678", "123456789012345678"),
        (" 2026-06-30 00:00:00", " 2026-06-30 00:00:00"),
        (None, ""),
    ],
)
def test_a_cell_becomes_its_exact_shortest_text(value, text):
    assert one_value(value) == text


def test_a_number_keeps_every_digit_that_is_in_the_file():
    heads = '<row><c t="str"><v>code</v></c><c t="str"><v>完成值</v></c></row>'
    content = with_sheet(heads + cell(2, 2, "0.30000000000000004") + cell(3, 2, "1E-7") + cell(4, 2, "12.50"))

    texts = [row.cells["完成值"] for row in read_rows("a.xlsx", content, columns=COLUMNS)]
    assert texts == ["0.30000000000000004", "0.0000001", "12.5"]


def test_a_text_that_only_looks_like_a_formula_is_text():
    def as_text(sheet):
        sheet["B2"].data_type = "s"

    assert one_value("=1+1", change=as_text) == "=1+1"


@pytest.mark.parametrize("pattern", ['0.0"%"', "0.0\\%", "#,##0", "@"])
def test_a_percent_sign_that_is_only_written_beside_the_number_changes_nothing(pattern):
    def formatted(sheet):
        sheet["B2"].number_format = pattern

    assert one_value(35.5, change=formatted) == "35.5"


def percent(sheet):
    sheet["B2"].number_format = "0.0%"


@pytest.mark.parametrize(
    "value, change, code, extra",
    [
        ("=1+1", None, "formula", {"value": "=1+1"}),
        ("#DIV/0!", None, "error_cell", {"value": "#DIV/0!"}),
        (True, None, "truth_cell", {"value": True}),
        (0.35, percent, "percent", {"suggestion": "35"}),
        (0.07, percent, "percent", {"suggestion": "7"}),
        (10**15, None, "long_number", {}),
        (1.23e18, None, "long_number", {}),
        (float(-(10**15)), None, "long_number", {}),
    ],
)
def test_a_cell_that_cannot_be_trusted_is_named_by_row_and_column(value, change, code, extra):
    content = book_of(HEADS, ["A1", value], change=change)

    assert fault_of(content) == (code, {"row": 2, "column": "完成值", **extra})


def test_a_fault_is_told_in_words():
    with pytest.raises(SheetFault) as caught, translation.override("en"):
        read_rows("a.xlsx", book_of(HEADS, ["A1", 0.35], change=percent), columns=COLUMNS)

    with translation.override("en"):
        assert str(caught.value) == "Row 2, 完成值: a percentage. Write the plain number 35."


@pytest.mark.parametrize(
    "heads, code, names",
    [
        ([], "no_head", "code、完成值"),
        ([None, " "], "no_head", "code、完成值"),
        (["code"], "missing_columns", "完成值"),
        (["code", "完成值", "备注", "x"], "unknown_columns", "备注、x"),
        (["code", "完成值", "code"], "repeated_columns", "code"),
    ],
)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_heads_are_checked_by_name(heads, code, names, kind):
    csv = ",".join(str(head or "") for head in heads).encode()
    content = book_of(heads, ["", "v"]) if kind == "xlsx" else csv + b"\n"

    assert fault_of(content, f"a.{kind}") == (code, {"names": names})


def test_an_empty_sheet_has_no_heads():
    assert fault_of(book_of()) == ("no_head", {"names": "code、完成值"})
    assert fault_of(b"", "a.csv") == ("no_head", {"names": "code、完成值"})


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_value_under_no_head_is_named(kind):
    content = (
        book_of([*HEADS, None], ["A1", 1, "note"])
        if kind == "xlsx"
        else b"code,\xe5\xae\x8c\xe6\x88\x90\xe5\x80\xbc\nA,1,note"
    )

    assert fault_of(content, f"a.{kind}") == ("no_head_above", {"row": 2, "column": "C"})


HTML = b"<html><table><tr><td>1</td></tr></table></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("a.xlsx", HTML, "not_a_sheet"),
        ("a.csv", HTML, "not_a_sheet"),
        ("a.xlsx", b"code,x\n1,2\n", "not_a_sheet"),
        ("a.xlsx", b"", "not_a_sheet"),
        ("a.csv", book_of(HEADS), "not_a_sheet"),
        ("a.docx", book_of(HEADS), "not_a_sheet"),
        ("xlsx", b"", "not_a_sheet"),
        ("a.xlsx", repacked(book_of(HEADS), drop=["xl/workbook.xml"]), "not_a_sheet"),
        ("a.xls", HTML, "old_xls"),
        ("a.xls", OLE, "old_xls"),
        ("a.xlsx", OLE, "old_xls"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.xlsm", book_of(HEADS), "macro"),
        ("a.xlsx", repacked(book_of(HEADS), {"xl/vbaProject.bin": b"x"}), "macro"),
        ("a.xlsx", repacked(book_of(HEADS), {"xl/externalLinks/externalLink1.xml": b"<a/>"}), "external"),
        ("a.xlsx", b"PK\x03\x04 and nothing more", "broken"),
        ("a.xlsx", book_of(HEADS)[:-40], "broken"),
        ("a.xlsx", with_sheet("<row r='x'/>"), "broken"),
        ("a.xlsx", with_sheet("<row"), "broken"),
        ("a.csv", 'code,完成值\n"open'.encode(), "broken"),
        ("a.csv", "code,完成值".encode("utf-16"), "encoding"),
        ("a.csv", "code,x".encode("utf-16-le"), "encoding"),
        ("a.csv", b"code,\xff\xff\xff", "encoding"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_by_its_kind(name, content, code):
    assert fault_of(content, name)[0] == code


def test_an_archive_with_a_password_is_refused():
    content = bytearray(book_of(HEADS))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1

    assert fault_of(bytes(content))[0] == "encrypted"


LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst>&b;</sst>"""
XXE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>"""


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/styles.xml", "docProps/core.xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("attack", [LAUGHS, XXE], ids=["laughs", "xxe"])
def test_entities_are_refused_in_every_part(part, attack):
    assert fault_of(repacked(book_of(HEADS), {part: attack}))[0] == "broken"


def bomb(size):
    return repacked(
        book_of(HEADS), {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * (size // 17) + b"</sst>"}
    )


def lying(content):
    """The declared size of the largest part is made small: Python finds out while reading."""
    data = bytearray(content)
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    "content, code",
    [
        (bomb(60 * 1024 * 1024), "bomb"),
        (bomb(8 * 1024 * 1024), "bomb"),
        (repacked(book_of(HEADS), {f"x/{n}.txt": b"" for n in range(200)}), "bomb"),
        (lying(bomb(8 * 1024 * 1024)), "broken"),
    ],
    ids=["declared size", "ratio", "entries", "a lie"],
)
def test_a_real_bomb_is_refused_before_it_is_opened(content, code):
    assert fault_of(content)[0] == code


def padded(content, parts):
    """With so much that cannot be packed that the ratio alone does not give it away."""
    noise = bytes((n * n * 2654435761 >> 13) & 255 for n in range(400_000))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("noise.bin", noise)
    with (
        zipfile.ZipFile(io.BytesIO(repacked(content, parts))) as old,
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return target.getvalue()


def test_a_part_of_millions_of_tiny_elements_is_refused():
    content = padded(book_of(HEADS), {"xl/styles.xml": b"<a>" + b"<b/>" * 2_000_000 + b"</a>"})

    assert fault_of(content) == ("bomb", {})


def test_a_bomb_costs_no_memory(tmp_path):
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb(200 * 1024 * 1024))
    program = (
        "import sys, re, pathlib\n"
        "from pledges.importers.sheets import SheetFault, read_rows\n"
        "try:\n    read_rows('a.xlsx', pathlib.Path(sys.argv[1]).read_bytes(), columns=('a',))\n"
        "except SheetFault as fault:\n    status = pathlib.Path('/proc/self/status').read_text()\n"
        "    print(fault.code, re.search(r'VmHWM:\\s+([0-9]+)', status)[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)

    code, kilobytes = done.stdout.split()
    assert (code, int(kilobytes) < 150_000) == ("bomb", True)


def cell(row, column, value=1):
    return f'<row r="{row}"><c r="{get_column_letter(column)}{row}"><v>{value}</v></c></row>'


def hide_row(sheet):
    sheet.row_dimensions[2].hidden = True


def hide_columns(sheet):
    sheet.column_dimensions["B"].hidden = True


def merge(sheet):
    sheet.merge_cells("A2:A3")


@pytest.mark.parametrize(
    "content, code, params",
    [
        (book_of(HEADS, ["A", 1], change=hide_row), "hidden_row", {"sheet": "Sheet", "names": "2"}),
        (book_of(HEADS, ["A", 1], change=hide_columns), "hidden_column", {"sheet": "Sheet", "names": "B"}),
        (book_of(HEADS, ["A", 1], ["", 2], change=merge), "merged", {"sheet": "Sheet", "names": "A2:A3"}),
        (
            with_sheet(cell(1_048_576, 16_384)),
            "too_many_rows",
            {"sheet": "Sheet", "row": 1_048_576, "limit": 5000},
        ),
        (with_sheet(cell(5002, 1)), "too_many_rows", {"sheet": "Sheet", "row": 5002, "limit": 5000}),
        (with_sheet(cell(1, 61)), "too_many_columns", {"sheet": "Sheet", "columns": 61, "limit": 60}),
        (with_sheet(cell(2, 1) + cell(2, 2)), "broken", {}),
    ],
)
def test_what_a_reader_would_not_see_or_is_too_much_is_named(content, code, params):
    assert fault_of(content) == (code, params)


def test_csv_is_held_to_the_same_size():
    heads = "code,完成值\n".encode()
    full = heads + b"A,1\n" * 5000

    assert len(read_rows("a.csv", full + b",\n\n\n", columns=COLUMNS)) == 5000
    assert fault_of(full + b"A,1\n", "a.csv") == (
        "too_many_rows",
        {"sheet": "CSV", "row": 5002, "limit": 5000},
    )
    assert fault_of(heads + b"," * 60 + b"x", "a.csv")[0] == "too_many_columns"
    assert fault_of(b" " * (50 * 1024 * 1024 + 1), "a.csv") == ("bomb", {})


def test_a_full_sheet_is_read():
    heads = [f"c{n}" for n in range(60)]
    rows = [[f"{line}-{n}" for n in range(60)] for line in range(5000)]

    read = read_rows("a.xlsx", book_of(heads, *rows), columns=tuple(heads))

    assert [list(row.cells.values()) for row in read] == rows


def test_hidden_rows_and_columns_without_data_hide_nothing():
    def change(sheet):
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["Z"].hidden = True

    assert one_value("5", change=change) == "5"


def test_cells_without_an_address_are_counted():
    content = with_sheet(
        '<row><c t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>完成值</t></is></c></row>'
        "<row><c/><c><v>7</v></c></row>"
    )

    assert read_rows("a.xlsx", content, columns=COLUMNS) == [Row(2, {"code": "", "完成值": "7"})]


def test_the_word_of_the_file_about_its_size_is_not_trusted():
    data = '<row><c t="str"><v>code</v></c><c t="str"><v>完成值</v></c></row>' + cell(2, 2, 7)

    read = read_rows("a.xlsx", with_sheet(data, '<dimension ref="A1:A1"/>'), columns=COLUMNS)
    assert read == [Row(2, {"code": "", "完成值": "7"})]


def test_an_extension_that_is_no_data_does_not_matter():
    heads = '<row><c t="str"><v>code</v></c><c t="str"><v>完成值</v></c></row>'
    extension = '<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst>'

    assert read_rows("a.xlsx", with_sheet(heads, extension), columns=COLUMNS) == []


def several(states):
    book = Workbook()
    book.remove(book.active)
    for title, (state, rows) in states.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_named(state):
    content = several({"甲": ("visible", [HEADS]), "乙": (state, [])})

    assert fault_of(content) == ("hidden_sheet", {"names": "乙"})


def test_of_several_sheets_only_one_may_hold_data():
    data = [HEADS, ["A", 1]]

    assert fault_of(several({"甲": ("visible", data), "乙": ("visible", [["x"]])})) == (
        "several_sheets",
        {"names": "甲、乙"},
    )
    content = several({"甲": ("visible", []), "乙": ("visible", data)})
    assert read_rows("a.xlsx", content, columns=COLUMNS) == [Row(2, {"code": "A", "完成值": "1"})]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a"]),
    st.sampled_from([b"", b"PK\x03\x04"]),
)
def test_any_bytes_are_rows_or_a_fault(content, name, start):
    with contextlib.suppress(SheetFault):
        read_rows(name, start + content, columns=COLUMNS)


@settings(max_examples=40, deadline=None)
@given(st.floats(-1e14, 1e14, allow_nan=False))
def test_a_number_is_read_without_loss(number):
    assert float(one_value(number)) == pytest.approx(number, rel=1e-15, abs=1e-300)
