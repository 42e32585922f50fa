"""The door for calendar programs: a key instead of a sign-in, and never more than its owner may see today."""

import logging
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from pledges.actions.feeds import make_feed, revoke_feed
from pledges.choices import CampaignKind, Role
from pledges.models import CalendarFeed, Membership, Pledge, User
from tests.cast import CampaignFactory, PledgeFactory
from tests.kit.pages import main_of
from ykplan.logs import OneLine

TODAY = "2022-07-01T10:00:00+08:00"


@pytest.fixture(autouse=True)
def midsummer():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def plan(campaign, finance, elsewhere):
    """Two departments, each with one of its own; the second also shares the first one's other promise."""
    lead = PledgeFactory(campaign=campaign, department=finance, number="1")
    PledgeFactory(campaign=campaign, department=finance, number="2")
    PledgeFactory(campaign=campaign, department=elsewhere, number="3")
    PledgeFactory(campaign=campaign, department=elsewhere, number="4", shared_with=lead)


def address_of(owner, department=None) -> str:
    return reverse("calendar-feed", args=[make_feed(owner, department)[1]])


def told(response) -> set[str]:
    """The numbers of the pledges in a calendar."""
    assert response.status_code == 200
    events = Calendar.from_ical(response.content).walk("VEVENT")
    pages = [event["url"].rstrip("/").rpartition("/")[2] for event in events]
    assert len(pages) == len(set(pages))
    return set(Pledge.objects.filter(code__in=pages).values_list("number", flat=True))


@pytest.mark.parametrize("who, seen", [
    ("lin", {"1", "2"}), ("sun", {"1", "2"}), ("wu", {"3", "4"}),
    ("chen", {"1", "2", "3"}), ("li", {"1", "2", "3"}), ("boss", {"1", "2", "3"}),
])  # fmt: skip
def test_everybody_reads_what_they_may_see_each_promise_once(request, client, plan, who, seen):
    assert told(client.get(address_of(request.getfixturevalue(who)))) == seen


@pytest.mark.parametrize("who", ["wu", "chen", "li", "boss"])
def test_a_departments_feed_tells_all_that_it_promised(request, client, plan, elsewhere, who):
    assert told(client.get(address_of(request.getfixturevalue(who), elsewhere))) == {"3", "4"}


def test_whoever_holds_no_post_reads_an_empty_calendar(client, plan, lin):
    lin.memberships.all().delete()

    assert told(client.get(address_of(lin))) == set()


def test_it_is_a_calendar_that_nobody_keeps_or_passes_on(client, plan, lin):
    response = client.get(address_of(lin))

    assert {name: response.headers.get(name) for name in WANTED} == WANTED
    assert response.cookies == {}


WANTED = {
    "Content-Type": "text/calendar; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Language": "zh-hans",
}


def test_links_are_those_of_the_settings_whatever_the_request_calls_this_host(client, plan, lin, settings):
    settings.ALLOWED_HOSTS, settings.PUBLIC_BASE_URL = ["*"], "https://plan.example.gov.cn"
    content = client.get(address_of(lin), headers={"host": "evil.example"}).content

    assert b"evil.example" not in content
    assert content.count(b"URL:https://plan.example.gov.cn/pledges/") == 2


def revoked(owner, department):
    feed, token = make_feed(owner, department)
    revoke_feed(feed)
    return token


def of_somebody_inactive(owner, department):
    token = make_feed(owner, department)[1]
    User.objects.filter(pk=owner.pk).update(is_active=False)
    return token


def of_somebody_moved(owner, department):
    token = make_feed(owner, department)[1]
    Membership.objects.filter(user=owner).delete()
    return token


def replaced(owner, department):
    token = make_feed(owner, department)[1]
    make_feed(owner, department)
    return token


def fingerprint_itself(owner, department):
    return make_feed(owner, department)[0].token_hash


def with_another_end(owner, department):
    return make_feed(owner, department)[1] + "A"


CLOSED = [revoked, of_somebody_inactive, of_somebody_moved, replaced, fingerprint_itself, with_another_end]


@pytest.mark.parametrize("closed", CLOSED)
def test_a_key_that_opens_nothing_reads_like_one_that_never_was(client, plan, lin, finance, closed):
    there = client.get(reverse("calendar-feed", args=[closed(lin, finance)]))
    nowhere = client.get(reverse("calendar-feed", args=["nobody"]))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    # Around it the page has the token of its forms and its own address.
    assert main_of(there) == main_of(nowhere)
    assert (there.headers["Cache-Control"], there.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.parametrize(
    "token", ["", " ", "%00", "%0d%0aSet-Cookie:a=b", "..%2f", "x" * 5000, "邮件", "%ff%fe", "'--"]
)
def test_whatever_is_typed_opens_nothing(client, db, token):
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_a_feed_follows_its_owner_to_another_department(client, plan, lin, elsewhere):
    address = address_of(lin)
    assert told(client.get(address)) == {"1", "2"}

    Membership.objects.filter(user=lin).update(department=elsewhere)
    assert told(client.get(address)) == {"3", "4"}


def test_a_post_in_the_city_opens_and_closes_the_rest(client, plan, lin, elsewhere):
    post = Membership.objects.create(user=lin, role=Role.LEADER)
    address = address_of(lin, elsewhere)
    assert told(client.get(address)) == {"3", "4"}

    post.delete()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "ends_on, kind, is_told",
    [
        (date(2022, 12, 31), CampaignKind.REAL, True),
        (date(2022, 12, 31), CampaignKind.REHEARSAL, True),
        (date(2022, 12, 31), CampaignKind.SYNTHETIC, False),
        (date(2022, 3, 31), CampaignKind.REAL, True),  # 92 days ago
        (date(2022, 3, 30), CampaignKind.REAL, False),
    ],
)
def test_campaigns_that_run_or_ended_lately_are_told(client, li, ends_on, kind, is_told):
    plan = CampaignFactory(starts_on=date(2021, 6, 1), ends_on=ends_on, kind=kind)
    PledgeFactory(campaign=plan, number="1", stones=[(date(2022, 3, 1), 100)])

    assert told(client.get(address_of(li))) == ({"1"} if is_told else set())


def test_the_day_of_reading_is_noted_and_nothing_else(client, plan, lin):
    address = address_of(lin)
    client.get(address)
    assert CalendarFeed.objects.get().read_on == date(2022, 7, 1)

    before = CalendarFeed.objects.values().get()
    client.get(address)
    client.head(address)
    assert CalendarFeed.objects.values().get() == before


@pytest.mark.parametrize("who", ["lin", "li"])
def test_many_deadlines_cost_as_many_queries_as_one(request, client, campaign, finance, who, cost_of):
    address = address_of(request.getfixturevalue(who))
    PledgeFactory(campaign=campaign, department=finance)
    one = cost_of(client, address)
    for month in (9, 10, 11):
        stones = [(date(2022, month, 1), 10), (date(2022, 12, 31), 100)]
        PledgeFactory(campaign=campaign, department=finance, stones=stones)

    assert (cost_of(client, address), one <= 10) == (one, True)


@pytest.mark.parametrize("key", ["right", "wrong"])
def test_the_key_is_not_in_what_django_logs(client, plan, lin, key, caplog):
    address = address_of(lin) if key == "right" else "/calendar/wrong-key.ics"
    with caplog.at_level(logging.DEBUG):
        client.get(address)
        client.post(address)
    lines = [OneLine("{message}", style="{").format(record) for record in caplog.records]
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert any(secret in record.getMessage() for record in caplog.records)  # what would stand there otherwise
    assert [line for line in lines if secret in line] == []
