"""Saved views: one's own, of one campaign, and never an address of somewhere else."""

import pytest
from django.urls import reverse

from pledges.forms.saved import MOST_VIEWS
from pledges.models import SavedView
from tests.cast import CampaignFactory, PledgeFactory


@pytest.fixture
def doors(campaign, pledge):
    return {
        "save": reverse("view-save", args=[campaign.code]),
        "list": reverse("pledge-list", args=[campaign.code]),
        "overview": reverse("overview", args=[campaign.code]),
    }


def save(client, doors, query, *, show="list", name="红的"):
    return client.post(doors["save"], {"name": name, "query": query, "show": show})


def test_a_view_of_the_list_is_kept_and_opened(client, li, doors):
    client.force_login(li)
    answer = save(client, doors, "light=red&light=yellow&stretch=0&page=3&sort=-number")

    (view,) = SavedView.objects.all()
    assert (view.owner, view.name, view.query) == (li, "红的", "show=list&light=red&light=yellow&stretch=0")
    assert answer.url == f"{doors['list']}?light=red&light=yellow&stretch=0"
    html = client.get(doors["overview"]).content.decode()
    assert f'href="{doors["list"]}?light=red&amp;light=yellow&amp;stretch=0"' in html


def test_a_view_of_the_overview_keeps_only_what_the_overview_knows(client, li, doors, finance):
    client.force_login(li)
    answer = save(client, doors, f"department={finance.code}&light=red&due=2022-12", show="overview")

    assert answer.url == f"{doors['overview']}?department={finance.code}&due=2022-12"


def test_a_view_goes_with_the_day_that_is_looked_at(client, li, doors):
    client.force_login(li)
    save(client, doors, "light=red&on=2022-07-01&than=2022-06-01")

    assert SavedView.objects.get().query == "show=list&light=red"
    assert (
        f'{doors["list"]}?light=red&amp;on=2022-06-15"'
        in client.get(doors["list"] + "?on=2022-06-15").content.decode()
    )


@pytest.mark.parametrize(
    "query",
    [
        "//evil.example/",
        "https://evil.example/?light=red",
        "next=https://evil.example/",
        "show=//evil.example&next=x",
        "light=purple",
        "",
        "q=%00",
        "changed=nothing",
    ],
)
def test_what_no_filter_knows_is_never_kept(client, li, doors, query):
    client.force_login(li)
    answer = save(client, doors, query)

    assert (answer.status_code, SavedView.objects.count()) == (422, 0)


def test_an_address_in_a_keyword_stays_a_keyword(client, li, doors):
    client.force_login(li)
    answer = save(
        client, doors, "q=https://evil.example/&show=https://evil.example/", show="https://evil.example/"
    )

    assert answer.url == f"{doors['list']}?q=https%3A%2F%2Fevil.example%2F"


def test_a_row_that_was_tampered_with_still_leads_to_our_own_pages(client, li, doors, campaign):
    SavedView.objects.create(owner=li, campaign=campaign, name="x", query="show=//evil.example&light=red")
    client.force_login(li)

    html = client.get(doors["list"]).content.decode()
    assert f'href="{doors["list"]}?light=red"' in html
    assert "evil.example" not in html


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_name_that_cannot_be_used_is_explained_and_kept(client, li, doors, name):
    client.force_login(li)
    answer = save(client, doors, "light=red", name=name)

    assert (answer.status_code, SavedView.objects.count()) == (422, 0)
    assert 'role="alert"' in answer.content.decode()
    assert 'value="light=red"' in answer.content.decode()


def test_a_name_is_one_view_of_a_person_in_a_campaign(client, li, chen, doors):
    client.force_login(li)
    save(client, doors, "light=red")

    assert save(client, doors, "light=green").status_code == 422
    client.force_login(chen)
    assert save(client, doors, "light=green").status_code == 302
    assert SavedView.objects.count() == 2


def test_there_is_an_end_to_views(client, li, doors, campaign):
    SavedView.objects.bulk_create(
        SavedView(owner=li, campaign=campaign, name=f"{n}", query="show=list&light=red")
        for n in range(MOST_VIEWS)
    )
    client.force_login(li)

    assert save(client, doors, "light=red").status_code == 422


def test_views_are_ones_own(client, li, chen, doors, campaign):
    client.force_login(li)
    client.get(save(client, doors, "light=red", name="只有我看").url)  # the message of success is read
    view = SavedView.objects.get()
    delete = reverse("view-delete", args=[campaign.code, view.pk])
    client.force_login(chen)

    assert "只有我看" not in client.get(doors["list"]).content.decode()
    assert client.post(delete).status_code == 404
    client.force_login(li)
    assert client.post(reverse("view-delete", args=[CampaignFactory().code, view.pk])).status_code == 404
    assert client.post(delete).url == doors["list"]
    assert SavedView.objects.count() == 0


def test_the_name_is_only_text(client, li, doors):
    client.force_login(li)
    save(client, doors, "light=red", name="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(doors["list"]).content.decode()


def test_the_view_that_is_open_is_marked_and_not_offered_again(client, li, doors):
    client.force_login(li)
    offered = 'name="query" value="light=red"'
    assert offered in client.get(f"{doors['list']}?light=red").content.decode()
    save(client, doors, "light=red")
    html = client.get(f"{doors['list']}?light=red").content.decode()

    assert offered not in html
    assert 'aria-current="page">红的' in html


def test_views_cost_one_query(client, li, doors, campaign, finance, cost_of):
    client.force_login(li)
    PledgeFactory(campaign=campaign, department=finance)
    save(client, doors, "light=red", name="1")
    one = cost_of(client, doors["list"])
    for name in "234":
        save(client, doors, "light=red", name=name)

    assert cost_of(client, doors["list"]) == one
