"""Themes: sorted by the administrators alone, written down, what is shared together; data files bring their own."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from pledges.actions import orders as orders_actions
from pledges.actions.orders import load_orders, read_orders
from pledges.actions.plan_removal import remove_plans
from pledges.actions.plans import Order, make_plan
from pledges.actions.rehearsal import load_rehearsal
from pledges.actions.themes import sort_pledges
from pledges.exports.plans_json import plan_json
from pledges.models import AuditEvent, Campaign, Pledge, Theme
from tests.cast import MIDSUMMER, CampaignFactory, PledgeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme(campaign) -> Theme:
    return Theme.objects.create(campaign=campaign, code="people", name="民生")


def themes_of(*pledges) -> list[str | None]:
    found = dict(Pledge.objects.values_list("pk", "theme__code"))
    return [found[pledge.pk] for pledge in pledges]


def test_pledges_are_sorted_and_it_is_written_down(pledge, theme, boss):
    assert sort_pledges([pledge], theme, by=boss) == 1
    assert themes_of(pledge) == ["people"]

    event = AuditEvent.objects.get()
    assert (event.action, event.pledge_id, event.actor_id) == ("pledge.sort", pledge.pk, boss.pk)
    assert "民生" in event.payload


def test_sorting_twice_changes_and_tells_nothing_more(pledge, theme, boss):
    sort_pledges([pledge], theme, by=boss)

    assert sort_pledges([pledge], theme, by=boss) == 0
    assert AuditEvent.objects.count() == 1


def test_no_theme_takes_it_away_again(pledge, theme, boss):
    sort_pledges([pledge], theme, by=boss)

    assert sort_pledges([pledge], None, by=boss) == 1
    assert themes_of(pledge) == [None]


@pytest.mark.parametrize("who", ["lin", "sun", "chen", "li"])
def test_nobody_but_an_administrator_sorts(request, pledge, theme, who):
    with pytest.raises(PermissionDenied):
        sort_pledges([pledge], theme, by=request.getfixturevalue(who))


def test_a_theme_of_another_campaign_sorts_nothing(pledge, theme, boss):
    other = PledgeFactory(campaign=CampaignFactory())

    with pytest.raises(ValidationError):
        sort_pledges([pledge, other], theme, by=boss)
    assert themes_of(pledge, other) == [None, None]


@pytest.mark.parametrize("chosen", ["lead", "follower"])
def test_what_is_shared_is_sorted_together(campaign, pledge, elsewhere, theme, boss, chosen):
    other = PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)

    sort_pledges([pledge if chosen == "lead" else other], theme, by=boss)

    assert themes_of(pledge, other) == ["people", "people"]


def test_a_theme_that_is_deleted_leaves_its_pledges(pledge, theme, boss):
    sort_pledges([pledge], theme, by=boss)

    theme.delete()

    assert themes_of(pledge) == [None]


def test_the_cost_of_sorting_does_not_grow_with_the_pledges(
    campaign, finance, theme, boss, django_assert_max_num_queries
):
    def cost(number):
        made = PledgeFactory.create_batch(number, campaign=campaign, department=finance)
        with django_assert_max_num_queries(20) as queries:
            sort_pledges(made, theme, by=boss)
        return len(queries)

    assert cost(1) == cost(3)


@pytest.fixture
def filed(monkeypatch):
    """The data file of 2022 with whatever a test writes into it."""
    data = read_orders(2022)
    monkeypatch.setattr(orders_actions, "read_orders", lambda _year: data)
    return data.data


def test_the_printed_orders_name_no_theme():
    assert not any("theme" in key for row in read_orders(2022).data["pledges"] for key in row)
    load_orders(2022)
    assert (Theme.objects.count(), Pledge.objects.filter(theme__isnull=False).count()) == (0, 0)


def test_a_data_file_may_bring_themes_and_a_second_load_changes_nothing(filed):
    filed["themes"] = [{"code": "people", "name": "民生"}, {"code": "works", "name": "项目"}]
    first, second, *_rest = filed["pledges"]
    first["theme"], second["theme"] = "works", None

    load_orders(2022)
    again = load_orders(2022)

    number = {row["number"]: row.get("theme") for row in (first, second)}
    rows = json.loads("".join(plan_json(Campaign.objects.get(code="wujin-2022"))))
    told = {row["pledge"].removeprefix("2022-"): row["theme"] for row in rows}
    assert {key: told[key] for key in number} == number
    assert [key for key, theme in told.items() if theme] == [first["number"]]
    assert again.is_quiet


def test_a_data_file_without_themes_takes_none_away(boss):
    load_orders(2022)
    campaign = Campaign.objects.get(code="wujin-2022")
    theme = Theme.objects.create(campaign=campaign, code="people", name="民生")
    sort_pledges(campaign.pledges.all()[:3], theme, by=boss)
    before = list(Pledge.objects.order_by("pk").values_list("theme"))

    assert load_orders(2022).is_quiet
    assert list(Pledge.objects.order_by("pk").values_list("theme")) == before


def test_a_shared_pledge_goes_where_the_file_puts_its_lead(filed):
    shared = next(row for row in filed["pledges"] if row["shared_with"])
    lead = next(row for row in filed["pledges"] if row["number"] == shared["shared_with"])
    filed["themes"], lead["theme"] = [{"code": "people", "name": "民生"}], "people"

    load_orders(2022)

    assert set(Pledge.objects.filter(theme__code="people").values_list("number", flat=True)) == {
        lead["number"],
        *(row["number"] for row in filed["pledges"] if row["shared_with"] == lead["number"]),
    }


def test_the_themes_of_a_rehearsal_are_labelled_and_made_once(boss):
    load_rehearsal(MIDSUMMER)
    campaign = Campaign.objects.get(code="wujin-2022-rehearsal")
    assert {theme.name[:2] for theme in campaign.themes.all()} == {"演练"}
    assert campaign.pledges.filter(theme__isnull=False).count() > campaign.pledges.count() / 2

    sort_pledges(campaign.pledges.all(), None, by=boss)
    assert load_rehearsal(MIDSUMMER).is_quiet
    assert not campaign.pledges.filter(theme__isnull=False).exists()


def test_the_themes_of_a_made_up_plan_go_with_it():
    made = make_plan(Order(8, 2, 8, 1, MIDSUMMER))

    assert [pledge.theme is None for pledge in made.pledges.order_by("pk")] == [False] * 6 + [True, False]
    remove_plans()
    assert not Theme.objects.exists()
