"""Signing in and out, and one's own password."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import gettext

from pledges.models import User

DOOR = "/sign-in/"
PASSWORD = "correct-horse-9"
PAGES = (
    "/", "/work/", "/review/", "/review/1/", "/campaigns/wujin-2022/", "/campaigns/wujin-2022/?on=2022-06-30", "/campaigns/wujin-2022/rules/",
    "/campaigns/wujin-2022/pledges/?light=red&q=%E4%BC%81", "/campaigns/wujin-2022/article/", "/campaigns/wujin-2022/departments/jinrong/",
    "/pledges/2022-01-01/", "/pledges/2022-01-01/report/", "/mailbox/", "/password/", "/password/changed/",
)  # fmt: skip


def enter(client, username="lin", password=PASSWORD, **more):
    address = more.pop("address", "192.0.2.1")
    return client.post(DOOR, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def is_in(client) -> bool:
    return client.get("/password/").status_code == 200


def test_the_right_password_opens_and_leads_to_ones_work(client, lin):
    response = enter(client)

    assert (response.status_code, response.url, is_in(client)) == (302, "/", True)
    assert client.get("/").url == "/work/"


@pytest.mark.parametrize(
    "username, password",
    [("lin", "wrong"), ("nobody", PASSWORD), ("LIN", PASSWORD), ("lin", PASSWORD + " "), ("", "")],
)
def test_anything_else_does_not_and_keeps_the_name(client, lin, username, password):
    response = enter(client, username, password)
    html = response.content.decode()

    assert (response.status_code, is_in(client)) == (200, False)
    assert ('role="alert"' in html, f'value="{username}"' in html, PASSWORD in html) == (True, True, False)


def test_a_wrong_name_and_a_wrong_password_read_the_same(client, lin):
    first, second = enter(client, "lin", "wrong"), enter(client, "nobody", "wrong")
    said = [
        re.search(r'role="alert">(.*?)</div>', page.content.decode(), re.DOTALL)[1]
        for page in (first, second)
    ]

    assert said[0] == said[1]
    assert re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]+>", "", said[0])) == []


def test_a_closed_account_stays_out(client, lin):
    User.objects.filter(pk=lin.pk).update(is_active=False)

    assert (enter(client).status_code, is_in(client)) == (200, False)


class TestThrottle:
    """Five wrong passwords of one name from one address lock that pair, nobody else."""

    @pytest.fixture(autouse=True)
    def locked(self, client, lin):
        self.answers = [enter(client, "lin", f"wrong{n}") for n in range(5)]

    def test_the_fifth_locks_with_a_page_in_chinese(self):
        statuses = [response.status_code for response in self.answers]

        assert statuses == [200, 200, 200, 200, 429]
        assert f"<h1>{gettext('Locked for 15 minutes')}</h1>" in self.answers[-1].content.decode()
        assert gettext("Locked for 15 minutes") != "Locked for 15 minutes"

    def test_then_the_right_password_does_not_help(self, client):
        assert (enter(client).status_code, is_in(client)) == (429, False)

    def test_in_english_for_those_who_chose_it(self, client):
        client.cookies["language"] = "en"

        assert "Locked for 15 minutes" in enter(client).content.decode()

    def test_the_right_person_still_gets_in_from_elsewhere(self, client):
        assert (enter(client, address="198.51.100.7").status_code, is_in(client)) == (302, True)

    def test_another_person_still_gets_in_from_there(self, client, chen):
        assert (enter(client, "chen").status_code, is_in(client)) == (302, True)

    @pytest.mark.parametrize("minutes, status", [(14, 429), (16, 302)])
    def test_after_fifteen_minutes_the_door_is_open_again(self, client, minutes, status):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes)):
            assert enter(client).status_code == status


def test_four_wrong_passwords_are_forgotten_after_the_right_one(client, lin):
    for _round in range(2):
        assert [enter(client, "lin", "wrong").status_code for _n in range(4)] == [200] * 4
        assert enter(client).status_code == 302
        client.logout()


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_is_led_to_the_door_and_from_there_to_the_page(client, db, address):
    response = client.get(address)

    door, _, following = response.url.partition("?next=")
    assert (response.status_code, door, unquote(following)) == (302, DOOR, address)


@pytest.mark.parametrize(
    "following, target",
    [
        ("/campaigns/wujin-2022/?on=2022-06-30", "/campaigns/wujin-2022/?on=2022-06-30"),
        ("", "/"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("///evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        (" //evil.example", "/"),
        ("http:evil.example", "/"),
        ("//testserver@evil.example", "/"),
        ("\0//evil.example", "/"),
        (DOOR, "/"),
        (f"{DOOR}?next={DOOR}", "/"),
    ],
)
def test_from_the_door_one_stays_on_this_site(client, lin, following, target):
    assert enter(client, next=following).url == target
    # And whoever is in already passes straight through, without walking in circles.
    assert client.get(DOOR, {"next": following}).url == target


def test_the_page_asked_for_survives_a_wrong_password(client, lin):
    html = enter(client, "lin", "wrong", next="/work/?on=2022-06-30").content.decode()

    assert '<input type="hidden" name="next" value="/work/?on=2022-06-30">' in html


def test_signing_out_needs_a_button_and_ends_the_session(client, lin):
    client.force_login(lin)

    assert (client.get("/sign-out/").status_code, is_in(client)) == (405, True)
    assert (client.post("/sign-out/").url, is_in(client)) == (DOOR, False)


class TestPassword:
    """One's own, with the old one."""

    @pytest.fixture(autouse=True)
    def inside(self, client, lin):
        client.force_login(lin)

    def change(self, client, old=PASSWORD, new="another-horse-7", again=None):
        typed = {"old_password": old, "new_password1": new, "new_password2": again or new}
        return client.post(reverse("password-change"), typed)

    def test_the_new_one_opens_the_old_one_does_not(self, client):
        assert self.change(client).url == reverse("password-changed")
        assert client.get(reverse("password-changed")).status_code == 200  # still in
        client.logout()

        assert (enter(client).status_code, enter(client, password="another-horse-7").status_code) == (
            200,
            302,
        )

    @pytest.mark.parametrize(
        "typed",
        [
            {"old": "wrong"},
            {"again": "different-horse-7"},
            {"new": "short-7"},
            {"new": "1234567890123"},
            {"new": "password123"},
            {"new": "林会计林会计"},
            {"new": "\0" * 12},
        ],
    )
    def test_a_poor_one_is_refused_in_words_and_nothing_changes(self, client, lin, typed):
        response = self.change(client, **typed)
        html = response.content.decode()

        assert (response.status_code, "has-error" in html, 'role="alert"' in html) == (200, True, True)
        assert typed.get("new", "another-horse-7") not in html
        assert User.objects.get(pk=lin.pk).check_password(PASSWORD)
