"""What people read when something is not as they expected: in their language, with a way on."""

import re
from unittest.mock import patch

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from pledges.views import errors

HEADINGS = {
    400: "This could not be read",
    403: "This is not yours to do",
    404: "This page was not found",
    405: "Nothing can be opened here",
    409: "Somebody was first",
}
CSRF = "The page was open too long"
FAULTY = "系统暂时打不开"


def chinese(english: str) -> str:
    with translation.override("zh-hans"):
        found = gettext(english)
    assert found != english
    return found


def heading_of(response) -> str:
    return re.search(r"<h1>(.*?)</h1>", response.content.decode())[1]


def words_of(response) -> str:
    """The page without its markup, its menu and its switch of languages."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"<[^>]+>", "", main)


@pytest.fixture
def provoke(client, rf, lin, wu, pledge):
    """A page of each kind, as Lin gets it."""

    def conflict():
        request = rf.get("/")
        request.user = lin
        request.session = {}
        return errors.conflict(request, "x")

    client.force_login(lin)
    return {
        400: lambda: client.post("/language/", {f"field{n}": "" for n in range(3000)}),
        403: lambda: client.get("/review/"),
        404: lambda: client.get("/pledges/nothing-here/"),
        405: lambda: client.get(reverse("report-preview", args=[pledge.code])),
        409: conflict,
    }


@pytest.mark.parametrize("code", HEADINGS)
def test_each_fault_has_its_page_in_chinese(provoke, code):
    response = provoke[code]()

    assert (response.status_code, heading_of(response)) == (code, chinese(HEADINGS[code]))
    assert re.findall(r"[A-Za-z]{3,}", words_of(response)) == []


@pytest.mark.parametrize("code", sorted(HEADINGS.keys() - {409}))
def test_each_fault_has_its_page_in_english(client, provoke, code):
    client.cookies["language"] = "en"
    response = provoke[code]()

    assert (response.status_code, heading_of(response)) == (code, HEADINGS[code])
    assert re.findall(r"[\u4e00-\u9fff]", words_of(response)) == []


@pytest.mark.parametrize("code", HEADINGS)
def test_each_page_shows_the_way_on(provoke, code):
    assert 'class="btn btn--go" href="/"' in provoke[code]().content.decode()


def test_a_visitor_reads_that_there_is_no_such_page_and_nothing_else(client, db):
    response = client.get("/nothing/here/")

    assert (response.status_code, heading_of(response)) == (404, chinese(HEADINGS[404]))
    assert '<nav class="nav"' not in response.content.decode()


def test_what_was_typed_is_kept_to_copy(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    html = errors.conflict(request, "谁先", kept="<b>理由</b>").content.decode()

    assert re.search(r"<textarea[^>]*>(.*?)</textarea>", html)[1] == "&lt;b&gt;理由&lt;/b&gt;"


@pytest.mark.parametrize("language, words", [("zh-hans", chinese), ("en", str)])
def test_a_page_that_was_open_too_long_says_so(lin, pledge, language, words):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lin)
    client.cookies["language"] = language
    response = client.post(reverse("report-create", args=[pledge.code]), {"value": "1"})

    assert (response.status_code, heading_of(response)) == (403, words(CSRF))


def test_whoever_signs_in_after_pressing_a_button_finds_a_way_on(client, chen, pledge):
    door = client.post("/reports/1/accept/").url
    client.force_login(chen)
    response = client.get(client.get(door).url)

    assert (response.status_code, heading_of(response), response["Allow"]) == (
        405,
        chinese(HEADINGS[405]),
        "POST",
    )


class TestOurFault:
    """500: nothing but fixed words, for session, database or catalogue may be what broke."""

    @pytest.fixture
    def broken(self, client, li, campaign):
        client.force_login(li)
        client.raise_request_exception = False
        with patch("pledges.views.overview.overview_of", side_effect=ZeroDivisionError("secret")):
            return client.get(reverse("overview", args=[campaign.code]))

    def test_it_is_told_in_both_languages_without_a_word_about_the_cause(self, broken):
        html = broken.content.decode()

        assert (broken.status_code, heading_of(broken)) == (500, FAULTY)
        assert ('lang="en"' in html, "secret" in html, "Traceback" in html) == (True, False, False)

    def test_it_has_no_style_and_no_script_of_its_own(self, broken):
        assert re.findall(r"<(style|script)|style=|\son\w+=", broken.content.decode()) == []

    def test_it_is_told_without_a_database_too(self, client, li, campaign):
        client.force_login(li)
        client.raise_request_exception = False
        with patch("django.db.backends.utils.CursorWrapper.execute", side_effect=OperationalError("gone")):
            response = client.get(reverse("overview", args=[campaign.code]))

        assert (response.status_code, heading_of(response)) == (500, FAULTY)

    def test_a_page_that_is_not_found_without_a_database_is_told_too(self, client, li):
        client.force_login(li)
        client.raise_request_exception = False
        with patch("django.db.backends.utils.CursorWrapper.execute", side_effect=OperationalError("gone")):
            response = client.get("/nothing/here/")

        assert (response.status_code, heading_of(response)) == (500, FAULTY)
