from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY, authenticate, get_user_model, login
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils import translation

from ykplan.middleware import LanguageMiddleware, NoStoreMiddleware

PASSWORD = "a long enough one"


def language_of(request):
    with translation.override("en"):
        response = LanguageMiddleware(lambda _: HttpResponse(translation.get_language()))(request)
    return response.content.decode()


@pytest.mark.parametrize(
    "cookie, accepted, language",
    [
        ("", "", "zh-hans"),
        ("", "en-US,en;q=0.9", "zh-hans"),
        ("en", "zh-CN", "en"),
        ("zh-hans", "en", "zh-hans"),
        ("fr", "en", "zh-hans"),
        ("../en", "en", "zh-hans"),
    ],
)
def test_language_is_the_readers_choice_and_never_the_browsers(rf, cookie, accepted, language):
    request = rf.get("/", headers={"Accept-Language": accepted})
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie

    assert language_of(request) == language


def test_language_answer_says_its_language_and_varies_by_cookie(rf):
    response = LanguageMiddleware(lambda _: HttpResponse())(rf.get("/"))

    assert (response["Content-Language"], response["Vary"]) == ("zh-hans", "Cookie")


@pytest.mark.parametrize("person, kept", [(AnonymousUser(), True), (get_user_model()(), False)])
def test_page_of_a_signed_in_person_is_kept_by_no_cache(rf, person, kept):
    request = rf.get("/")
    request.user = person

    response = NoStoreMiddleware(lambda _: HttpResponse())(request)

    assert ("no-store" in response.get("Cache-Control", "")) is not kept


@pytest.mark.django_db
def test_every_page_forbids_foreign_and_inline_code(client):
    policy = dict(
        part.strip().split(" ", 1) for part in client.get("/sign-in/")["Content-Security-Policy"].split(";")
    )

    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user(username="somebody", password=PASSWORD)


def sign_in(client, password, **extra):
    return client.post("/sign-in/", {"username": "somebody", "password": password}, **extra)


def test_session_ends_twelve_hours_after_sign_in_however_busy_it_was(client, person, time_machine):
    start = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    sign_in(client, PASSWORD)
    time_machine.move_to(start + timedelta(hours=11), tick=False)
    session = client.session
    session["busy"] = True
    session.save()

    time_machine.move_to(start + timedelta(hours=12, seconds=1), tick=False)

    assert SESSION_KEY not in client.session


def test_session_gets_a_new_key_at_sign_in(rf, client, person):
    session = client.session
    session["draft"] = "text"
    session.save()
    before = session.session_key
    request = rf.post("/sign-in/")
    request.session = session

    login(request, authenticate(request, username="somebody", password=PASSWORD))

    assert request.session.session_key != before


def test_fifth_wrong_password_locks_this_name_at_this_address_only(client, person):
    for _ in range(5):
        answer = sign_in(client, "wrong")

    assert answer.status_code == 429
    assert sign_in(client, PASSWORD).status_code == 429
    assert sign_in(client, PASSWORD, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_lock_opens_after_a_quarter_of_an_hour(client, person, time_machine):
    start = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    for _ in range(5):
        sign_in(client, "wrong")

    time_machine.move_to(start + timedelta(minutes=15, seconds=1), tick=False)

    assert sign_in(client, PASSWORD).status_code == 302


def test_invented_forwarded_address_does_not_dodge_the_lock(client, person):
    for number in range(5):
        answer = sign_in(client, "wrong", headers={"X-Forwarded-For": f"203.0.113.{number}"})

    assert answer.status_code == 429


@pytest.mark.django_db
def test_language_switch_works_before_sign_in(client):
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert answer.cookies["language"].value == "en"
    assert client.get("/sign-in/")["Content-Language"] == "en"


@pytest.mark.django_db
def test_page_without_sign_in_leads_to_the_sign_in_page(client):
    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")
