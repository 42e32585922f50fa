"""Department × month: outcomes as the rules have them, at a price that does not grow."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges.choices import Fate
from pledges.models import Pledge
from pledges.models.plans import once_among
from pledges.queries import overview as page
from pledges.queries.departments import department_board
from pledges.queries.overview import Scope, overview_of, worst_of
from tests.cast import DepartmentFactory, PledgeFactory, accepted

MAY_31, JUNE_10, JUNE_30, JULY_1 = date(2022, 5, 31), date(2022, 6, 10), date(2022, 6, 30), date(2022, 7, 1)


@pytest.fixture
def plan(campaign, finance, elsewhere, lin, chen):
    """In June: met on time, met late, missed, missed though a stretch goal, two deadlines of one; open in July."""

    def made(*said, **facts):
        pledge = PledgeFactory(
            campaign=campaign, **{"department": finance, "stones": [(JUNE_10, 10)]} | facts
        )
        for as_of, value in said:
            accepted(pledge, as_of=as_of, value=value, reviewer=chen, author=lin)
        return pledge

    made((MAY_31, 10))
    made((JUNE_30, 10))
    made()
    made(stretch=True)
    made((MAY_31, 10), stones=[(JUNE_10, 10), (JUNE_30, 20), (date(2022, 7, 20), 30)])
    made(department=elsewhere, stones=[(date(2022, 7, 20), 1)])


def seen(campaign, day=JULY_1, than=MAY_31, **asked):
    pledges = Pledge.objects.filter(campaign=campaign)
    return overview_of(Scope(campaign, pledges, once_among(pledges), day, than), **asked)


def mapped(campaign, **asked):
    return [row.department.name for row in seen(campaign, **asked).map.rows]


def fates(board):
    return {
        (row.department.name, cell.key): {fate.value: number for fate, number in cell.fates.items()}
        for row in board.map.rows
        for cell in row.cells
        if cell
    }


def test_each_deadline_shows_what_became_of_it(plan, campaign):
    assert fates(seen(campaign)) == {
        ("金融办", "2022-06"): {"on_time": 1, "late": 1, "missed": 2, "stretch": 1},
        ("金融办", "2022-07"): {"open": 1},
        ("商务局", "2022-07"): {"open": 1},
    }


def test_of_several_deadlines_in_a_month_the_worst_counts_once(plan, campaign):
    assert fates(seen(campaign, day=JUNE_30))["金融办", "2022-06"] == {
        "on_time": 1,
        "late": 1,
        "missed": 1,
        "stretch": 1,
        "open": 1,
    }


def test_nothing_later_is_known_on_an_earlier_day(plan, campaign):
    assert fates(seen(campaign, day=MAY_31, than=None))["金融办", "2022-06"] == {"on_time": 1, "open": 4}


def test_the_worst_stands_first_in_a_cell(plan, campaign):
    (cell, *_rest) = (
        cell for row in seen(campaign).map.rows for cell in row.cells if cell and cell.total == 5
    )

    assert list(cell.fates) == [Fate.MISSED, Fate.STRETCH, Fate.LATE, Fate.ON_TIME]


def test_discipline_is_that_of_the_departments_own_page(plan, campaign, finance, elsewhere, li):
    board = seen(campaign)

    assert board.disciplines == {
        each.pk: department_board(campaign, each, li, day=JULY_1).discipline for each in (finance, elsewhere)
    }


def test_of_many_departments_those_that_stand_worst_are_mapped(plan, campaign, monkeypatch, lin, chen):
    for value in (50, 10):
        pledge = PledgeFactory(campaign=campaign, department=DepartmentFactory(name=f"局{value}"))
        accepted(pledge, as_of=JUNE_30, value=value, reviewer=chen, author=lin)
    ranking = seen(campaign).ranking

    assert [row.department.name for row in worst_of(ranking, most=2, shown=2)] == ["局10", "金融办"]
    assert [row.department.name for row in worst_of(ranking, most=2, shown=1)] == ["局10"]
    assert worst_of(ranking, most=4, shown=1) == ranking

    monkeypatch.setattr(page, "MANY_DEPARTMENTS", 2)
    monkeypatch.setattr(page, "SHOWN_WORST", 2)
    assert mapped(campaign) == ["局10", "金融办"]
    assert len(mapped(campaign, whole_map=True)) == 4

    monkeypatch.setattr(page, "MANY_PLEDGES", 1)
    monkeypatch.setattr(page, "MAPPED_PLEDGES", 1)
    assert mapped(campaign) == ["局10"]
    assert len(mapped(campaign, whole_map=True)) == 4
    assert seen(campaign).may_map_all

    monkeypatch.setattr(page, "MOST_MAPPED", 1)
    assert mapped(campaign, whole_map=True) == ["局10"]
    assert not seen(campaign).may_map_all


def test_the_page_is_read_in_a_constant_number_of_queries(plan, campaign, finance):
    with CaptureQueriesContext(connection) as before:
        seen(campaign)
    for _each in range(3):
        PledgeFactory(
            campaign=campaign, department=DepartmentFactory(), stones=[(JUNE_10, 10), (JUNE_30, 20)]
        )
    with CaptureQueriesContext(connection) as after:
        seen(campaign)

    assert (len(before), len(after)) == (6, 6)
