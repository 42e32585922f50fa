"""The sheet to fill in: what is known is locked, three columns are open, nothing in it is a formula."""

import io
from datetime import date, datetime, time

import pytest
from django.utils import translation
from openpyxl import load_workbook

from pledges.choices import Basis
from pledges.exports.filling import HEADS, OPEN, render_typed
from pledges.models import Campaign, Closing, Pledge
from tests.cast import MIDSUMMER, PledgeFactory, ReportFactory, accepted
from tests.kit.sheets import COLUMN, form_of

pytestmark = pytest.mark.django_db


def sheet_of(content):
    return load_workbook(io.BytesIO(content)).worksheets[0]


def midnight(day):
    """A day as sheets give it back."""
    return datetime.combine(day, time())


def rows_of(content):
    _head, *rows = sheet_of(content).iter_rows(values_only=True)
    return [dict(zip(HEADS, row, strict=False)) for row in rows]


def test_row_says_what_is_known(pledge, lin, chen, campaign):
    accepted(pledge, as_of=date(2022, 3, 31), value="5.5", reviewer=chen, author=lin)
    waiting = ReportFactory(pledge=pledge, as_of=date(2022, 6, 30), author=lin)

    (row,) = rows_of(form_of(lin, campaign))

    assert row == {
        "number": pledge.number,
        "department": "金融办",
        "title": pledge.title,
        "unit": "家",
        "target": 100,
        "due": midnight(date(2022, 12, 31)),
        "last": 5.5,
        "last_day": midnight(date(2022, 3, 31)),
        **dict.fromkeys(OPEN),
        "pledge": pledge.code,
        "seen": waiting.pk,
    }


def test_only_three_columns_are_open(pledge, lin, campaign):
    sheet = sheet_of(form_of(lin, campaign))
    open_ones = [column for column, at in COLUMN.items() if not sheet.cell(2, at).protection.locked]

    assert (sheet.protection.sheet, open_ones, sheet.freeze_panes) == (True, list(OPEN), "D2")


def test_office_program_asks_for_days_numbers_and_done(pledge, lin, campaign, make):
    make((date(2022, 9, 30), None), basis=Basis.DELIVERABLE, unit="")

    asked = sheet_of(form_of(lin, campaign)).data_validations.dataValidation

    assert {(each.type, str(each.sqref)) for each in asked} == {
        ("date", "I2:I3"),
        ("textLength", "K2:K3"),
        ("decimal", "J2"),
        ("list", "J3"),
    }


def test_what_looks_like_a_formula_is_text(pledge, lin, campaign):
    Pledge.objects.filter(pk=pledge.pk).update(title="=HYPERLINK(1)", unit="@x")
    sheet = sheet_of(form_of(lin, campaign))

    assert [
        (sheet.cell(2, COLUMN[name]).value, sheet.cell(2, COLUMN[name]).data_type)
        for name in ("title", "unit")
    ] == [
        ("=HYPERLINK(1)", "s"),
        ("@x", "s"),
    ]


def test_closed_pledges_and_other_departments_and_ended_campaigns_are_left_out(
    pledge, lin, chen, campaign, elsewhere
):
    closed = PledgeFactory(campaign=campaign, department=pledge.department)
    Closing.objects.create(pledge=closed, closed_by=chen)
    PledgeFactory(campaign=campaign, department=elsewhere)

    assert [row["pledge"] for row in rows_of(form_of(lin, campaign))] == [pledge.code]
    assert rows_of(form_of(lin, campaign, today=date(2023, 6, 1))) == []


def test_deliverable_is_said_in_words(campaign, make, lin, chen):
    plan = make((date(2022, 9, 30), None), basis=Basis.DELIVERABLE, unit="")
    with translation.override("en"):
        assert [rows_of(form_of(lin, campaign))[0][name] for name in ("target", "last")] == ["done", None]
        accepted(plan, as_of=date(2022, 3, 31), value=0, reviewer=chen, author=lin)
        assert rows_of(form_of(lin, campaign))[0]["last"] == "under way"


def test_second_sheet_explains_and_rehearsals_say_so(pledge, lin, campaign):
    def words():
        book = load_workbook(io.BytesIO(form_of(lin, Campaign.objects.get())))
        return [row[0] for row in book.worksheets[1].iter_rows(values_only=True)]

    before = words()
    Campaign.objects.update(kind="rehearsal")

    assert len(words()) == len(before) + 1


def test_sheet_of_problems_has_one_column_more(campaign):
    cells = dict.fromkeys(HEADS, "") | {"pledge": "x", "value": "12万", "problem": "数值"}

    (row,) = rows_of(render_typed([cells], campaign, today=MIDSUMMER))

    assert {column: text for column, text in row.items() if text} == {
        "pledge": "x",
        "value": "12万",
        "problem": "数值",
    }
