"""The page of one department: who may open it, what it says besides the lights."""

import re
from datetime import date

import pytest
from django.urls import reverse

from tests.cast import DepartmentFactory, PledgeFactory

DAY = "?on=2022-07-01"


@pytest.fixture
def address(campaign, finance):
    return reverse("department-detail", args=[campaign.code, finance.code])


@pytest.mark.parametrize(
    "who, status", [("lin", 200), ("wu", 404), ("chen", 200), ("li", 200), ("boss", 200)]
)
def test_a_department_is_open_to_its_reporters_and_to_the_city(request, client, pledge, address, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address).status_code == status


def test_an_unknown_department_or_one_without_pledges_is_not_found(client, li, campaign, pledge):
    client.force_login(li)
    for code in ("nowhere", DepartmentFactory().code):
        assert client.get(reverse("department-detail", args=[campaign.code, code])).status_code == 404


def test_a_department_is_only_read(client, li, pledge, address):
    client.force_login(li)
    assert client.post(address).status_code == 405


def test_discipline_is_counted_in_times(client, li, pledge, address):
    client.force_login(li)
    html = client.get(f"{address}{DAY}").content.decode()
    counted = re.findall(r"<dd>(\d+)<small>", html)

    assert counted[:4] == ["0", "0", "6", "0"]  # on time, late, missing, returned


def test_a_shared_pledge_that_is_due_stands_on_both_pages(client, li, campaign, pledge, elsewhere):
    stones = [(date(2022, 7, 15), 100)]
    share = PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge, stones=stones)
    client.force_login(li)
    page = client.get(reverse("department-detail", args=[campaign.code, elsewhere.code]) + DAY)

    assert [row.line.pledge for row in page.context["board"].due] == [share]


def test_each_line_opens_its_pledge_on_the_same_day(client, li, pledge, address):
    client.force_login(li)
    assert (
        f'href="{pledge.get_absolute_url()}?on=2022-07-01"' in client.get(f"{address}{DAY}").content.decode()
    )


def test_the_way_back_leads_to_the_same_day(client, li, campaign, pledge, address):
    client.force_login(li)
    crumbs = re.search(r'<ol class="crumbs">.*?</ol>', client.get(f"{address}{DAY}").content.decode())[0]

    assert reverse("overview", args=[campaign.code]) + DAY in crumbs
