"""What is no sheet, hides something or would cost too much is refused by its name."""

import io
import subprocess
import sys
import zipfile

import pytest
from openpyxl import Workbook

from pledges.importers.sheets import Row, read_rows
from tests.kit.workbooks import COLUMNS, HEADS, book_of, cell, fault_of, repacked, with_sheet

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


def test_the_word_of_the_file_about_its_size_is_not_trusted():
    data = '<row><c t="str"><v>code</v></c><c t="str"><v>完成值</v></c></row>' + cell(2, 2, 7)

    read = read_rows("a.xlsx", with_sheet(data, '<dimension ref="A1:A1"/>'), columns=COLUMNS)
    assert read == [Row(2, {"code": "", "完成值": "7"})]


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
