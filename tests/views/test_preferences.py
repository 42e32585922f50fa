"""One's own letters and calendar: wishes, addresses shown once, the last letters. Nobody else's."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from pledges.actions.feeds import make_feed
from pledges.choices import Language, LetterKind, LetterState
from pledges.models import CalendarFeed, Letter, Membership, User

TODAY = "2022-07-01T10:00:00+08:00"
PAGE, MAKE = "/me/letters/", "/me/letters/feeds/"
WISHES = {"send_hour": "17", "paused_until": "2022-07-08", "language": "en"}


@pytest.fixture(autouse=True)
def midsummer():
    with time_machine.travel(TODAY, tick=False):
        yield


def wishes_of(user) -> tuple:
    return User.objects.values_list("send_hour", "paused_until", "language").get(pk=user.pk)


def letter(recipient, number, *, day=date(2022, 6, 30), subject="", state=LetterState.QUEUED) -> Letter:
    moment = datetime(2022, 6, 30, tzinfo=UTC)
    return Letter.objects.create(
        key=f"k{number}", message_id=f"<{number}@x>", kind=LetterKind.DAILY, recipient=recipient, day=day,
        subject=subject, state=state, due_at=moment, next_try_at=moment,
        sent_at=moment if state == LetterState.SENT else None,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["lin", "wu", "sun", "chen", "li", "boss"])
def test_everybody_has_the_page_and_a_link_to_it(request, client, pledge, who):
    client.force_login(request.getfixturevalue(who))
    html = client.get(PAGE).content.decode()

    assert f'<a href="{PAGE}" aria-current="page">' in html
    assert request.getfixturevalue(who).email in html


def test_wishes_are_kept_and_nothing_else_is_touched(client, lin, wu):
    client.force_login(lin)
    User.objects.filter(pk=lin.pk).update(refused_email="x@example.com")
    response = client.post(PAGE, {**WISHES, "email": "mine@example.com", "is_superuser": "1"})

    assert (response.status_code, response.url) == (302, PAGE)
    assert wishes_of(lin) == (17, date(2022, 7, 8), Language.ENGLISH)
    assert wishes_of(wu) == (8, None, Language.CHINESE)
    lin.refresh_from_db()
    assert (lin.email, lin.is_superuser, lin.refused_email) == ("lin@example.com", False, "x@example.com")


@pytest.mark.parametrize(
    "typed, kept", [("", None), ("2022-07-01", date(2022, 7, 1)), ("2022年8月30日", date(2022, 8, 30))]
)
def test_a_pause_is_empty_or_from_today_to_sixty_days_ahead(client, lin, typed, kept):
    client.force_login(lin)

    assert client.post(PAGE, {**WISHES, "paused_until": typed}).status_code == 302
    assert wishes_of(lin)[1] == kept


@pytest.mark.parametrize("wrong", [
    {"paused_until": "2022-06-30"}, {"paused_until": "2022-08-31"}, {"paused_until": "2022-02-30"}, {"paused_until": "soon"},
    {"send_hour": "24"}, {"send_hour": "-1"}, {"send_hour": "8.5"}, {"send_hour": ""}, {"send_hour": "x"},
    {"language": "fr"}, {"language": ""}, {"paused_until": "\0"}, {"send_hour": "9" * 30},
])  # fmt: skip
def test_what_cannot_be_is_explained_and_not_kept(client, lin, wrong):
    client.force_login(lin)
    response = client.post(PAGE, WISHES | wrong)
    (name,) = wrong

    assert (response.status_code, wishes_of(lin)) == (422, (8, None, Language.CHINESE))
    assert list(response.context["form"].errors) == [name]
    assert re.search(rf'role="alert".*href="#id_{name}"', response.content.decode(), re.DOTALL)


def test_a_pause_that_is_over_is_not_shown(client, lin):
    client.force_login(lin)
    User.objects.filter(pk=lin.pk).update(paused_until=date(2022, 6, 30))
    assert client.get(PAGE).context["form"]["paused_until"].value() is None

    User.objects.filter(pk=lin.pk).update(paused_until=date(2022, 7, 1))
    assert client.get(PAGE).context["form"]["paused_until"].value() == date(2022, 7, 1)


@pytest.mark.parametrize(
    "email, refused, is_told",
    [("a@example.com", "a@example.com", True), ("b@example.com", "a@example.com", False), ("", "", False)],
)
def test_a_refused_address_is_told_until_it_is_corrected(client, lin, email, refused, is_told):
    User.objects.filter(pk=lin.pk).update(email=email, refused_email=refused)
    client.force_login(lin)

    assert ('class="note note--plum' in client.get(PAGE).content.decode()) is is_told


def test_an_address_is_shown_once_and_works(client, pledge, lin, settings):
    settings.PUBLIC_BASE_URL = "https://plan.example.gov.cn"
    client.force_login(lin)
    page = client.post(MAKE, {"department": ""}, headers={"host": "localhost"})
    (address,) = re.findall(
        r'value="(https://plan.example.gov.cn/calendar/[^"]+\.ics)"', page.content.decode()
    )

    assert "no-store" in page.headers["Cache-Control"]
    assert client.get(address.removeprefix("https://plan.example.gov.cn")).status_code == 200
    assert "/calendar/" not in client.get(PAGE).content.decode()
    assert not any(address[-20:] in str(value) for value in client.session.values())


def test_a_department_out_of_sight_does_not_exist(client, pledge, lin, wu):
    client.force_login(wu)

    for code in ("jinrong", "nowhere", "\0", "' OR 1=1 --"):
        assert client.post(MAKE, {"department": code}).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_the_choice_offers_what_has_no_address_yet(client, pledge, lin, finance):
    client.force_login(lin)
    offers = client.get(PAGE).context
    assert (offers["offers_all"], offers["offered"], offers["feeds"]) == (True, [finance], [])

    client.post(MAKE)
    client.post(MAKE, {"department": finance.code})
    offers = client.get(PAGE).context
    assert (offers["offers_all"], offers["offered"]) == (False, [])
    assert [row.feed.department for row in offers["feeds"]] == [None, finance]


def test_a_feed_of_a_department_lost_from_sight_is_marked(client, pledge, lin, finance):
    make_feed(lin)
    make_feed(lin, finance)
    Membership.objects.filter(user=lin).delete()
    client.force_login(lin)

    assert [row.is_answered for row in client.get(PAGE).context["feeds"]] == [True, False]


def test_ones_own_feed_is_revoked_and_may_be_revoked_twice(client, lin):
    feed, token = make_feed(lin)
    client.force_login(lin)

    for _click in range(2):
        response = client.post(reverse("feed-revoke", args=[feed.pk]))
        assert (response.status_code, response.url) == (302, PAGE)
    assert client.get(reverse("calendar-feed", args=[token])).status_code == 404


@pytest.mark.parametrize("who", ["wu", "sun", "chen", "li", "boss"])
def test_nobody_revokes_the_feed_of_somebody_else(request, client, lin, who):
    feed, _token = make_feed(lin)
    client.force_login(request.getfixturevalue(who))

    assert client.post(reverse("feed-revoke", args=[feed.pk])).status_code == 404
    assert CalendarFeed.objects.get(pk=feed.pk).revoked_at is None


def test_the_newest_thirty_letters_of_ones_own_are_listed(client, lin, wu):
    for number in range(32):
        letter(lin, number, subject=f"<i>{number}</i>", state=LetterState.SENT)
    letter(wu, "theirs", subject="not mine")
    client.force_login(lin)
    page = client.get(PAGE)
    html = page.content.decode()

    assert [found.key for found in page.context["letters"]] == [f"k{number}" for number in range(31, 1, -1)]
    assert ("&lt;i&gt;31&lt;/i&gt;" in html, "<i>31" in html, "&amp;lt;" in html) == (True, False, False)
    assert "not mine" not in html


def test_a_letter_not_written_yet_is_named_by_its_kind(client, lin):
    waiting = letter(lin, 1)
    client.force_login(lin)

    assert str(waiting.get_kind_display()) in client.get(PAGE).content.decode()


def test_the_page_costs_the_same_with_many_letters_and_feeds(client, pledge, lin, finance, cost_of):
    client.force_login(lin)
    letter(lin, 1)
    make_feed(lin)
    one = cost_of(client, PAGE)
    for number in range(2, 9):
        letter(lin, number)
    make_feed(lin, finance)

    assert (cost_of(client, PAGE), one <= 15) == (one, True)
