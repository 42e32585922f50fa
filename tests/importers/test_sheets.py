"""Which sheets are read, and what a cell becomes."""

import contextlib
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from pledges.importers.sheets import Row, SheetFault, read_rows
from tests.kit.workbooks import COLUMNS, HEADS, book_of, cell, fault_of, with_sheet


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


def test_an_extension_that_is_no_data_does_not_matter():
    heads = '<row><c t="str"><v>code</v></c><c t="str"><v>完成值</v></c></row>'
    extension = '<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst>'

    assert read_rows("a.xlsx", with_sheet(heads, extension), columns=COLUMNS) == []


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
