"""What a written sheet holds: text that stays text, numbers, days, and nothing Excel refuses."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pledges.exports.xlsx import (
    CONTENT_TYPE,
    CUT_MARK,
    MAX_TEXT,
    clean_text,
    clean_title,
    fitting_widths,
    write_sheet,
)
from pledges.importers.sheets import read_rows


def sheet_of(*values, **kwargs):
    content = write_sheet("表", ["值"], [[value] for value in values], **kwargs)
    return load_workbook(io.BytesIO(content)).active


def xml_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "=cmd|' /C calc'!A0", "=", "+1", "-1", "@SUM(1)", "\t=1", "#N/A", "1", "TRUE"]
)
@pytest.mark.parametrize("place", ["head", "row"])
def test_text_is_never_a_formula_nor_anything_else(text, place):
    content = write_sheet("t", [text if place == "head" else "值"], [[text if place == "row" else "x"]])
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]

    assert [(cell.value, cell.data_type) for cell in cells if cell.value not in {"值", "x"}] == [(text, "s")]
    assert set(re.findall(r'<c [^>]*t="(\w+)"', xml_of(content))) == {"inlineStr"}
    assert re.findall(r"<f[ >/]", xml_of(content)) == []


@pytest.mark.parametrize(
    "value, stored, pattern",
    [
        (Decimal("1234.5000"), 1234.5, "#,##0.0"),
        (Decimal("1234.0000"), 1234, "#,##0"),
        (Decimal("0.0001"), 0.0001, "#,##0.0000"),
        (Decimal("-0.00"), 0, "#,##0"),
        (7, 7, "#,##0"),
        (0.25, 0.25, "#,##0.00"),
        (Decimal("99999999999.9999"), 99999999999.9999, "#,##0.0000"),
    ],
)
def test_a_number_is_a_number_with_as_many_decimals_as_it_has(value, stored, pattern):
    cell = sheet_of(value)["A2"]

    assert (cell.value, cell.data_type, cell.number_format) == (stored, "n", pattern)


@pytest.mark.parametrize(
    "value, text",
    [
        (Decimal("NaN"), "—"),
        (float("inf"), "—"),
        (Decimal("999999999999.9999"), "999999999999.9999"),
        (10**16 + 1, "10000000000000001"),
    ],
)
def test_a_number_a_sheet_cannot_hold_is_text(value, text):
    cell = sheet_of(value)["A2"]

    assert (cell.value, cell.data_type) == (text, "s")


def test_days_are_days():
    sheet = sheet_of(date(2026, 6, 30), datetime(2026, 6, 30, 12, 5), datetime(2026, 6, 30, 4, 5, tzinfo=UTC))  # noqa: DTZ001

    assert [(cell.is_date, cell.number_format) for cell in sheet["A"][1:]] == [
        (True, "yyyy-mm-dd"),
        (True, "yyyy-mm-dd hh:mm"),
        (True, "yyyy-mm-dd hh:mm"),
    ]
    assert sheet["A2"].value.date() == date(2026, 6, 30)
    assert sheet["A3"].value == sheet["A4"].value  # the server's zone is Asia/Shanghai


def test_empty_zero_and_truth_are_different_things():
    assert [cell.value for cell in sheet_of(None, 0, "", False)["A"][1:]] == [None, 0, None, False]


@pytest.mark.parametrize(
    "text, cleaned",
    [
        ("a\x00b\x08\x0b\x1f\x7f\x9fc", "abc"),
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("\ud800x\udfff\ufffe\uffff", "x"),
        ("字" * MAX_TEXT, "字" * MAX_TEXT),
        ("字" * (MAX_TEXT + 1), "字" * (MAX_TEXT - len(CUT_MARK)) + CUT_MARK),
        ("😀" * MAX_TEXT, "😀" * ((MAX_TEXT - len(CUT_MARK)) // 2) + CUT_MARK),
    ],
)
def test_text_is_cleaned_and_says_where_it_was_cut(text, cleaned):
    assert clean_text(text) == cleaned
    assert sheet_of(text)["A2"].value == cleaned


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text_can_be_written(text):
    assert (sheet_of(text)["A2"].value or "") == clean_text(text)


@pytest.mark.parametrize(
    "title, name",
    [
        ("总览", "总览"),
        ("a/b:c[1]?*\\", "a b c 1"),
        ("'x'", "x"),
        ("", "Sheet1"),
        ("[]", "Sheet1"),
        ("字" * 40, "字" * 31),
        ("a\x00b", "ab"),
    ],
)
def test_a_title_is_made_fit_for_a_sheet(title, name):
    assert clean_title(title) == name
    assert load_workbook(io.BytesIO(write_sheet(title, ["h"], []))).sheetnames == [name]


def test_the_heads_are_bold_and_stay_in_view():
    sheet = sheet_of("x")

    assert (sheet["A1"].value, sheet["A1"].font.b, sheet["A2"].font.b, sheet.freeze_panes) == (
        "值",
        True,
        False,
        "A2",
    )


@pytest.mark.parametrize(
    "heads, rows, widths",
    [
        (["序号"], [], [8]),
        (["责任单位名称"], [], [14]),
        (["a"], [["责任单位名称"], [None], [1]], [14]),
        (["a"], [["字" * 100]], [36]),
        (["a"], [["短\n" + "x" * 20]], [22]),
        (["a", "b"], [["x" * 10, Decimal("1234567.0000"), "beyond"]], [12, 11]),
    ],
)
def test_a_column_is_as_wide_as_its_text(heads, rows, widths):
    assert fitting_widths(heads, rows) == widths


def test_given_widths_are_kept():
    assert sheet_of("x", widths=[33])["A1"].parent.column_dimensions["A"].width == 33


def test_rows_may_stream_and_none_is_lost():
    content = write_sheet("t", ["n"], ([n] for n in range(1000)))

    assert [row[0] for row in load_workbook(io.BytesIO(content)).active.values] == ["n", *range(1000)]


def test_the_content_type_is_that_of_a_workbook():
    assert CONTENT_TYPE == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


NUMBERS = st.decimals(-(10**14) + 1, 10**14 - 1, places=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_an_exported_number_is_imported_as_the_same(numbers):
    content = write_sheet("t", ["n"], [[number] for number in numbers])

    assert [Decimal(row.cells["n"]) for row in read_rows("a.xlsx", content, columns=("n",))] == numbers


TEXTS = st.text(min_size=1).filter(lambda text: clean_text(text) == text and text.strip())


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_an_exported_text_is_imported_as_the_same(text):
    content = write_sheet("t", ["n"], [[text]])

    assert [row.cells["n"] for row in read_rows("a.xlsx", content, columns=("n",))] == [text]


def test_a_sheet_prints_one_page_wide_with_its_heads_on_each():
    rows = [["短", "字" * 60], ["一句单独的话" * 12]]
    sheet = load_workbook(io.BytesIO(write_sheet("表", ["a", "b"], rows)))["表"]

    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows) == (True, "$1:$1")
    wraps = [bool(cell.alignment.wrap_text) for cell in (sheet["A2"], sheet["B2"], sheet["A3"])]
    assert wraps == [False, True, False]  # a sentence alone in its row runs on beside
