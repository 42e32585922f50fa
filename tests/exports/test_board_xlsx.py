"""The whole board as a workbook: the counts of the overview, the rows of the list, harmless to open."""

from datetime import date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from pledges.choices import Light
from pledges.models import Pledge
from pledges.queries.board import counts_on, departments_on
from pledges.queries.facts import judged_one
from pledges.wording import what_to_do, why
from tests.cast import PledgeFactory, accepted

pytestmark = pytest.mark.django_db

DAY = date(2022, 7, 1)


@pytest.fixture
def plan(campaign, finance, elsewhere, chen, lin):
    first = PledgeFactory(campaign=campaign, department=finance, number="14-01", title="=1+1")
    PledgeFactory(campaign=campaign, department=elsewhere, number="09-01", title="@SUM(A1)")
    PledgeFactory(campaign=campaign, department=elsewhere, number="09-02", shared_with=first)
    accepted(first, as_of=date(2022, 6, 30), value="12.5", reviewer=chen, author=lin)
    return first


@pytest.fixture
def book(client, li, campaign, plan):
    client.force_login(li)
    answer = client.get(f"{reverse('board-xlsx', args=[campaign.code])}?on={DAY}")
    assert f"{campaign.code}-board-{DAY}.xlsx" in answer.headers["Content-Disposition"]
    return load_workbook(BytesIO(answer.getvalue()))


def test_the_first_sheet_counts_as_the_overview_does(book, campaign):
    pledges = Pledge.objects.filter(campaign=campaign)
    heads, *rows = book.worksheets[0].values
    departments = departments_on(pledges, day=DAY)
    once = counts_on(pledges, day=DAY)

    assert len(heads) == 1 + len(Light) + 1
    assert rows[:2] == [(r.department.name, *r.counts.by_light.values(), r.counts.total) for r in departments]
    assert rows[2][1:] == (*once.by_light.values(), once.total)
    assert sum(row[-1] for row in rows[:2]) == once.total + 1  # the shared one stands in both departments


def test_below_stand_the_day_and_the_rules(book):
    notes = [row[0] for row in list(book.worksheets[0].values)[5:]]

    assert any("10" in note and "30" in note for note in notes)
    assert any("2022" in note for note in notes)


def test_the_second_sheet_has_every_pledge_with_its_reason(book, plan):
    _heads, *rows = book.worksheets[1].values
    line = judged_one(Pledge.objects.get(pk=plan.pk), today=DAY)

    assert [row[0] for row in rows] == ["09-01", "09-02", "14-01"]
    assert rows[2][-2:] == (why(line), what_to_do(line))
    assert (rows[2][4], rows[2][6], rows[2][7]) == (12.5, 100, "家")
    assert rows[2][10] == datetime(2022, 6, 30)  # noqa: DTZ001  a sheet knows no zones


def test_nothing_in_it_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert {"=1+1", "@SUM(A1)"} <= {cell.value for cell in cells}


def test_an_empty_campaign_is_a_workbook_too(client, li, campaign):
    client.force_login(li)
    book = load_workbook(BytesIO(client.get(reverse("board-xlsx", args=[campaign.code])).getvalue()))

    assert len(list(book.worksheets[1].values)) == 1
