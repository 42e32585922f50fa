"""No room to write: told in words, nothing half written, what was typed handed back; reading goes on, and later writing."""

import errno
import re
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext

from pledges.models import AuditEvent, Evidence, ProgressReport
from tests.cast import CampaignFactory, PledgeFactory
from tests.kit.files import sent
from tests.kit.served import Answer

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no such limit")
NOTE = "核对台账" * 400
"""Longer than what is left free in the last page of a table."""


@pytest.fixture
def client(transactional_db, lin):
    client = Client(raise_request_exception=False)
    client.force_login(lin)
    return client


@pytest.fixture
def form(transactional_db, finance) -> str:
    today = localdate()
    year = {"starts_on": today - timedelta(days=200), "ends_on": today + timedelta(days=165)}
    campaign = CampaignFactory(code="wujin", **year)
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 1000)])
    return reverse("report-create", args=[pledge.code])


def typed() -> dict[str, str]:
    said = {"value": "100", "entry": "total", "as_of": localdate().isoformat(), "note": NOTE}
    return said | {"key": str(uuid4()), "seen": "0", "confirmed": ""}


def read(response) -> Answer:
    return Answer(response.status_code, dict(response.headers), response.content.decode())


def rows() -> tuple[int, int]:
    return ProgressReport.objects.count(), AuditEvent.objects.filter(action="report.submit").count()


@contextmanager
def full_database():
    """SQLite itself refuses every page more than there are: SQLITE_FULL, as on a disk without room."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no page lies idle
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute("PRAGMA max_page_count")
        (most,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {most}")


@on_sqlite
def test_a_report_on_a_full_database_is_refused_in_words_and_taken_once_there_is_room(client, form):
    fields = typed()
    with full_database():
        answer = read(client.post(form, fields))

    with translation.override("zh-hans"):
        assert f"<h1>{gettext('The server has no room left')}</h1>" in answer.text
    assert (answer.status, int(answer.headers["Retry-After"]) > 0, rows()) == (503, True, (0, 0))
    assert answer.typed.splitlines() == ["100", fields["as_of"], NOTE]
    assert answer.fields == fields
    again = [client.post(form, answer.fields).status_code for _click in range(2)]
    assert (again, rows()) == ([302, 302], (1, 1))


@on_sqlite
def test_pages_can_be_read_on_a_full_database(client, form):
    with full_database():
        found = {client.get(address).status_code for address in ("/work/", form, "/campaigns/wujin/")}

    assert found == {200}


def no_room(*_args, **_more):
    driver = OperationalError("database or disk is full")
    driver.sqlite_errorname = "SQLITE_FULL"
    raise OperationalError("database or disk is full") from driver


def look_without_a_session(client):
    """The session would remember the campaign that is looked at."""
    CampaignFactory(code="another")
    with patch("django.contrib.sessions.backends.db.SessionStore.save", side_effect=no_room):
        return client.get("/campaigns/another/")


def test_who_only_looks_needs_no_session_to_be_written(client):
    assert look_without_a_session(client).status_code == 200


def test_with_the_session_of_the_framework_who_only_looks_would_be_turned_away(client, settings):
    theirs = "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [theirs if "Session" in name else name for name in settings.MIDDLEWARE]

    assert look_without_a_session(client).status_code == 503


def test_who_signs_in_is_told_when_the_session_cannot_be_written(transactional_db, lin):
    client = Client(raise_request_exception=False)
    with patch("django.contrib.sessions.backends.db.SessionStore.save", side_effect=no_room):
        answer = client.post("/sign-in/", {"username": "lin", "password": "correct-horse-9"})

    assert (answer.status_code, b"correct-horse-9" in answer.content) == (503, False)


def test_no_room_for_a_file_is_told_in_the_form_which_keeps_what_was_typed(client, form, evidence_folder):
    fault = OSError(errno.ENOSPC, "No space left on device")
    fields = typed()
    with patch("django.core.files.storage.FileSystemStorage.save", side_effect=fault):
        answer = client.post(form, fields | {"evidence": sent()})

    html = answer.content.decode()
    assert (answer.status_code, NOTE in html, rows(), Evidence.objects.count()) == (422, True, (0, 0), 0)
    assert re.search(r'name="value"[^>]*value="100"|value="100"[^>]*name="value"', html)
    assert client.post(form, fields | {"evidence": sent()}).status_code == 302
    assert (rows(), Evidence.objects.count()) == ((1, 1), 1)


@on_sqlite
def test_a_database_that_is_locked_for_long_is_told_in_words_and_waits_for_nobody_else(client, form):
    """A backup may hold it; the house waits twenty seconds, here a tenth of one."""
    other = connection.copy()
    try:
        with other.cursor() as holder, connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 100")
            holder.execute("BEGIN EXCLUSIVE")
            answer = read(client.post(form, typed()))
            holder.execute("ROLLBACK")
            cursor.execute("PRAGMA busy_timeout = 20000")
    finally:
        other.close()

    assert (answer.status, answer.fields["note"], rows()) == (503, NOTE, (0, 0))
    assert client.post(form, answer.fields).status_code == 302
