"""Every answer carries what keeps a browser from being used against its reader: pages, files, faults, nothing new."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.urls import get_resolver

from pledges.models import User
from tests.kit.files import PDF, a_file
from tests.kit.one_of_each import client_of
from tests.test_matrix import MATRIX

# What is shown is decided above the database; that every page opens on each of them is in faults/test_fuzz.py.
pytestmark = pytest.mark.static

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OTHERWISE = {
    "mailbox-letter-html": {
        "X-Frame-Options": "SAMEORIGIN"
    },  # shown in a frame of the mailbox, without scripts
    "calendar-feed": {"Referrer-Policy": "no-referrer"},  # the address is the key
}
NONE_OF_ITS_OWN = {"script-src 'unsafe-inline'", "'unsafe-inline'", "'unsafe-eval'", "*"}


OF_A_LETTER = {"mailbox-letter-html": {"'unsafe-inline'"}}
"""Mail knows no stylesheets: a letter alone in its frame brings its styles along, and no script."""


def faults_of(answer, *, name: str = "") -> list[str]:
    """What is missing or otherwise in the headers of an answer."""
    wanted = ALWAYS | OTHERWISE.get(name, {})
    wrong = [
        f"{key}: {answer.headers.get(key)}"
        for key, value in wanted.items()
        if answer.headers.get(key) != value
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    own = set(policy.replace(";", " ").split()) & set(NONE_OF_ITS_OWN) - OF_A_LETTER.get(name, set())
    if "default-src 'none'" not in policy or own:
        wrong.append(f"policy: {policy}")
    if not re.fullmatch(r"[0-9a-f]{16}", answer.headers.get("X-Request-ID", "")):
        wrong.append("no number of the request")
    return wrong + [
        f"tells of the server: {key}" for key in ("Server", "X-Powered-By") if key in answer.headers
    ]


def is_kept_by_nobody(answer) -> bool:
    return "no-store" in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("name", MATRIX)
def test_every_address_for_everybody_in_both_ways(db, people, address_of, name):
    found = {}
    for role in ("visitor", "elsewhere", "reporter", "superuser"):
        client = client_of(people[role])
        for ask in (client.get, client.post):
            answer = ask(address_of(name))
            faults = faults_of(answer, name=name if answer.status_code == 200 else "")
            if role != "visitor" and not is_kept_by_nobody(answer):
                faults.append("may be kept")
            if faults:
                found[role, ask.__name__, answer.status_code] = faults
            client = client_of(again(people[role]))  # who signed out or everywhere comes back

    assert found == {}


def again(person):
    return person and User.objects.get(pk=person.pk)


def test_the_watch_sees_a_header_that_is_missing(client, db):
    answer = client.get("/sign-in/")
    assert faults_of(answer) == []
    del answer.headers["X-Frame-Options"]
    answer.headers["Content-Security-Policy"] = "default-src 'none'; script-src 'self' 'unsafe-inline'"

    assert len(faults_of(answer)) == 2


class TestAnswersThatAreNoPage:
    """Faults and files are answers, too."""

    def test_what_is_not_there(self, client, lin):
        client.force_login(lin)

        assert faults_of(client.get("/nowhere/")) == []
        assert faults_of(client.get("/static/nowhere.css")) == []

    def test_a_host_that_is_not_ours(self, client, db):
        answer = client.get("/sign-in/", headers={"Host": "evil.example"})

        assert (answer.status_code, faults_of(answer)) == (400, [])
        assert "evil.example" not in answer.content.decode()

    def test_a_fault_of_ours(self, client, lin, monkeypatch):
        def broken(*_args, **_more):
            raise ZeroDivisionError

        client.force_login(lin)
        client.raise_request_exception = False
        monkeypatch.setattr(User, "posts", property(broken))
        answer = client.get("/work/")

        assert (answer.status_code, faults_of(answer)) == (500, [])

    def test_too_much(self, client, db):
        answer = client.post("/sign-in/", b"", content_type="text/plain", CONTENT_LENGTH=str(10**9))

        assert (answer.status_code, faults_of(answer)) == (413, [])

    def test_a_static_file_and_the_same_again(self, client, db):
        address = staticfiles_storage.url("ykplan.css")
        first = client.get(address)
        again_ = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})

        first.close()
        again_.close()

        assert (first.status_code, faults_of(first), again_.status_code, faults_of(again_)) == (
            200,
            [],
            304,
            [],
        )

    def test_a_piece_of_evidence_is_a_download_of_no_page(self, people, report, evidence_folder):
        evidence = a_file(report, name="名单\r\nX-Evil: 1;.pdf", content=PDF + b"x")
        answer = client_of(people["reporter"]).get(f"/evidence/{evidence.pk}/")

        assert (answer.status_code, faults_of(answer)) == (200, [])
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "X-Evil" not in answer.headers
        assert is_kept_by_nobody(answer)


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
def test_no_link_is_made_of_a_host_that_somebody_sent(client, li, pledge, header, settings):
    """Letters and feeds are written with our own address; pages with none at all."""
    client.force_login(li)
    pages = [f"/pledges/{pledge.code}/", "/me/letters/", "/sign-in/?next=/work/"]
    answers = [client.get(page, headers={header: "evil.example"}) for page in pages]
    made = client.post("/me/letters/feeds/", {"department": ""}, headers={"X-Forwarded-Host": "evil.example"})

    assert {answer.status_code for answer in answers} <= {200, 302, 400}
    assert all(
        "evil.example" not in answer.content.decode() + answer.get("Location", "")
        for answer in [*answers, made]
    )
    assert f"{settings.PUBLIC_BASE_URL}/calendar/" in made.content.decode()


EVIL = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "https:evil.example",
    "javascript:alert(7)", "data:text/html,x", "\x08//evil.example", "/\t/evil.example", "http://testserver@evil.example/", "//testserver.evil.example",
)  # fmt: skip


@pytest.mark.parametrize("following", EVIL)
def test_nobody_is_led_away(client, chen, report, following):
    """At the door, at the switch of languages, and wherever a page is told where to go next."""
    switched = client.post("/language/", {"language": "en", "next": following})
    referred = client.post("/language/", {"language": "en"}, headers={"Referer": following})
    entered = client.post("/sign-in/", {"username": "chen", "password": "correct-horse-9", "next": following})
    reviewed = client.post(f"/reports/{report.pk}/accept/", {"next": following})

    for answer in (switched, referred, entered, reviewed):
        assert answer.status_code in {204, 302}
        assert re.match(r"^(/(?![/\\\t])|$)", answer.get("Location", "")), answer["Location"]


def test_every_unsafe_address_needs_its_token(db):
    """Nothing is exempt from the check, neither our own nor what comes with Django."""
    exempt = [
        str(pattern.pattern)
        for pattern in all_patterns(get_resolver().url_patterns)
        if getattr(pattern.callback, "csrf_exempt", False)
    ]
    assert exempt == []
    other = Client(enforce_csrf_checks=True)
    answer = other.post(
        "/sign-in/", {"username": "x", "password": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def all_patterns(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from all_patterns(pattern.url_patterns)
        else:
            yield pattern


def test_the_cookies_are_for_this_site_and_no_script(client, lin):
    client.post("/sign-in/", {"username": "lin", "password": "correct-horse-9"})
    client.post("/language/", {"language": "en", "next": "/"})

    assert {(c.key, bool(c["httponly"]), c["samesite"]) for c in client.cookies.values() if c.value} == {
        ("session", True, "Lax"),
        ("csrf", True, "Lax"),
        ("language", True, "Lax"),
    }
    ends = datetime.strptime(client.cookies["session"]["expires"], "%a, %d %b %Y %H:%M:%S %Z").replace(
        tzinfo=UTC
    )
    assert (ends - datetime.now(UTC)).total_seconds() <= 12 * 3600
