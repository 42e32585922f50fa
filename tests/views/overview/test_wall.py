"""The wall: the city's offices see it, it comes anew by itself, every number opens its list."""

from datetime import date

import pytest
from django.urls import reverse

from pledges.actions.standings import rebuild_standings
from pledges.models import Pledge
from pledges.views import overview as view
from tests.cast import DepartmentFactory, PledgeFactory
from tests.kit.numbers import numbers_to_lists, total_of

JUNE_30 = date(2022, 6, 30)
DAYS = ("2022-06-15", "2022-07-01", "2022-12-31")


@pytest.fixture
def wall(campaign):
    return reverse("wall", args=[campaign.code])


def test_every_number_opens_exactly_the_list_it_counts(client, li, plan, wall):
    client.force_login(li)
    for day in DAYS:
        found = numbers_to_lists(client.get(f"{wall}?on={day}"))

        assert [(href, total_of(client, href)) for href, _number in found] == found
        assert len(found) >= 5


def test_it_comes_anew_every_five_minutes_without_a_script_of_its_own(client, chen, plan, wall):
    client.force_login(chen)
    html = client.get(wall).content.decode()

    assert 'hx-trigger="every 300s" hx-target="body"' in html
    assert "<script>" not in html
    assert 'class="wall"' in html


def test_a_wall_shows_the_worst_where_there_are_too_many(client, li, plan, wall, campaign, monkeypatch):
    monkeypatch.setattr(view, "WALL_DEPARTMENTS", 2)
    PledgeFactory(campaign=campaign, department=DepartmentFactory(), stones=[(JUNE_30, 10)])
    rebuild_standings(Pledge.objects.all())
    client.force_login(li)
    response = client.get(f"{wall}?on=2022-07-01")

    assert len(response.context["board"].ranking) == 3
    places = [row.place for row in response.context["rows"]]
    assert places == sorted(places, reverse=True)
    assert len(places) == 2


def test_before_the_first_day_it_says_so(client, li, plan, wall):
    client.force_login(li)

    assert 'class="empty' in client.get(f"{wall}?on=2021-12-20").content.decode()


@pytest.mark.parametrize(
    "who, status", [("lin", 403), ("sun", 403), ("li", 200), ("chen", 200), ("boss", 200)]
)
def test_who_may_see_it(client, request, plan, wall, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(wall).status_code == status
