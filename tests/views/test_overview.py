"""The overview and the department page: every number opens exactly the list that it counts."""

import re
from datetime import date
from fractions import Fraction
from html import unescape

import pytest
from django.urls import reverse

from pledges.actions.standings import rebuild_standings
from pledges.choices import Basis, CampaignKind, Light
from pledges.models import Pledge, Theme
from pledges.queries import overview as overview_queries
from pledges.views import overview as overview_view
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, accepted

MAY_31, JUNE_30, JULY_1 = date(2022, 5, 31), date(2022, 6, 30), date(2022, 7, 1)
DAYS = ("2021-12-20", "2022-06-15", "2022-07-01", "2022-12-31", "2023-02-01")


@pytest.fixture
def plan(campaign, finance, elsewhere, lin, chen) -> dict[str, Pledge]:
    """All five lights on 1 July, a stretch goal, a series, one pledge that two departments share."""

    def made(department, **facts) -> Pledge:
        return PledgeFactory(campaign=campaign, department=department, **facts)

    plan = {
        "red": made(finance, stones=[(JUNE_30, 10), (date(2022, 7, 20), 20)]),
        "yellow": made(finance, basis=Basis.DELIVERABLE, unit="", stones=[(date(2022, 7, 10), None)]),
        "green": made(finance),
        "done": made(finance, stones=[(JUNE_30, 40)]),
        "grey": made(finance),
        "stretch": made(elsewhere, stretch=True, stones=[(JUNE_30, 10)]),
        "early": made(elsewhere, stones=[(date(2022, 1, 10), 5)]),
    }
    accepted(plan["green"], as_of=JUNE_30, value=50, reviewer=chen, author=lin)
    accepted(plan["done"], as_of=MAY_31, value=40, reviewer=chen, author=lin)
    plan["shared"] = made(elsewhere, shared_with=plan["green"], stones=[(date(2022, 7, 15), 100)])
    rebuild_standings(Pledge.objects.all())
    heaps = [Theme.objects.create(campaign=campaign, code=code, name=code) for code in ("people", "works")]
    for name, theme in (("red", 0), ("yellow", 1), ("green", 1), ("shared", 1), ("stretch", 0)):
        Pledge.objects.filter(pk=plan[name].pk).update(theme=heaps[theme])
    return plan


@pytest.fixture
def pages(campaign, finance, elsewhere):
    """The addresses of the overview and of both departments."""
    return {
        "overview": reverse("overview", args=[campaign.code]),
        "finance": reverse("department-detail", args=[campaign.code, finance.code]),
        "elsewhere": reverse("department-detail", args=[campaign.code, elsewhere.code]),
    }


def main_of(response) -> str:
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def words_of(html: str) -> str:
    """The visible words, without the shares beside the counts."""
    html = re.sub(r'<span class="d">.*?</span>', "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", html))


def links_in(html: str) -> list[tuple[str, str]]:
    """Pairs of an address and its words."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [(unescape(href), words_of(words)) for href, words in found]


def numbers_to_lists(response) -> list[tuple[str, int]]:
    """Every link that carries a number and leads to a list."""
    links = [(href, re.search(r"\d+", words)) for href, words in links_in(main_of(response))]
    return [(href, int(number[0])) for href, number in links if number and "/pledges/?" in f"{href}?"]


def total_of(client, href: str) -> int:
    return int(re.search(r'<main[^>]* data-total="(\d+)"', client.get(href).content.decode())[1])


OPEN = {
    "li": {"overview", "finance", "elsewhere"},
    "lin": {"overview", "finance"},
    "wu": {"overview", "elsewhere"},
}


@pytest.mark.parametrize(
    "who, where", [(who, where) for who, pages in OPEN.items() for where in sorted(pages)]
)
def test_every_number_opens_exactly_the_list_it_counts(request, client, plan, pages, who, where):
    client.force_login(request.getfixturevalue(who))
    for day in DAYS:
        found = numbers_to_lists(client.get(f"{pages[where]}?on={day}"))

        assert [(href, total_of(client, href)) for href, _number in found] == found
        assert found != [] or day < "2022"


@pytest.mark.parametrize("where", ["overview", "finance", "elsewhere"])
def test_no_number_of_pledges_stands_without_its_list(client, li, plan, pages, where):
    client.force_login(li)
    html = main_of(client.get(f"{pages[where]}?on=2022-07-01"))
    table = re.search(r'<div class="scroll".*?</div>', html, re.DOTALL)
    cells = re.findall(r'<td class="num">(.*?)</td>', table[0] if table else "", re.DOTALL)
    tiles = re.findall(
        r"<li>(.*?)</li>", re.search(r'<ul class="strip".*?</ul>|$', html, re.DOTALL)[0], re.DOTALL
    )

    bare = [words_of(cell).strip() for cell in cells if "<a " not in cell]
    assert set(bare) <= {"0"}
    assert [tile for tile in tiles if "<a " not in tile] == []


@pytest.mark.parametrize("where", ["overview", "finance", "elsewhere"])
def test_what_is_due_soon_is_counted_in_milestones_and_exported_in_pledges(client, li, plan, pages, where):
    client.force_login(li)
    response = client.get(f"{pages[where]}?on=2022-06-25")
    html, rows = main_of(response), response.context["board"].due
    (section,) = re.findall(r'<section class="sec" aria-labelledby="due">.*?</section>', html, re.DOTALL)

    assert int(re.search(r"(\d+)[^<]*</span></h2>", section)[1]) == len(rows) == section.count("<tr>") - 1
    (href,) = [href for href, _words in links_in(section) if "due_within=30" in href]
    assert total_of(client, href) == len({row.line.pledge.pk for row in rows})


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


FILTERS = (
    "department=jinrong",
    "theme=people",
    "theme=works",
    "theme=works&department=shangwu&due=2022-07",
    "basis=deliverable",
    "stretch=0",
    "due=2022-06&stretch=1",
    "due=2022-07&department=shangwu",
)


@pytest.mark.parametrize("who", ["li", "lin"])
@pytest.mark.parametrize("asked", FILTERS)
def test_under_filters_every_number_still_opens_its_list(request, client, plan, pages, who, asked):
    client.force_login(request.getfixturevalue(who))
    response = client.get(f"{pages['overview']}?on=2022-07-01&{asked}")
    found = numbers_to_lists(response)

    assert [(href, total_of(client, href)) for href, _number in found] == found
    assert all(
        each in href for href, _number in found for each in asked.split("&") if "department" not in each
    )


@pytest.mark.parametrize(
    "day, than", [("2022-07-01", "2022-06-15"), ("2022-12-31", "2022-01-01"), ("2022-07-20", "")]
)
def test_every_change_opens_exactly_its_list(client, li, plan, pages, day, than):
    client.force_login(li)
    response = client.get(f"{pages['overview']}?on={day}&than={than}")
    links = [(href, number) for href, number in numbers_to_lists(response) if "changed=" in href]

    assert {(each.change.value, each.number) for each in response.context["board"].changes} == {
        (re.search(r"changed=([\w-]+)", href)[1], number) for href, number in links
    }
    assert [(href, total_of(client, href)) for href, _number in links] == links != []


def test_a_cell_of_the_map_opens_what_was_due(client, li, plan, pages):
    client.force_login(li)
    html = main_of(client.get(f"{pages['overview']}?on=2022-07-01"))
    cells = [
        (href, int(words.split()[0])) for href, words in links_in(html) if re.search(r"due=2022-\d\d", href)
    ]

    assert [(href, total_of(client, href)) for href, _number in cells] == cells
    assert len(cells) == 6


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
