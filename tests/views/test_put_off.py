"""What was put off beyond the campaign stays in sight: on the map, in the list, on the wall chart."""

import re
from datetime import date

import pytest
from django.urls import reverse

from pledges.models import Milestone
from tests.cast import DepartmentFactory, PledgeFactory
from tests.kit.numbers import main_of, numbers_to_lists, total_of, words_of

NEW_YEAR = date(2023, 2, 10)
DAY = "2022-11-20"


@pytest.fixture
def plan(campaign, finance, elsewhere):
    """Two of the finance office, one of them put off to February; one of another department."""
    pledges = [
        PledgeFactory(campaign=campaign, department=each, number=number)
        for each, number in ((finance, "14-001"), (finance, "14-002"), (elsewhere, "09-001"))
    ]
    Milestone.objects.filter(pledge=pledges[0]).update(original_due=date(2022, 12, 31), due=NEW_YEAR)
    return pledges


def offered(html: str) -> list[str]:
    select = re.search(r'<select[^>]* name="due".*?</select>', html, re.DOTALL)[0]
    return re.findall(r'value="(\d{4}-\d\d)"', select)


def page_of(client, user, name, *args, query="") -> str:
    client.force_login(user)
    return main_of(client.get(f"{reverse(name, args=args)}?on={DAY}{query}"))


def test_its_month_is_on_the_map_and_opens_its_list(client, li, plan, campaign):
    client.force_login(li)
    response = client.get(f"{reverse('overview', args=[campaign.code])}?on={DAY}")

    assert [row.cells[-1] and row.cells[-1].key for row in response.context["board"].map.rows] in (
        ["2023-02", None],
        [None, "2023-02"],
    )
    found = [(href, number) for href, number in numbers_to_lists(response) if "due=2023-02" in href]
    assert [number for _href, number in found] == [1]
    assert [(href, total_of(client, href)) for href, _number in found] == found


@pytest.mark.parametrize("where", ["overview", "pledge-list"])
def test_a_month_after_the_campaign_is_offered_where_something_is_due(client, li, plan, campaign, where):
    year = [f"2022-{month:02}" for month in range(1, 13)]
    assert offered(page_of(client, li, where, campaign.code)) == [*year, "2023-02"]

    Milestone.objects.filter(due=NEW_YEAR).update(due=date(2022, 12, 31), original_due=None)
    assert offered(page_of(client, li, where, campaign.code)) == year
    assert offered(page_of(client, li, where, campaign.code, query="&due=2023-03")) == [*year, "2023-03"]


def test_the_wall_chart_has_a_column_for_it_with_its_year(client, li, plan, campaign, finance, elsewhere):
    def axis(department) -> list[str]:
        html = page_of(client, li, "department-chart", campaign.code, department.code)
        return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', html)[4:]

    html = page_of(client, li, "department-chart", campaign.code, finance.code)
    stones = re.findall(r'class="axis__stone">.*?</span>([\d.]+)', html, re.DOTALL)

    assert (stones, len(axis(finance))) == (["2023.2.10", "12.31"], 13)
    assert [name for name in axis(finance) if "2023" in name] == axis(finance)[-1:]
    assert axis(elsewhere) == axis(finance)[:-1]


def test_beyond_the_last_day_of_figures_it_stands_at_the_end(client, li, campaign):
    """A mistyped year must not stretch the axis over a century."""
    department = DepartmentFactory()
    PledgeFactory(campaign=campaign, department=department, stones=[(date(2099, 2, 10), 1)])
    html = page_of(client, li, "department-chart", campaign.code, department.code)

    assert "2099.2.10" in words_of(html)
    assert len(re.findall(r'<th scope="col"', html)) == 4 + 13
