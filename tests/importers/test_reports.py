"""Sheets of reports: every row checked as the form does, every fault named by row and column."""

import re
from datetime import date
from decimal import Decimal

import pytest

from pledges.choices import Basis, ReportState
from pledges.errors import FaultsError
from pledges.importers.reports import read_reports
from pledges.models import ProgressReport
from tests.cast import MIDSUMMER, PledgeFactory, ReportFactory, accepted

pytestmark = pytest.mark.django_db


def sheet(*rows):
    lines = ["pledge,as_of,value,note", *(",".join(map(str, row)) for row in rows)]
    return "\n".join(lines).encode()


def read(content, author, *, is_accepted=False):
    return read_reports("in.csv", content, author=author, is_accepted=is_accepted, today=MIDSUMMER)


def faults(content, author, **options):
    with pytest.raises(FaultsError) as caught:
        read(content, author, **options)
    return list(caught.value.faults)


def test_rows_are_said_in_the_order_of_their_days(pledge, lin):
    content = sheet((pledge.code, "2022-06-30", 16, ""), (pledge.code, "2022-03-31", 5, ""))

    outcome = read(content, lin)

    assert [(saying.line, saying.said.value) for saying in outcome.new] == [(3, 5), (2, 16)]
    assert not ProgressReport.objects.exists()


def test_numbers_and_days_are_read_as_on_the_page(pledge, lin):
    saying = read(sheet((pledge.code, "2022年6月30日", "１６", " 台账 ")), lin).new[0]

    assert (saying.said.as_of, saying.said.value, saying.said.note) == (
        date(2022, 6, 30),
        Decimal(16),
        "台账",
    )


@pytest.mark.parametrize(
    "row,column",
    [
        (("x", "2022-06-30", "5", ""), "pledge"),
        (("", "2022-06-30", "5", ""), "pledge"),
        (("{code}", "2022-02-30", "5", ""), "as_of"),
        (("{code}", "", "5", ""), "as_of"),
        (("{code}", "2021-12-31", "5", ""), "as_of"),
        (("{code}", "2022-07-02", "5", ""), "as_of"),
        (("{code}", "2022-06-30", "", ""), "value"),
        (("{code}", "2022-06-30", "12万", ""), "value"),
        (("{code}", "2022-06-30", "1e5", ""), "value"),
        (("{code}", "2022-06-30", "5.5", ""), "value"),
        (("{code}", "2022-06-30", "-5", "更正"), "value"),
        (("{code}", "2022-06-30", "5", "字" * 2001), "note"),
    ],
)
def test_fault_names_its_row_and_column(row, column, pledge, lin):
    good = (pledge.code, "2022-01-31", 0, "")
    bad = tuple(cell.replace("{code}", pledge.code) for cell in row)

    said = faults(sheet(good, bad), lin)

    assert len(said) == 1
    assert "3" in said[0]
    assert column in said[0]


def test_all_faults_are_named_in_the_order_of_the_rows(pledge, lin):
    said = faults(sheet(("x", "?", "?", ""), (pledge.code, "?", "?", ""), ("y", "", "", "")), lin)

    assert [re.search(r"(\d).*?(pledge|as_of|value)", fault).groups() for fault in said] == [
        ("2", "pledge"),
        ("3", "as_of"),
        ("3", "value"),
        ("4", "pledge"),
    ]


def test_somebody_elses_pledge_reads_like_none(pledge, wu, li):
    for stranger in (wu, li):
        there = faults(sheet((pledge.code, "2022-06-30", 5, "")), stranger)
        nowhere = faults(sheet(("nowhere", "2022-06-30", 5, "")), stranger)
        assert [fault.replace(pledge.code, "nowhere") for fault in there] == nowhere


def test_superuser_may_report_for_any_department(pledge, boss):
    assert len(read(sheet((pledge.code, "2022-06-30", 5, "")), boss).new) == 1


def test_identical_live_row_is_unchanged(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 3, 31), value=5, reviewer=chen, author=lin)
    ReportFactory(pledge=pledge, as_of=date(2022, 6, 30), value=Decimal(16), author=lin)

    outcome = read(sheet((pledge.code, "2022-03-31", 5, ""), (pledge.code, "2022-06-30", "16.0", "")), lin)

    assert (outcome.new, outcome.unchanged) == ([], 2)


def test_row_that_was_returned_is_named_and_not_passed_over(pledge, lin, chen):
    content = sheet((pledge.code, "2022-06-30", 16, ""))
    key = read(content, lin).new[0].key
    returned = {"state": ReportState.RETURNED, "reviewer": chen, "return_reason": "请核对。"}
    ReportFactory(pledge=pledge, value=Decimal(16), author=lin, key=key, **returned)

    [fault] = faults(content, lin)

    assert str(ReportState.RETURNED.label) in fault


def test_one_day_is_given_once(pledge, lin):
    said = faults(sheet((pledge.code, "2022-06-30", 5, ""), (pledge.code, "2022-06-30", 6, "")), lin)

    assert len(said) == 1
    assert "2" in said[0]
    assert "3" in said[0]


def test_same_row_twice_counts_once(pledge, lin):
    row = (pledge.code, "2022-06-30", 5, "")

    outcome = read(sheet(row, row), lin)

    assert (len(outcome.new), outcome.unchanged) == (1, 1)


def test_later_row_is_checked_after_the_earlier_one(pledge, lin):
    said = faults(sheet((pledge.code, "2022-03-31", 9, ""), (pledge.code, "2022-06-30", 5, "")), lin)

    assert ["note" in fault for fault in said] == [True]


def test_correction_needs_a_reason(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 30), value=5, reviewer=chen, author=lin)

    assert ["note" in fault for fault in faults(sheet((pledge.code, "2022-06-30", 6, "")), lin)] == [True]
    assert len(read(sheet((pledge.code, "2022-06-30", 6, "更正")), lin, is_accepted=True).new) == 1


def test_deliverable_is_nought_or_one(make, lin):
    plan = make((date(2022, 9, 30), None), basis=Basis.DELIVERABLE, unit="")

    assert len(read(sheet((plan.code, "2022-06-30", 1, "")), lin).new) == 1
    assert ["value" in fault for fault in faults(sheet((plan.code, "2022-06-30", 2, "")), lin)] == [True]


def test_shared_pledge_has_one_book(campaign, finance, elsewhere, lin, boss):
    lead = PledgeFactory(campaign=campaign, department=elsewhere)
    twin = PledgeFactory(campaign=campaign, department=finance, shared_with=lead)

    said = faults(sheet((lead.code, "2022-06-30", 5, ""), (twin.code, "2022-06-30", 6, "")), boss)

    assert len(said) == 1
    assert len(read(sheet((twin.code, "2022-06-30", 6, "")), lin).new) == 1


def test_file_that_is_no_sheet_is_refused(lin):
    with pytest.raises(FaultsError):
        read_reports("in.pdf", b"%PDF", author=lin, is_accepted=False, today=MIDSUMMER)
