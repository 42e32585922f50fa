"""What stands around every page: the doors of a role, and the campaign at hand."""

import re
from datetime import date

import pytest
from django.urls import reverse

from pledges.choices import CampaignKind
from pledges.models import Campaign, SourceArticle
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory
from tests.kit.frame import OVERVIEW, PLEDGES, body_of, current, doors, part

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.static]  # above the database

LAST_YEAR = "/campaigns/orders-2021/"


@pytest.fixture
def last_year(db):
    return CampaignFactory(
        code="orders-2021", name="去年的行动", starts_on=date(2021, 1, 1), ends_on=date(2021, 12, 31)
    )


PAPERS = [f"/campaigns/wujin-2022/{room}/" for room in ("briefings", "directives", "letters")]


@pytest.mark.parametrize(
    "who, way",
    [
        ("lin", ["/work/"]),
        ("sun", ["/work/"]),
        ("chen", [*PAPERS, "/review/"]),
        ("li", PAPERS),
        ("boss", [*PAPERS, "/review/", "/mailbox/", "/admin/"]),
    ],
)
def test_the_masthead_shows_the_doors_of_the_role(client, request, settings, pledge, who, way):
    settings.EMBEDDED = True
    client.force_login(request.getfixturevalue(who))

    found = doors(body_of(client, PLEDGES))

    assert sorted(found) == sorted([OVERVIEW, PLEDGES, *way])


def test_there_is_no_mailbox_where_letters_leave_the_machine(client, boss, pledge):
    client.force_login(boss)

    assert "/mailbox/" not in doors(body_of(client, PLEDGES))


def test_a_visitor_finds_no_door_but_the_languages(client, db):
    html = body_of(client, reverse("sign-in"))

    assert doors(html) == []
    assert reverse("set_language") in html


@pytest.mark.parametrize("address, named", [(OVERVIEW, OVERVIEW), (PLEDGES, PLEDGES)])
def test_the_masthead_names_the_page_one_is_on(client, li, pledge, address, named):
    client.force_login(li)

    assert current(body_of(client, address)) == [named]


def test_a_department_belongs_to_the_overview_and_a_pledge_to_the_pledges(client, li, pledge):
    client.force_login(li)
    department = reverse("department-detail", args=["wujin-2022", "jinrong"])

    assert current(body_of(client, department)) == [OVERVIEW]
    assert current(body_of(client, reverse("pledge-detail", args=[pledge.code]))) == [PLEDGES]


@pytest.mark.parametrize("waiting", [0, 1, 3])
def test_the_queue_stands_in_the_masthead_with_its_length(client, chen, lin, pledge, waiting):
    for day in range(1, waiting + 1):
        ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, day))
    client.force_login(chen)

    nav = part(body_of(client, OVERVIEW), '<nav class="nav"', "</nav>")

    assert re.findall(r'<span class="n">(\d+)</span>', nav) == [str(waiting)] * bool(waiting)


def test_the_queue_of_one_who_does_not_review_is_nobodys_business(client, li, lin, pledge):
    ReportFactory(pledge=pledge, author=lin)
    client.force_login(li)

    assert client.get(OVERVIEW).context["doors"].waiting == 0


def test_the_printed_page_has_a_door_only_where_there_is_one(client, li, campaign, pledge):
    client.force_login(li)
    address = reverse("article", args=[campaign.code])
    assert address not in doors(body_of(client, OVERVIEW))

    article = SourceArticle.objects.create(title="军令状", text="新增企业")
    Campaign.objects.filter(pk=campaign.pk).update(article=article)

    assert address in doors(body_of(client, OVERVIEW))


@pytest.mark.parametrize("who, seen", [("lin", ["金融办"]), ("wu", ["商务局"]), ("li", ["金融办", "商务局"])])
def test_a_reporter_sees_the_own_department_only(client, request, campaign, pledge, elsewhere, who, seen):
    PledgeFactory(campaign=campaign, department=elsewhere)
    client.force_login(request.getfixturevalue(who))

    answer = client.get(OVERVIEW)

    assert sorted(row.department.name for row in answer.context["board"].ranking) == sorted(seen)
    assert answer.context["counts"].total == len(seen)


@pytest.mark.parametrize(
    "who, status", [("lin", 200), ("wu", 404), ("chen", 200), ("li", 200), ("boss", 200)]
)
def test_a_department_of_others_is_not_found(client, request, pledge, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("department-detail", args=["wujin-2022", "jinrong"])).status_code == status


@pytest.mark.parametrize(
    "who, target", [("lin", "/work/"), ("chen", "/review/"), ("li", OVERVIEW), ("boss", OVERVIEW)]
)
def test_the_front_door_leads_to_ones_own_work(client, request, pledge, who, target):
    client.force_login(request.getfixturevalue(who))

    answer = client.get("/")

    assert (answer.status_code, answer.url) == (302, target)


def test_the_front_door_of_an_empty_house_says_so(client, li):
    client.force_login(li)

    assert next(template.name for template in client.get("/").templates) == "pledges/no_campaign.html"


@pytest.mark.parametrize(
    "address", ["/", OVERVIEW, PLEDGES, "/campaigns/wujin-2022/rules/", "/work/", "/password/"]
)
def test_a_visitor_is_led_to_the_door_and_back(client, pledge, address):
    answer = client.get(address)

    assert (answer.status_code, answer.url) == (302, f"{reverse('sign-in')}?next={address}")


def test_the_campaign_last_looked_at_stays_at_hand(client, li, pledge, last_year):
    client.force_login(li)
    assert client.get("/").url == OVERVIEW

    client.get(LAST_YEAR)

    assert client.get("/").url == LAST_YEAR
    assert client.get("/password/").context["campaign"] == last_year


def test_a_campaign_that_does_not_exist_is_not_remembered(client, li, pledge):
    client.force_login(li)

    assert client.get("/campaigns/nothing/").status_code == 404

    assert client.get("/").url == OVERVIEW
    assert client.session.get("campaign") is None


@pytest.mark.parametrize(
    "kinds, chosen",
    [
        (["rehearsal"], "c-0"),
        (["rehearsal", "real"], "c-1"),
        (["real", "rehearsal"], "c-0"),
        (["synthetic", "rehearsal"], "c-1"),
    ],
)
def test_the_real_campaign_goes_before_the_rehearsal(client, li, kinds, chosen):
    for number, kind in enumerate(kinds):
        CampaignFactory(code=f"c-{number}", kind=CampaignKind(kind))
    client.force_login(li)

    assert client.get("/").url == f"/campaigns/{chosen}/"


def test_a_running_campaign_goes_before_one_that_ended(client, li, last_year):
    CampaignFactory(code="c-now", kind=CampaignKind.REHEARSAL)
    client.force_login(li)

    assert client.get("/").url == "/campaigns/c-now/"


def test_the_switch_lists_the_campaigns_where_there_are_several(client, li, pledge, last_year):
    CampaignFactory(code="measured", kind=CampaignKind.SYNTHETIC)
    client.force_login(li)

    switch = part(body_of(client, OVERVIEW), '<details class="switch">', "</details>")

    assert sorted(re.findall(r'href="([^"]+)"', switch)) == [LAST_YEAR, OVERVIEW]
    assert re.findall(r'href="([^"]+)" aria-current="true"', switch) == [OVERVIEW]


def test_one_campaign_needs_no_switch(client, li, pledge):
    client.force_login(li)

    assert 'class="switch"' not in body_of(client, OVERVIEW)
