"""Around every page: the banner, the day one looks at, the language, the footer."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from pledges.choices import CampaignKind
from pledges.models import Campaign
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, person
from tests.kit.frame import OVERVIEW, TODAY, body_of, part

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.static]  # above the database


@pytest.mark.parametrize("kind, shown", [("real", 0), ("rehearsal", 1), ("synthetic", 1)])
@pytest.mark.parametrize("name", ["overview", "rules", "pledge-list", "department-detail", "pledge-detail"])
def test_invented_progress_says_so_on_every_page(client, li, finance, kind, shown, name):
    campaign = CampaignFactory(code="c", kind=CampaignKind(kind))
    pledge = PledgeFactory(campaign=campaign, department=finance)
    args = {"department-detail": ["c", "jinrong"], "pledge-detail": [pledge.code]}.get(name, ["c"])
    client.force_login(li)

    assert body_of(client, reverse(name, args=args)).count('class="drill"') == shown


def test_links_keep_another_day_and_say_nothing_of_today(client, li, pledge):
    client.force_login(li)

    past, now = body_of(client, OVERVIEW, on="2022-06-30"), body_of(client, OVERVIEW, on=str(TODAY))

    inner = [
        href
        for href in re.findall(r'href="(/campaigns/[^"]+)"', past)
        if "departments" in href or "pledges" in href
    ]
    assert inner
    assert [href for href in inner if "on=2022-06-30" not in href] == []
    assert [href for href in re.findall(r'href="([^"]+)"', now) if "on=" in href] == []


@pytest.mark.parametrize(
    "typed", ["abc", "2022-02-30", "1999-12-31", "2101-01-01", "30/06/2022", "<b>x</b>", "\x00"]
)
@pytest.mark.parametrize("name", ["overview", "department-detail"])
def test_a_day_that_is_none_is_named_and_today_is_shown(client, li, pledge, name, typed):
    client.force_login(li)
    address = reverse(name, args=["wujin-2022", "jinrong"][: 2 if name == "department-detail" else 1])

    answer = client.get(address, {"on": typed})

    assert (answer.status_code, answer.context["day"]) == (200, TODAY)
    assert len(answer.context["messages"]) == 1
    assert typed not in answer.content.decode() or "<" not in typed


@pytest.mark.parametrize(
    "typed", ["2022-06-30", "2022/6/30", "２０２２－０６－３０", "2022年6月30日", " 2022.06.30 "]
)
def test_a_day_is_read_as_people_write_it(client, li, pledge, typed):
    client.force_login(li)

    answer = client.get(OVERVIEW, {"on": typed})

    assert (answer.context["day"], list(answer.context["messages"])) == (date(2022, 6, 30), [])


@pytest.mark.parametrize("typed", ["", " "])
def test_no_day_is_today(client, li, pledge, typed):
    client.force_login(li)

    answer = client.get(OVERVIEW, {"on": typed})

    assert (answer.context["day"], list(answer.context["messages"])) == (TODAY, [])


def test_today_is_that_of_the_office_not_of_greenwich(client, li, pledge):
    with time_machine.travel("2022-07-04T17:00:00+00:00", tick=False):
        client.force_login(li)

        assert client.get(OVERVIEW).context["day"] == date(2022, 7, 5)


def test_the_language_is_switched_and_stays(client, li, pledge):
    client.force_login(li)
    html = body_of(client, OVERVIEW)
    assert '<html lang="zh-CN">' in html
    assert "军令状" in html

    answer = client.post(reverse("set_language"), {"language": "en", "next": OVERVIEW})

    assert (answer.status_code, answer.url) == (302, OVERVIEW)
    switched = body_of(client, OVERVIEW)
    assert '<html lang="en">' in switched
    assert "Military orders" in switched


def test_the_switch_of_languages_leads_back_to_the_very_page(client, li, pledge):
    client.force_login(li)

    footer = part(body_of(client, OVERVIEW, on="2022-06-30"), "<footer", "</footer>")

    assert f'name="next" value="{OVERVIEW}?on=2022-06-30"' in unescape(footer)


def test_a_visitor_may_switch_the_language(client, db):
    client.post(reverse("set_language"), {"language": "en", "next": reverse("sign-in")})

    assert '<html lang="en">' in body_of(client, reverse("sign-in"))


def test_the_switch_of_languages_leads_to_no_other_site(client, db):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://example.org/"})

    assert answer.url == "/"


@pytest.mark.parametrize("yellow, red", [(10, 30), (5, 20)])
def test_the_footer_states_the_thresholds_of_the_campaign(client, li, campaign, pledge, yellow, red):
    Campaign.objects.filter(pk=campaign.pk).update(yellow_points=yellow, red_points=red)
    client.force_login(li)
    client.cookies["language"] = "en"

    footer = part(body_of(client, OVERVIEW), "<footer", "</footer>")

    assert f"at most {yellow} points behind" in footer
    assert f"up to {red} is behind" in footer
    assert reverse("rules", args=[campaign.code]) in footer


@pytest.mark.parametrize("name", ["overview", "rules", "pledge-list"])
def test_every_page_has_one_heading_one_main_and_no_style_or_script_of_its_own(client, li, pledge, name):
    client.force_login(li)

    html = body_of(client, reverse(name, args=["wujin-2022"]))

    assert (html.count("<h1"), html.count("<main"), html.count('href="#main"')) == (1, 1, 1)
    assert re.findall(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*\ssrc=)", html) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_masthead_costs_the_same_for_one_post_and_three(client, db, campaign, cost_of, number):
    user = person("han", "韩科长")
    for _ in range(number):
        user.memberships.create(role="reporter", department=DepartmentFactory())
        CampaignFactory()
    client.force_login(user)

    assert cost_of(client, reverse("rules", args=[campaign.code])) == 3
