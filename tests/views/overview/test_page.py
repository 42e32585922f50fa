"""What the overview and the department's page say of a day, and before, after and beside it."""

import re
from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from pledges.choices import CampaignKind, Light
from pledges.models import Pledge
from pledges.queries import overview as overview_queries
from pledges.views import overview as overview_view
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory
from tests.kit.numbers import links_in, main_of, words_of

JUNE_30 = date(2022, 6, 30)


def test_all_five_lights_are_on_the_page_in_words_and_shapes(client, li, plan, pages):
    client.force_login(li)
    response = client.get(f"{pages['overview']}?on=2022-07-01")
    counts = response.context["counts"]

    assert {light: counts[light] for light in Light} == {
        "red": 2,
        "yellow": 2,
        "green": 1,
        "done": 1,
        "grey": 1,
    }
    assert all(f"#light-{light}" in main_of(response) for light in Light)


def test_links_keep_the_day_and_today_needs_none(client, li, plan, pages):
    client.force_login(li)
    dated = links_in(main_of(client.get(f"{pages['overview']}?on=2022-07-01")))
    plain = links_in(main_of(client.get(pages["overview"])))

    assert [href for href, _words in dated if href.startswith("/") and "on=2022-07-01" not in href] == [
        pages["overview"],  # back to today
        f"{reverse('blocker-list', args=['wujin-2022'])}?stage=open",  # what stands in the way now
        reverse("extension-list", args=["wujin-2022"]),
        reverse("closing-list", args=["wujin-2022"]),
    ]
    assert {re.search(r"on=[\d-]+", href)[0] for href, _words in plain if "on=" in href} == {"on=2022-12-31"}


@pytest.mark.parametrize("where", ["overview", "finance"])
def test_before_the_first_day_the_page_says_when_it_begins(client, li, plan, pages, where):
    client.force_login(li)
    response = client.get(f"{pages[where]}?on=2021-12-20")

    assert [href for href, _words in links_in(main_of(response)) if href == "?on=2022-01-01"] == [
        "?on=2022-01-01"
    ]
    assert client.get(f"{pages[where]}?on=2022-01-01").context["board"].counts.total > 0


def test_after_the_last_day_the_page_says_that_it_is_over(client, li, plan, pages):
    client.force_login(li)

    assert f"{pages['overview']}?on=2022-12-31" in main_of(client.get(f"{pages['overview']}?on=2023-02-01"))
    assert f"{pages['overview']}?on=2022-12-31" not in main_of(
        client.get(f"{pages['overview']}?on=2022-12-31")
    )


@pytest.mark.parametrize("asked", ["abc", "2022-02-30", "1999-12-31", "2101-01-01", "９", "\0"])
def test_a_day_that_cannot_be_read_is_named_and_today_is_shown(client, li, plan, pages, asked):
    client.force_login(li)
    response = client.get(pages["overview"], {"on": asked})

    assert (response.status_code, response.context["day"]) == (200, response.context["today"])
    assert '<p class="note said" role="status">' in main_of(response)


def test_a_reporter_whose_department_promised_nothing_is_told_so(client, wu, campaign, pledge, pages):
    client.force_login(wu)
    response = client.get(pages["overview"])

    assert (response.status_code, response.context["counts"].total) == (200, 0)
    assert 'class="empty' in main_of(response)


def test_invented_data_says_so_on_every_page_and_real_data_does_not(client, li, campaign, pages):
    rehearsal = CampaignFactory(kind=CampaignKind.REHEARSAL)
    client.force_login(li)

    for name in ("overview", "pledge-list", "rules", "article"):
        assert 'class="drill"' in client.get(reverse(name, args=[rehearsal.code])).content.decode()
    assert 'class="drill"' not in client.get(pages["overview"]).content.decode()


def test_the_campaign_last_looked_at_stays_at_hand(client, li, campaign):
    other = CampaignFactory(starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31))
    client.force_login(li)
    client.get(reverse("overview", args=[campaign.code]))
    client.get("/campaigns/nowhere/")

    assert client.get("/", follow=True).context["campaign"] == campaign
    client.get(reverse("rules", args=[other.code]))
    assert client.get("/", follow=True).context["campaign"] == other


@pytest.mark.parametrize("name", ["overview", "rules"])
def test_an_unknown_campaign_is_not_found(client, li, name):
    client.force_login(li)
    assert client.get(reverse(name, args=["nowhere"])).status_code == 404


def test_the_rules_print_the_numbers_of_the_campaign(client, li, campaign):
    campaign.yellow_points, campaign.red_points, campaign.due_soon_days = 7, 23, 19
    campaign.save()
    client.force_login(li)
    html = main_of(client.get(reverse("rules", args=[campaign.code])))

    assert [number in html for number in ("7", "23", "19")] == [True] * 3
    lights = re.findall(r"light light--(\w+)", html)
    assert lights == ["red", "yellow", "green", "done", "grey"]


def test_a_title_is_only_text(client, li, plan, pages):
    Pledge.objects.filter(pk=plan["red"].pk).update(title="<script>alert(1)</script>")
    client.force_login(li)

    for where in ("overview", "finance"):
        assert "<script>alert" not in client.get(f"{pages[where]}?on=2022-07-01").content.decode()


@pytest.mark.parametrize("asked", ["2022-07-01", "2022-07-02", "x", "2022-02-30", "\0"])
def test_a_day_that_cannot_be_compared_with_is_named(client, li, plan, pages, asked):
    client.force_login(li)
    response = client.get(pages["overview"], {"on": "2022-07-01", "than": asked})

    assert response.context["than"] == date(2022, 6, 1)
    assert '<p class="note said" role="status">' in main_of(response)


def test_a_day_before_the_first_is_the_first(client, li, plan, pages):
    client.force_login(li)

    assert client.get(f"{pages['overview']}?on=2022-07-01&than=2021-06-01").context["than"] == date(
        2022, 1, 1
    )


@pytest.mark.parametrize("weight, grey", [(0, False), (50, True)])
def test_the_formula_is_that_of_the_campaign(client, li, plan, pages, campaign, weight, grey):
    campaign.yellow_weight, campaign.grey_counts = weight, grey
    campaign.save()
    client.force_login(li)
    response = client.get(f"{pages['overview']}?on=2022-07-01")

    assert ("50%" in words_of(main_of(response)).split("÷")[0].rpartition("(")[2]) == bool(weight)
    scores = {row.department.code: row.score for row in response.context["board"].ranking}
    assert scores == {"jinrong": 50, "shangwu": Fraction(weight, 3)}


def test_many_departments_are_paged_and_the_map_shows_the_worst(client, li, campaign, pages, monkeypatch):
    for queries_or_view in (overview_view, overview_queries):
        monkeypatch.setattr(queries_or_view, "MANY_DEPARTMENTS", 2)
    monkeypatch.setattr(overview_view, "PAGE_SIZE", 2)
    for _each in range(5):
        PledgeFactory(campaign=campaign, department=DepartmentFactory(), stones=[(JUNE_30, 10)])
    client.force_login(li)
    response = client.get(f"{pages['overview']}?on=2022-07-01&page=2")

    assert (len(response.context["page"].object_list), response.context["page"].paginator.num_pages) == (2, 3)
    assert "page=3#h-dept" in main_of(response)


@pytest.mark.parametrize("where", ["overview", "finance"])
def test_the_page_costs_the_same_for_one_pledge_and_three(
    client, li, campaign, finance, pages, cost_of, where
):
    stones = [(JUNE_30, 10), (date(2022, 7, 20), 20)]
    PledgeFactory(campaign=campaign, department=finance, stones=stones)
    client.force_login(li)
    address = f"{pages[where]}?on=2022-07-01"
    one = cost_of(client, address)
    PledgeFactory.create_batch(2, campaign=campaign, department=finance, stones=stones)

    assert cost_of(client, address) == one
    assert one <= 15
