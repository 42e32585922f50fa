"""The list of pledges: what it shows, to whom, of which day, and at which price."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from pledges.choices import ReportState
from pledges.models import Pledge
from tests.cast import DepartmentFactory, PledgeFactory, ReportFactory, accepted
from tests.kit.pages import DAY, EVIL, JUNE, page_of, total_of


@pytest.fixture
def address(campaign):
    """The address of the list with a query."""
    return lambda query="": f"{reverse('pledge-list', args=[campaign.code])}?{DAY}&{query}"


def numbers_on(response) -> list[str]:
    return [line.record.pledge.number for line in response.context["table"].page.object_list]


def test_a_visitor_is_sent_to_the_door(client, address, pledge):
    for page in (address(), page_of(pledge)):
        response = client.get(page)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("sign-in"))


def test_an_unknown_campaign_or_pledge_is_not_found(client, li):
    client.force_login(li)
    assert client.get(reverse("pledge-list", args=["nowhere"])).status_code == 404
    assert client.get(reverse("pledge-detail", args=["nothing"])).status_code == 404


def test_pages_are_only_read(client, li, address, pledge):
    client.force_login(li)
    assert client.post(address()).status_code == 405
    assert client.post(page_of(pledge)).status_code == 405


def test_a_reporter_sees_the_pledges_of_the_own_department(client, lin, wu, address, pledge):
    client.force_login(lin)
    assert (total_of(client.get(address())), client.get(page_of(pledge)).status_code) == (1, 200)
    client.force_login(wu)
    assert (total_of(client.get(address())), client.get(page_of(pledge)).status_code) == (0, 404)


def test_trouble_comes_first_then_the_printed_number(client, li, campaign, finance, address):
    for number in ("14-03", "14-01"):
        PledgeFactory(campaign=campaign, department=finance, number=number)
    PledgeFactory(campaign=campaign, department=finance, number="14-09", stones=[(JUNE, 5)])
    client.force_login(li)
    assert numbers_on(client.get(address())) == ["14-09", "14-01", "14-03"]


@pytest.mark.parametrize(
    "sort, numbers",
    [
        ("number", ["01-1", "01-2", "01-3"]),
        ("-number", ["01-3", "01-2", "01-1"]),
        ("department", ["01-3", "01-1", "01-2"]),
        ("next_due", ["01-2", "01-1", "01-3"]),  # passed deadlines come last, either way
        ("-next_due", ["01-1", "01-2", "01-3"]),
        ("as_of", ["01-2", "01-1", "01-3"]),
        ("-as_of", ["01-1", "01-2", "01-3"]),
        ("light", ["01-2", "01-3", "01-1"]),  # of one light by number
        ("-light", ["01-1", "01-2", "01-3"]),
        ("nonsense", ["01-2", "01-3", "01-1"]),
        ("actual", ["01-2", "01-3", "01-1"]),  # computed: not sorted by
    ],
)
def test_lists_are_sorted_in_the_database(client, li, lin, chen, campaign, address, sort, numbers):
    first, second = DepartmentFactory(order=1), DepartmentFactory(order=2)
    one = PledgeFactory(campaign=campaign, department=second, number="01-1")
    two = PledgeFactory(
        campaign=campaign, department=second, number="01-2", stones=[(date(2022, 9, 30), 100)]
    )
    PledgeFactory(campaign=campaign, department=first, number="01-3", stones=[(JUNE, 100)])
    accepted(one, as_of=JUNE, value=50, reviewer=chen, author=lin)
    accepted(two, as_of=date(2022, 5, 31), value=10, reviewer=chen, author=lin)
    client.force_login(li)
    assert numbers_on(client.get(address(f"sort={sort}"))) == numbers


@pytest.mark.parametrize(
    "query, shown",
    [
        ("", 25),
        ("page=2", 2),
        ("page=99", 2),
        ("page=x", 25),
        ("page=-1", 25),
        ("page=0", 25),
        ("per_page=50", 27),
        ("per_page=1000000", 25),
        ("per_page=x&page=%EF%BC%92", 25),
    ],
)
def test_a_page_is_cut_in_the_database(client, li, campaign, finance, address, query, shown):
    PledgeFactory.create_batch(27, campaign=campaign, department=finance)
    client.force_login(li)
    response = client.get(address(query))
    assert (len(numbers_on(response)), total_of(response)) == (shown, 27)


def test_the_list_costs_the_same_for_one_three_and_page_two(
    client, li, campaign, finance, address, cost_of, chen, lin
):
    client.force_login(li)
    accepted(
        PledgeFactory(campaign=campaign, department=finance), as_of=JUNE, value=5, reviewer=chen, author=lin
    )
    one = cost_of(client, address())
    for pledge in PledgeFactory.create_batch(2, campaign=campaign):
        accepted(pledge, as_of=JUNE, value=5, reviewer=chen, author=lin)
    three = cost_of(client, address())
    PledgeFactory.create_batch(30, campaign=campaign)
    assert (three, cost_of(client, address("page=2"))) == (one, one)
    assert one <= 15


def test_every_number_on_the_list_opens_what_it_counts(client, li, chen, lin, campaign, finance, address):
    pledges = PledgeFactory.create_batch(3, campaign=campaign, department=finance)
    PledgeFactory(campaign=campaign, stones=[(JUNE, 3)], stretch=True)
    PledgeFactory(campaign=campaign, shared_with=pledges[0])
    accepted(pledges[0], as_of=JUNE, value=100, reviewer=chen, author=lin)
    accepted(pledges[1], as_of=JUNE, value=49, reviewer=chen, author=lin)
    client.force_login(li)
    response = client.get(address())
    base = address().split("?")[0]
    tabs = {tab.url: tab.number for tab in response.context["tabs"]}
    assert {url: total_of(client.get(base + url)) for url in tabs} == tabs
    lights = {each.url: each.number for each in response.context["lights"]}
    assert {url: total_of(client.get(base + url)) for url in lights} == lights


def test_an_empty_list_names_its_filters_and_the_nearest_one(client, li, pledge, address):
    client.force_login(li)
    response = client.get(address("light=done&department=jinrong"))
    assert (total_of(response), len(response.context["chips"])) == (0, 2)
    assert [chip.found for chip in response.context["nearest"]] == [1]
    assert total_of(client.get(address().split("?")[0] + response.context["nearest"][0].url)) == 1


def test_before_the_first_day_the_list_is_empty_and_says_so(client, li, campaign, pledge):
    client.force_login(li)
    response = client.get(f"{reverse('pledge-list', args=[campaign.code])}?on=2021-12-31")
    assert (total_of(response), response.context["nearest"]) == (0, [])
    assert "?on=2022-01-01" in response.content.decode()


def test_printed_words_are_words_and_never_markup(client, li, chen, wu, campaign, finance, address):
    evil = PledgeFactory(campaign=campaign, department=finance, title=EVIL, quote=EVIL, remark=EVIL)
    ReportFactory(pledge=evil, note=EVIL, author=wu)
    ReportFactory(
        pledge=evil,
        author=wu,
        reviewer=chen,
        state=ReportState.RETURNED,
        return_reason=EVIL,
        as_of=date(2022, 5, 1),
    )
    client.force_login(li)
    for page in (
        address(),
        address("q=%3Cscript%3Ealert(9)%3C/script%3E&light=%3Cimg%3E&due=%22%3E"),
        page_of(evil),
    ):
        text = client.get(page).content.decode()
        assert not re.search(r"<script>alert|<img src=x|\"'><img", text)


def test_the_list_of_a_past_day_shows_its_light(client, li, lin, chen, pledge, campaign):
    accepted(pledge, as_of=date(2022, 8, 31), value=100, reviewer=chen, author=lin)
    client.force_login(li)
    base = reverse("pledge-list", args=[campaign.code])
    assert total_of(client.get(f"{base}?on=2022-08-30&light=done")) == 0
    assert total_of(client.get(f"{base}?on=2022-08-31&light=done")) == 1


def test_links_keep_the_day(client, li, pledge, address):
    client.force_login(li)
    assert f"/pledges/{pledge.code}/?{DAY}" in client.get(address()).content.decode()


def test_the_sheet_holds_every_page_of_the_filtered_list(client, li, campaign, finance, address):
    PledgeFactory.create_batch(30, campaign=campaign, department=finance)
    PledgeFactory(campaign=campaign)
    client.force_login(li)
    response = client.get(address("department=jinrong&format=xlsx&sort=-number"))
    rows = list(load_workbook(BytesIO(response.getvalue())).active.values)
    expected = Pledge.objects.filter(department=finance).order_by("-number").values_list("number", flat=True)
    assert [row[0] for row in rows[1:31]] == list(expected)
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''wujin-2022-2022-07-01.xlsx"
    assert response["Content-Type"].startswith("application/vnd.openxmlformats")
