"""One table, two faces: what the page shows and what a sheet's cell holds."""

from datetime import date
from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from pledges.choices import Basis
from pledges.models import Pledge
from pledges.queries.board import with_light
from pledges.tables import JudgedData, PledgeTable
from tests.cast import MIDSUMMER, PledgeFactory, accepted

JUNE = date(2022, 6, 30)


def table(day=MIDSUMMER, **more) -> PledgeTable:
    return PledgeTable(JudgedData(with_light(Pledge.objects.all(), day=day), day=day), **more)


def sheet(day=MIDSUMMER) -> list[dict]:
    heads, *rows = table(day).as_values()
    names = [column.name for column in table(day).columns.iterall()]
    assert len(heads) == len(names)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_a_sheet_holds_numbers_as_numbers(pledge, lin, chen):
    accepted(pledge, as_of=JUNE, value="30.5", reviewer=chen, author=lin)
    [row] = sheet()
    assert (row["actual"], row["target"], row["unit"]) == (Decimal("30.5"), 100, "家")
    assert (row["expected"], row["points"]) == (Decimal("49.7"), Decimal("19.2"))
    assert (row["next_due"], row["as_of"]) == (date(2022, 12, 31), JUNE)


def test_a_light_is_a_word_in_a_sheet_and_late_is_said(pledge, lin, chen, campaign):
    late = PledgeFactory(campaign=campaign, number="14-900", stones=[(date(2022, 5, 31), 10)])
    accepted(late, as_of=JUNE, value=10, reviewer=chen, author=lin)
    assert len({row["light"] for row in sheet()}) == 2
    assert "<" not in "".join(row["light"] + row["why"] + row["to_do"] for row in sheet())


def test_a_deliverable_is_told_in_words(campaign, lin, chen):
    pledge = PledgeFactory(campaign=campaign, basis=Basis.DELIVERABLE, unit="", stones=[(JUNE, None)])
    accepted(pledge, as_of=date(2022, 5, 31), value=0, reviewer=chen, author=lin)
    [row] = sheet(date(2022, 6, 1))
    assert isinstance(row["actual"], str)
    assert isinstance(row["target"], str)
    assert (row["expected"], row["points"], row["next_due"]) == (None, None, JUNE)


def test_nothing_reported_is_an_empty_cell_and_not_zero(pledge):
    [row] = sheet()
    assert (row["actual"], row["as_of"], row["points"]) == (None, None, None)


def test_a_strict_target_keeps_its_side_in_a_sheet(campaign):
    PledgeFactory(campaign=campaign, strict=True, stones=[(JUNE, 50)])
    assert isinstance(sheet()[0]["target"], str)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_the_table_costs_four_queries_and_its_count(campaign, django_assert_num_queries, rows):
    PledgeFactory.create_batch(rows, campaign=campaign)
    with django_assert_num_queries(5):  # how many, which, pledges, milestones, figures
        page = table()
        page.paginate(per_page=25)
        assert len([row.record.verdict for row in page.paginated_rows]) == rows


def test_a_sheet_is_judged_in_batches(campaign, monkeypatch):
    monkeypatch.setattr("pledges.tables.plans.BATCH", 2)
    PledgeFactory.create_batch(5, campaign=campaign)
    assert len({row["number"] for row in sheet()}) == 5


def test_one_row_can_be_asked_for(pledge):
    assert table().data[0].pledge == pledge


def test_only_columns_of_the_database_can_be_sorted(db):
    assert [column.name for column in table().columns if column.orderable] == [
        "number", "department", "light", "next_due", "as_of",
    ]  # fmt: skip


def test_sorting_is_left_to_the_database(campaign):
    from django.db import connection  # noqa: PLC0415  only this test looks at the words

    PledgeFactory.create_batch(3, campaign=campaign)
    with CaptureQueriesContext(connection) as captured:
        page = table(order_by=["-as_of"])
        page.paginate(per_page=2)
    [words] = [query["sql"] for query in captured if "LIMIT 2" in query["sql"]]
    assert "DESC NULLS LAST" in words
