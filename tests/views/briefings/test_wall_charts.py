"""The chart for a department's wall: each milestone in its month, with what became of it."""

import re
from datetime import date

import pytest

from pledges.choices import Basis
from tests.cast import PledgeFactory, accepted
from tests.kit.pages import address
from tests.kit.paper import MIDYEAR

pytestmark = pytest.mark.django_db


# ---- the wall chart


@pytest.fixture
def chart(office, campaign, finance):
    def opened(day=MIDYEAR):
        return office.get(f"{address('department-chart', campaign, finance.code)}?on={day}")

    return opened


def test_each_milestone_stands_in_its_month_with_what_became_of_it(chart, campaign, finance, chen, lin):
    stones = [(date(2022, 3, 31), 10), (date(2022, 5, 31), 30), (date(2022, 12, 31), 100)]
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=stones)
    accepted(pledge, as_of=date(2022, 3, 20), value=20, reviewer=chen, author=lin)

    (row,) = chart().context["chart"].rows

    found = {
        place: [stone.shape for stone in cell.stones] for place, cell in enumerate(row.cells) if cell.stones
    }
    assert found == {2: ["done"], 4: ["red"], 11: ["grey"]}
    assert [cell.is_now for cell in row.cells].index(True) == 6


def test_late_is_told_apart_from_on_time(chart, campaign, finance, chen, lin):
    pledge = PledgeFactory(
        campaign=campaign,
        department=finance,
        basis=Basis.DELIVERABLE,
        unit="",
        stones=[(date(2022, 3, 31), None)],
    )
    accepted(pledge, as_of=date(2022, 4, 20), value=1, reviewer=chen, author=lin)

    (row,) = chart().context["chart"].rows

    assert [stone.shape for cell in row.cells for stone in cell.stones] == ["late"]


def test_a_month_in_which_nothing_is_due_is_an_empty_cell(chart, campaign, finance):
    PledgeFactory(
        campaign=campaign, department=finance, stones=[(date(2022, 3, 31), 10), (date(2022, 6, 30), 20)]
    )

    page = chart()
    (row,) = page.context["chart"].rows

    assert [len(cell.stones) for cell in row.cells] == [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert len(re.findall(r"<td(?: class=\"is-now\")?></td>", page.content.decode())) == 10


def test_who_answers_for_it_is_named(chart, campaign, pledge, lin, sun, wu, elsewhere):
    PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)
    page = chart().content.decode()

    assert [name for name in ("林会计", "孙主任", "商务局") if name not in page] == []
    assert "吴科长" not in page


def test_a_person_who_has_left_is_not_named(chart, pledge, lin):
    lin.is_active = False
    lin.save()

    assert "林会计" not in chart().content.decode()


def test_a_long_campaign_keeps_to_twelve_columns_and_one_for_what_comes_after(
    chart, campaign, finance, pledge
):
    campaign.ends_on = date(2023, 12, 31)
    campaign.save()
    PledgeFactory(
        campaign=campaign, department=finance, stones=[(date(2024, 2, 1), 10), (date(2021, 1, 1), 1)]
    )

    spans = chart().context["chart"].spans
    rows = chart().context["chart"].rows

    assert [spans[place].last for place in (0, 11)] == [date(2022, 2, 28), date(2023, 12, 31)]
    assert [(span.first, span.last) for span in spans[12:]] == [(date(2024, 1, 1), date(2024, 2, 29))]
    assert sum(len(cell.stones) for row in rows for cell in row.cells) == 3


def test_the_chart_follows_what_a_person_may_see(client, campaign, pledge, lin, sun, wu, li):
    found = {}
    for person in (lin, sun, wu, li):
        client.force_login(person)
        found[person.username] = client.get(address("department-chart", campaign, "jinrong")).status_code

    assert found == {"lin": 200, "sun": 200, "wu": 404, "li": 200}
