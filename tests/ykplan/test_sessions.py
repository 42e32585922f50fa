"""A session ends at its fixed hour, after a silence, with another password, and everywhere at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from pledges.models import AuditEvent, User
from ykplan import sessions

PASSWORD = "correct-horse-9"
MORNING = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
PAGE = "/password/"


@pytest.fixture
def at(time_machine):
    """Move the clock to so many minutes after the morning."""

    def minute(minutes: float):
        time_machine.move_to(MORNING + timedelta(minutes=minutes), tick=False)

    minute(0)
    return minute


def sign_in(person="lin", **more) -> Client:
    client = Client(**more)
    assert client.post("/sign-in/", {"username": person, "password": PASSWORD}).status_code == 302
    return client


def is_in(client, page=PAGE) -> bool:
    return client.get(page).status_code == 200


@pytest.mark.parametrize("minutes, open_", [(29, True), (30, True), (30.1, False)])
def test_silence_ends_a_session(at, lin, minutes, open_):
    client = sign_in()
    at(minutes)

    assert is_in(client) == open_


def test_a_sign_of_life_counts_from_then_on_but_not_past_the_fixed_hour(at, lin):
    client = sign_in()
    for minutes in range(25, 12 * 60, 25):
        at(minutes)
        assert is_in(client)
    at(12 * 60 + 1)

    assert not is_in(client)


def test_without_the_rule_a_silent_session_goes_on(at, lin, monkeypatch):
    """The twin: it is this rule that ends it."""
    monkeypatch.setattr(sessions, "heard_of", lambda request, *, now: None)
    client = sign_in()
    at(60)

    assert is_in(client)


def test_the_door_says_once_why_it_is_closed_and_leads_back(at, lin):
    client = sign_in()
    at(31)
    answer = client.get("/work/", follow=True)

    assert answer.redirect_chain == [("/sign-in/?next=/work/", 302)]
    assert answer.context["idle_minutes"] == 30
    assert client.get("/sign-in/").context["idle_minutes"] is None


def test_reading_writes_the_session_at_most_once_a_minute(at, lin, django_assert_num_queries):
    client = sign_in()
    client.get(PAGE)
    written = []
    for seconds in (10, 59, 61, 100, 125):
        at(seconds / 60)
        client.get(PAGE)
        written.append(client.session[sessions.SEEN] - int(MORNING.timestamp()))

    assert written == [0, 0, 61, 61, 125]


@pytest.mark.parametrize("seen", [None, int(MORNING.timestamp()) + 10**6])
def test_a_session_from_before_the_rule_or_from_another_clock_begins_to_count_now(at, lin, seen):
    client = sign_in()
    session = client.session
    session[sessions.SEEN] = seen
    if seen is None:
        del session[sessions.SEEN]
    session.save()
    at(29)

    assert is_in(client)
    at(58)
    assert is_in(client)


class TestWall:
    """A screen that comes anew by itself keeps nobody signed in, and goes on showing what it shows."""

    HX = {"HX-Request": "true"}

    @pytest.fixture
    def wall(self, campaign):
        return reverse("wall", args=[campaign.code])

    def test_its_refresh_is_answered_until_the_fixed_hour_and_is_no_sign_of_life(self, at, li, wall):
        client = sign_in("li")
        for minutes in range(5, 12 * 60, 5):
            at(minutes)
            assert client.get(wall, headers=self.HX).status_code == 200
        assert client.session[sessions.SEEN] == int(MORNING.timestamp())
        at(12 * 60 + 1)

        assert client.get(wall, headers=self.HX).status_code == 302

    @pytest.mark.parametrize("ask", ["page", "click", "fragment", "post", "nowhere"])
    def test_whoever_clicks_on_it_stands_at_the_door(self, at, li, wall, ask):
        client = sign_in("li")
        at(31)
        asks = {
            "page": lambda: client.get(wall),
            "click": lambda: client.get("/work/"),
            "fragment": lambda: client.get("/work/", headers=self.HX),
            "post": lambda: client.post(wall, headers=self.HX),
            "nowhere": lambda: client.get("/nowhere/at/all", headers=self.HX),
        }
        asks[ask]()

        assert not is_in(client)


class TestEndings:
    """What else ends a session, and whose."""

    def test_another_password_ends_the_others_and_keeps_this_one_under_a_new_key(self, lin):
        here, there = sign_in(), sign_in()
        key = here.session.session_key
        new = {
            "old_password": PASSWORD,
            "new_password1": "another-horse-7",
            "new_password2": "another-horse-7",
        }
        here.post(PAGE, new)

        assert (is_in(here), is_in(there)) == (True, False)
        assert here.session.session_key != key

    def test_a_password_given_by_an_administrator_ends_all(self, lin, boss):
        there, admin = sign_in(), sign_in("boss")
        new = {"usable_password": "true", "password1": "another-horse-7", "password2": "another-horse-7"}
        admin.post(f"/admin/pledges/user/{lin.pk}/password/", new)

        assert not is_in(there)

    def test_a_closed_account_is_out_with_the_next_click(self, lin):
        there = sign_in()
        User.objects.filter(pk=lin.pk).update(is_active=False)

        assert not is_in(there)

    def test_everywhere_means_everywhere_and_nobody_else(self, lin, chen):
        here, there, other = sign_in(), sign_in(), sign_in("chen")
        answer = here.post("/sign-out/everywhere/")

        assert (answer.status_code, answer.url) == (302, "/sign-in/")
        assert (is_in(here), is_in(there), is_in(other)) == (False, False, True)
        assert is_in(sign_in())
        told = list(AuditEvent.objects.filter(actor_id=lin.pk).values_list("action", flat=True))
        assert told.count("account.sign_out_everywhere") == 1

    def test_the_key_of_before_and_the_key_of_after_are_worth_nothing(self, lin):
        stranger = Client()
        stranger.get("/sign-in/")
        stranger.cookies["session"] = "a" * 32
        stranger.post("/sign-in/", {"username": "lin", "password": PASSWORD})
        key = stranger.session.session_key
        assert key != "a" * 32
        stranger.post("/sign-out/")

        thief = Client()
        thief.cookies["session"] = key
        assert not is_in(thief)

    @pytest.mark.parametrize("address", ["/sign-out/", "/sign-out/everywhere/"])
    def test_leaving_makes_the_browser_forget_what_was_typed(self, lin, settings, address):
        client = sign_in()
        assert (
            "Clear-Site-Data" not in client.post(address).headers
        )  # nor over plain HTTP, where it is a complaint
        client = sign_in()

        assert client.post(address, secure=True).headers["Clear-Site-Data"] == '"storage"'
