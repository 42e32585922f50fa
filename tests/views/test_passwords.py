"""The two profiles of passwords, at every door that sets one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from pledges.models import PastPassword, User
from pledges.queries import passwords
from pledges.rules.passwords import WARN_DAYS

OLD, NEW = "correct-horse-9", "Another-horse-7"
START = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


@pytest.fixture
def dengbao(settings):
    settings.PASSWORD_PROFILE = "dengbao"


@pytest.fixture
def on_day(time_machine):
    """Move the clock to so many days after the first."""

    def day(number: int):
        time_machine.move_to(START + timedelta(days=number), tick=False)

    day(0)
    return day


def refused(password, user=None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        return {error.code for error in fault.error_list}
    return set()


def change(client, new=NEW, old=OLD):
    return client.post("/password/", {"old_password": old, "new_password1": new, "new_password2": new})


def sign_in(client, name="lin", password=OLD):
    return client.post("/sign-in/", {"username": name, "password": password})


@pytest.mark.parametrize(
    "password, plain, strict",
    [
        ("Ab3456789", {"password_too_short"}, {"password_too_short"}),
        ("Ab34567890", set(), set()),
        ("ab34567890", set(), {"password_kinds"}),
        ("ab-34567890", set(), set()),
        ("abcdefghijkl", set(), {"password_kinds"}),
        ("督查督办攻坚行动军令状", set(), {"password_kinds"}),
        ("督查 督办 2026 攻坚a", set(), set()),
        ("9073458120", {"password_entirely_numeric"}, {"password_entirely_numeric", "password_kinds"}),
        ("Ab3-" * 40, set(), set()),
    ],
)
def test_each_profile_says_what_it_misses(settings, password, plain, strict):
    found = {}
    for profile in ("plain", "dengbao"):
        settings.PASSWORD_PROFILE = profile
        found[profile] = refused(password)

    assert found == {"plain": plain, "dengbao": strict}


def test_the_numbers_are_settings(settings, dengbao):
    settings.PASSWORD_LENGTH, settings.PASSWORD_KINDS = 12, 4

    assert refused("Ab345-78901") == {"password_too_short"}
    assert refused("Ab345678901x") == {"password_kinds"}
    assert refused("Ab345-789012") == set()


@pytest.mark.parametrize("like", ["lin@example.com", "管理员甲乙丙丁戊己庚辛"])
def test_nobody_is_called_like_their_password(db, like):
    user = User(username="lin", name="管理员甲乙丙丁戊己庚辛", email="lin@example.com")

    assert "password_too_similar" in refused(like, user)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_form_says_in_words_what_is_missing(client, lin, dengbao, language):
    client.cookies["language"] = language
    client.force_login(lin)
    words = change(client, "ab345").context["form"].errors["new_password2"]

    assert any("5" in sentence and "10" in sentence for sentence in words)
    assert len(words) == 2
    assert all(hint in client.get("/password/").content.decode() for hint in words[0:0])


@pytest.mark.parametrize("profile", ["plain", "dengbao"])
def test_accounts_that_no_administrator_touched_go_on(client, lin, settings, profile):
    """Those of the rehearsal, too: small letters and digits, and nobody noted their day."""
    settings.PASSWORD_PROFILE = profile
    User.objects.filter(pk=lin.pk).update(password=make_password("abcdefgh2345"))

    assert sign_in(client, password="abcdefgh2345").url == "/"
    assert client.get("/work/").status_code == 200


class TestHistory:
    """None of the last five, the present one included."""

    def test_the_last_ones_do_not_come_again_and_the_sixth_does(self, client, lin, dengbao):
        client.force_login(lin)
        used = [OLD, *(f"Horse-number-{n}" for n in range(5))]
        for old, new in pairwise(used):
            assert change(client, new, old).status_code == 302
        latest = used[-1]

        assert {word: change(client, word, latest).status_code for word in used[1:]} == dict.fromkeys(
            used[1:], 200
        )
        assert PastPassword.objects.filter(user=lin).count() == 5
        assert change(client, OLD, latest).status_code == 302

    def test_hashes_are_kept_and_no_password(self, client, lin, dengbao):
        client.force_login(lin)
        change(client)

        kept = PastPassword.objects.get(user=lin).password
        assert (kept, NEW in kept) == (User.objects.get(pk=lin.pk).password, False)

    def test_the_plain_profile_keeps_none_and_asks_for_none(self, client, lin):
        client.force_login(lin)
        change(client)

        assert (PastPassword.objects.count(), change(client, NEW, NEW).status_code) == (0, 302)

    def test_it_is_nobody_elses(self, client, lin, wu, dengbao):
        for person in (lin, wu):
            client.force_login(person)
            assert change(client).status_code == 302


class TestAge:
    """Ninety days, a word in the last week, and then first a new one."""

    @pytest.fixture
    def changed(self, client, lin, dengbao, on_day):
        lin.set_password(NEW)
        lin.save()

    @pytest.mark.parametrize("day, lands", [(0, "/"), (90, "/"), (91, "/"), (1000, "/")])
    def test_the_door_opens_at_any_age(self, client, changed, on_day, day, lands):
        on_day(day)

        assert sign_in(client, password=NEW).url == lands

    @pytest.mark.parametrize("day, is_open", [(0, True), (90, True), (91, False)])
    def test_behind_it_the_password_comes_first(self, client, changed, on_day, day, is_open):
        on_day(day)
        sign_in(client, password=NEW)
        answer = client.get("/work/")

        assert (answer.status_code, answer.get("Location")) == (
            (200, None) if is_open else (302, "/password/")
        )

    @pytest.mark.parametrize(
        "day, is_told", [(90 - WARN_DAYS - 1, False), (90 - WARN_DAYS, True), (90, True), (91, False)]
    )
    def test_a_word_before(self, client, changed, on_day, day, is_told):
        on_day(day)
        page = client.post("/sign-in/", {"username": "lin", "password": NEW}, follow=True)

        assert bool(list(page.context["messages"])) == is_told

    def test_a_new_one_opens_everything(self, client, changed, on_day):
        on_day(91)
        sign_in(client, password=NEW)
        page = client.get("/password/")
        assert (page.context["must_change"], page.context["is_too_old"]) == (True, True)
        change(client, "Something-else-3", NEW)

        assert client.get("/work/").status_code == 200

    def test_one_whose_day_nobody_noted_counts_from_the_accounts_first(self, lin, dengbao, on_day):
        User.objects.filter(pk=lin.pk).update(date_joined=START)
        fresh = User.objects.get(pk=lin.pk)

        assert passwords.last_day_of(fresh) == (START + timedelta(days=90)).date()

    def test_the_plain_profile_knows_no_age(self, client, changed, on_day, settings):
        settings.PASSWORD_PROFILE = "plain"
        on_day(1000)
        sign_in(client, password=NEW)

        assert client.get("/work/").status_code == 200


class TestGiven:
    """A password that an administrator gave is used once: to choose another."""

    @pytest.fixture
    def given(self, client, lin, boss):
        client.force_login(boss)
        new = {"usable_password": "true", "password1": NEW, "password2": NEW}
        assert client.post(f"/admin/pledges/user/{lin.pk}/password/", new).status_code == 302
        client.logout()
        return client

    def test_first_it_is_changed(self, given, dengbao, pledge):
        sign_in(given, password=NEW)
        address = reverse("report-create", args=[pledge.code])

        assert given.get("/work/").url == "/password/"
        assert given.post(address, {"value": "5"}).url == "/password/"
        fragment = given.post(f"{address}preview/", headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (200, "/password/")
        assert given.get("/admin/").url == "/password/"
        page = given.get("/password/")
        assert (page.context["must_change"], page.context["is_too_old"]) == (True, False)
        change(given, "Something-else-3", NEW)
        assert given.get("/work/").status_code == 200

    def test_one_may_leave_and_choose_the_language_before(self, given, dengbao):
        sign_in(given, password=NEW)

        assert given.post("/language/", {"language": "en", "next": "/password/"}).url == "/password/"
        assert given.post("/sign-out/").url == "/sign-in/"

    def test_the_same_again_is_no_change(self, given, dengbao):
        sign_in(given, password=NEW)

        assert change(given, NEW, NEW).status_code == 200
        assert given.get("/work/").url == "/password/"

    def test_the_plain_profile_does_not_ask(self, given):
        sign_in(given, password=NEW)

        assert given.get("/work/").status_code == 200

    def test_a_new_person_is_asked_too(self, client, boss, dengbao):
        client.force_login(boss)
        typed = {"username": "new", "name": "新", "email": "new@example.com", "usable_password": "true"}
        rows = {f"{name}-{key}": value for name in ("memberships", "leaves") for key, value in
                {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0}.items()}  # fmt: skip
        answer = client.post("/admin/pledges/user/add/", typed | rows | {"password1": NEW, "password2": NEW})

        assert answer.status_code == 302
        assert User.objects.get(username="new").must_change_password

    def test_who_sets_their_own_there_is_not_asked(self, client, boss, dengbao):
        client.force_login(boss)
        new = {"usable_password": "true", "password1": NEW, "password2": NEW}
        client.post(f"/admin/pledges/user/{boss.pk}/password/", new)

        assert client.get("/admin/").status_code == 200
