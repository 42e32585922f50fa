"""Themes on the pages: no field where there are none, only what one sees, saved, exported, sorted in one go."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from pledges.actions.themes import sort_pledges
from pledges.models import Pledge, SavedView, Theme
from tests.cast import CampaignFactory, PledgeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def themes(campaign, finance, elsewhere, boss):
    """People: one pledge of each department. Works: one of elsewhere. Idle: none."""
    made = {
        code: Theme.objects.create(campaign=campaign, code=code, name=name)
        for code, name in (("people", "民生"), ("works", "项目"), ("idle", "空着"))
    }
    sort_pledges(
        [PledgeFactory(campaign=campaign, department=each) for each in (finance, elsewhere)],
        made["people"],
        by=boss,
    )
    sort_pledges([PledgeFactory(campaign=campaign, department=elsewhere)], made["works"], by=boss)
    return made


def fields_on(response) -> dict[str, list[str]]:
    return {each.name: [value for value, _words in each.choices] for each in response.context["selects"]}


@pytest.mark.parametrize("page", ["overview", "pledge-list"])
def test_a_campaign_without_themes_offers_none(client, li, campaign, pledge, page):
    Theme.objects.create(campaign=CampaignFactory(), code="people", name="民生")
    client.force_login(li)
    response = client.get(f"{reverse(page, args=[campaign.code])}?on=2022-07-01")

    assert "theme" not in fields_on(response)


@pytest.mark.parametrize("page", ["overview", "pledge-list"])
@pytest.mark.parametrize(
    "who, offered", [("li", ["people", "works"]), ("lin", ["people"]), ("wu", ["people", "works"])]
)
def test_only_themes_of_what_a_person_sees_are_offered(request, client, campaign, themes, page, who, offered):
    client.force_login(request.getfixturevalue(who))
    response = client.get(f"{reverse(page, args=[campaign.code])}?on=2022-07-01")

    assert fields_on(response)["theme"] == offered


def test_a_theme_of_others_is_unknown_and_finds_nothing_more(client, lin, campaign, themes):
    client.force_login(lin)
    address = reverse("pledge-list", args=[campaign.code])
    all_of_mine = client.get(f"{address}?on=2022-07-01")
    asked = client.get(f"{address}?on=2022-07-01&theme=works")

    assert asked.context["total"] == all_of_mine.context["total"] == 1
    assert "项目" not in asked.content.decode()
    assert '<p class="note said" role="status">' in asked.content.decode()


@pytest.mark.parametrize("show", ["list", "overview"])
def test_a_view_keeps_the_theme(client, li, campaign, themes, show):
    client.force_login(li)
    form = {"name": "民生", "show": show, "query": "theme=people&stretch=0"}
    client.post(reverse("view-save", args=[campaign.code]), form)

    assert SavedView.objects.get().query == f"show={show}&theme=people&stretch=0"


def sheet_of(response) -> list[tuple]:
    return list(openpyxl.load_workbook(BytesIO(response.getvalue())).worksheets[-1].values)


@pytest.mark.parametrize("page, query", [("pledge-list", {"format": "xlsx"}), ("board-xlsx", {})])
def test_a_sheet_names_the_theme_only_where_there_are_themes(client, li, campaign, themes, page, query):
    client.force_login(li)
    address = reverse(page, args=[campaign.code])
    heads, *rows = sheet_of(client.get(address, {"on": "2022-07-01"} | query))
    (place,) = [place for place, head in enumerate(heads) if head and "(" in f"{head}".replace("（", "(")]
    assert [row[place] for row in rows[:3]] == ["民生", "民生", "项目"]

    Theme.objects.all().delete()
    heads_without, *_rows = sheet_of(client.get(address, {"on": "2022-07-01"} | query))
    assert list(heads_without) == [head for head in heads if head != heads[place]]


def test_the_page_of_a_pledge_names_its_theme_and_opens_its_list(client, lin, campaign, themes):
    client.force_login(lin)
    pledge = Pledge.objects.get(department__code="jinrong")
    html = client.get(pledge.get_absolute_url()).content.decode()

    assert f"{reverse('pledge-list', args=[campaign.code])}?theme=people" in html


@pytest.mark.parametrize("page", ["overview", "pledge-list"])
def test_the_page_costs_the_same_for_one_theme_and_three(client, li, campaign, finance, boss, cost_of, page):
    def sort_one(number):
        theme = Theme.objects.create(campaign=campaign, code=f"t{number}", name=f"专题{number}")
        made = PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 6, 30), 10)])
        sort_pledges([made], theme, by=boss)

    client.force_login(li)
    address = f"{reverse(page, args=[campaign.code])}?on=2022-07-01"
    sort_one(1)
    one = cost_of(client, address)
    sort_one(2)
    sort_one(3)

    assert cost_of(client, address) == one


def sort_in_admin(client, pledges, theme):
    chosen = {"action": "sort_under", "_selected_action": [each.pk for each in pledges], "sort_as": theme}
    return client.post(reverse("admin:pledges_pledge_changelist"), chosen, follow=True)


def test_the_administrator_sorts_many_at_once(client, boss, campaign, themes):
    client.force_login(boss)
    everything = list(Pledge.objects.all())

    assert sort_in_admin(client, everything, themes["works"].pk).status_code == 200
    assert set(Pledge.objects.values_list("theme__code", flat=True)) == {"works"}
    sort_in_admin(client, everything, "")
    assert set(Pledge.objects.values_list("theme__code", flat=True)) == {None}


@pytest.mark.parametrize("wrong", ["999999", "x", "\0", "other"])
def test_a_theme_that_cannot_be_changes_nothing(client, boss, campaign, themes, wrong):
    other = Theme.objects.create(campaign=CampaignFactory(), code="other", name="别处")
    client.force_login(boss)
    before = list(Pledge.objects.order_by("pk").values_list("theme"))

    answer = sort_in_admin(client, Pledge.objects.all(), other.pk if wrong == "other" else wrong)

    assert answer.status_code == 200
    # What is no choice at all never reaches the action: Django says that none was selected.
    level = "error" if wrong == "other" else "warning"
    assert [message.level_tag for message in answer.context["messages"]] == [level]
    assert list(Pledge.objects.order_by("pk").values_list("theme")) == before
