"""What people change about themselves, and what happens at the door."""

import json

import pytest
from django.db import DatabaseError
from django.urls import reverse

from pledges.actions import people
from pledges.actions.people import keep_wishes
from pledges.models import AuditEvent

PASSWORD = "correct-horse-9"


def told() -> list[tuple[str, str, str]]:
    return list(AuditEvent.objects.order_by("id").values_list("action", "actor_name", "outcome"))


def sign_in(client, name, password=PASSWORD):
    return client.post(reverse("sign-in"), {"username": name, "password": password})


def test_coming_and_going_are_written_down_with_the_address(client, lin):
    sign_in(client, "lin")
    client.post(reverse("sign-out"))
    client.post(reverse("sign-out"))

    assert told() == [("account.sign_in", "林会计", "ok"), ("account.sign_out", "林会计", "ok")]
    row = AuditEvent.objects.first()
    assert (row.source_ip, len(row.request_id)) == ("127.0.0.1", 16)


def test_who_is_not_let_in_is_written_down_under_the_name_that_was_typed(client, lin):
    for _ in range(5):
        sign_in(client, "lin", "wrong")

    assert told()[:4] == [("account.sign_in", "lin", "denied")] * 4
    assert ("account.lock", "lin", "denied") in told()
    assert PASSWORD not in "".join(AuditEvent.objects.values_list("payload", flat=True))


def test_a_changed_password_is_written_down_and_the_password_is_not(client, lin):
    client.force_login(lin)
    new = {"old_password": PASSWORD, "new_password1": "quite-another-1", "new_password2": "quite-another-1"}
    client.post(reverse("password-change"), new)

    row = AuditEvent.objects.latest("id")
    assert (row.action, row.actor_id, row.payload) == ("account.password", lin.pk, "")


def test_changed_wishes_are_told_from_and_to(lin):
    keep_wishes(lin, send_hour=10, language=lin.language)
    keep_wishes(lin, send_hour=10)

    row = AuditEvent.objects.get()
    assert (row.action, json.loads(row.payload)) == (
        "preferences.change",
        {"before": {"send_hour": 8}, "after": {"send_hour": 10}},
    )


def test_what_a_person_may_not_do_is_written_down(client, lin, pledge):
    client.force_login(lin)
    assert client.get(reverse("review-queue")).status_code == 403

    row = AuditEvent.objects.latest("id")
    assert (row.action, row.outcome, row.actor_id) == ("request.refused", "denied", lin.pk)
    assert json.loads(row.payload) == {"after": {"method": "GET", "path": reverse("review-queue")}}


def test_a_refusal_stands_though_it_cannot_be_written_down(lin, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(people, "record", broken)
    people.note_refusal(lin, method="GET", path="/")

    assert "request.refused is not in the audit" in caplog.text


@pytest.mark.parametrize("name", ["名" * 400, "a\0b", None])
def test_whatever_is_typed_as_a_name_is_written_down(db, name):
    people.note_failed_sign_in(credentials={"username": name})

    assert len(AuditEvent.objects.get().actor_name) <= 150
