"""Who may open what: every address, every role, both ways of asking. An address nobody declared here fails."""

import hashlib
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.kit.one_of_each import ROLES, client_of

# Who may open what is decided above the database.
pytestmark = pytest.mark.static

# What each role gets, in the order of ROLES. A visitor is led to the door (302); what one may not see does not
# exist (404); what one may see but not do is refused (403); what only reads, or only writes, says so (405).
MATRIX = {
    #                     GET                             POST
    "home":              ("302 302 302 302 302 302 302", "302 405 405 405 405 405 405"),
    "sign-in":           ("200 302 302 302 302 302 302", "200 302 302 302 302 302 302"),
    "sign-out":          ("302 405 405 405 405 405 405", "302 302 302 302 302 302 302"),
    "sign-out-everywhere": ("302 405 405 405 405 405 405", "302 302 302 302 302 302 302"),
    "password-change":   ("302 200 200 200 200 200 200", "302 200 200 200 200 200 200"),
    "password-changed":  ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "overview":          ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "wall":              ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "view-save":         ("302 405 405 405 405 405 405", "302 422 422 422 422 422 422"),
    "view-delete":       ("302 405 405 405 405 405 405", "302 302 404 404 404 404 404"),
    "rules":             ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "pledge-list":       ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "article":           ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "letter-list":       ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "letter-detail":     ("302 200 404 404 200 200 200", "302 405 405 405 405 405 405"),
    "letter-retry":      ("302 405 405 405 405 405 405", "302 403 404 404 302 403 302"),
    "letter-cancel":     ("302 405 405 405 405 405 405", "302 403 404 404 302 403 302"),
    "sheet":             ("302 200 200 403 403 403 200", "302 422 422 403 403 403 422"),
    "sheet-download":    ("302 405 405 405 405 405 405", "302 200 200 403 403 403 200"),
    "sheet-detail":      ("302 200 404 404 404 404 404", "302 405 405 405 405 405 405"),
    "sheet-take":        ("302 405 405 405 405 405 405", "302 409 404 404 404 404 404"),
    "sheet-faults":      ("302 200 404 404 404 404 404", "302 405 405 405 405 405 405"),
    "nudge":             ("302 403 403 403 200 200 200", "302 403 403 403 422 422 422"),
    "briefing-list":     ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "briefing-draft":    ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "briefing-issue":    ("302 405 405 405 405 405 405", "302 403 403 403 422 403 422"),
    "briefing-detail":   ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "briefing-docx":     ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "board-xlsx":        ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "department-chart":  ("302 200 404 200 200 200 200", "302 405 405 405 405 405 405"),
    "department-detail": ("302 200 404 200 200 200 200", "302 405 405 405 405 405 405"),
    "directive-list":    ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "directive-create":  ("302 403 404 403 403 200 200", "302 403 404 403 403 422 422"),
    "directive-answer":  ("302 200 404 403 403 403 200", "302 422 404 403 403 403 422"),
    "directive-close":   ("302 405 405 405 405 405 405", "302 403 404 403 403 302 403"),
    "extension-list":    ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "extension-ask":     ("302 200 404 200 403 403 200", "302 422 404 422 403 403 422"),
    "extension-withdraw": ("302 405 405 405 405 405 405", "302 302 404 403 403 403 403"),
    "extension-decide":  ("302 403 404 403 200 403 200", "302 403 404 403 422 403 422"),
    "blocker-list":      ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "blocker-paper":     ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "blocker-create":    ("302 200 404 200 200 200 200", "302 422 404 422 422 422 422"),
    "blocker-remove":    ("302 200 404 200 200 403 200", "302 422 404 422 422 403 422"),
    "closing-list":      ("302 403 403 403 200 200 200", "302 405 405 405 405 405 405"),
    "pledge-close":      ("302 403 404 403 200 403 200", "302 403 404 403 422 403 422"),
    "pledge-reopen":     ("302 403 404 403 302 403 302", "302 403 404 403 422 403 422"),
    "evidence-list":     ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "evidence":          ("302 200 404 200 200 200 200", "302 405 405 405 405 405 405"),
    "source":            ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "pledge-detail":     ("302 200 404 200 200 200 200", "302 405 405 405 405 405 405"),
    "pledge-history":    ("302 200 404 200 200 200 200", "302 405 405 405 405 405 405"),
    "report-create":     ("302 200 404 403 403 403 200", "302 422 404 403 403 403 422"),
    "report-preview":    ("302 405 405 405 405 405 405", "302 200 404 403 403 403 200"),
    "report-withdraw":   ("302 405 405 405 405 405 405", "302 302 404 403 403 403 403"),
    "report-accept":     ("302 405 405 405 405 405 405", "302 403 404 403 302 403 302"),
    "report-return":     ("302 405 405 405 405 405 405", "302 403 404 403 422 403 422"),
    "work":              ("302 200 200 200 200 200 200", "302 405 405 405 405 405 405"),
    "review-queue":      ("302 403 403 403 200 403 200", "302 405 405 405 405 405 405"),
    "review-detail":     ("302 403 404 403 200 403 200", "302 405 405 405 405 405 405"),
    "preferences":       ("302 200 200 200 200 200 200", "302 422 422 422 422 422 422"),
    "feed-make":         ("302 302 302 302 302 302 302", "302 200 200 200 200 200 200"),
    "feed-revoke":       ("302 405 405 405 405 405 405", "302 302 404 404 404 404 404"),
    "calendar-feed":     ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "audit-list":        ("302 403 403 403 403 403 403", "302 405 405 405 405 405 405"),
    "mailbox":           ("302 404 404 404 404 404 200", "302 405 405 405 405 405 405"),
    "mailbox-letter":    ("302 404 404 404 404 404 200", "302 405 405 405 405 405 405"),
    "mailbox-letter-html": ("302 404 404 404 404 404 200", "302 405 405 405 405 405 405"),
    "healthz":           ("503 503 503 503 503 503 503", "405 405 405 405 405 405 405"),
    "set_language":      ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "admin":             ("302 302 302 302 302 302 200", "302 302 302 302 302 302 200"),
}  # fmt: skip
UNTOLD = {"sessions.Session", "pledges.AuditEvent"}
"""Tables that a mere look may write: the session remembers the campaign last looked at, the audit what left the
house and who was refused."""


def names_in(patterns, group: str = "") -> Iterator[str]:
    """The names of all addresses; those of the admin count as one."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_in(pattern.url_patterns, group or pattern.namespace or "")
        elif isinstance(pattern, URLPattern):
            yield group or pattern.name or str(pattern.pattern)


def answers(people, ask) -> str:
    """The status that each role gets; nothing of it stays."""
    found = []
    for role in ROLES:
        with transaction.atomic():
            found.append(str(ask(client_of(people[role])).status_code))
            transaction.set_rollback(True)
    return " ".join(found)


def main_of(response) -> str:
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def rows() -> dict[str, str]:
    """A fingerprint of every table."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in models
        if model._meta.label not in UNTOLD
    }


def test_every_address_is_declared_here():
    assert set(names_in(get_resolver().url_patterns)) == set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_each_role_may_do_what_is_declared(db, people, address_of, name):
    address = address_of(name)

    assert answers(people, lambda client: client.post(address)) == MATRIX[name][1]


@pytest.mark.parametrize("name", MATRIX)
def test_each_role_sees_what_is_declared_and_to_look_changes_nothing(db, people, address_of, name):
    address = address_of(name)
    clients = [client_of(person) for person in people.values()]
    before = rows()
    got = [(client.get(address).status_code, client.head(address).status_code) for client in clients]

    assert got == [(int(status), int(status)) for status in MATRIX[name][0].split()]
    assert rows() == before


def test_the_fingerprint_sees_a_change(db, address_of, lin):
    before = rows()
    lin.name = "林"
    lin.save()

    assert {label for label, print_ in rows().items() if print_ != before[label]} == {"pledges.User"}


@pytest.mark.parametrize("name", MATRIX)
def test_without_its_token_nothing_is_taken(db, people, address_of, name):
    address = address_of(name)
    clients = {role: client_of(person, enforce_csrf_checks=True) for role, person in people.items()}
    before = rows()

    assert {role: client.post(address).status_code for role, client in clients.items()} == dict.fromkeys(
        ROLES, 403
    )
    assert rows() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("name", ["overview", "pledge-detail", "report-create", "report-accept", "work"])
def test_no_other_way_of_asking_is_known(db, people, address_of, name, method):
    client = client_of(people["superuser"])

    assert getattr(client, method)(address_of(name)).status_code == 405


@pytest.mark.parametrize("name", ["report-accept", "report-return", "report-withdraw", "review-detail"])
def test_what_does_not_exist_reads_like_what_one_may_not_see(db, people, address_of, name):
    client = client_of(people["elsewhere"])
    ask = client.get if name == "review-detail" else client.post
    there, nowhere = ask(address_of(name)), ask(reverse(name, args=[987654321]))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert main_of(there) == main_of(nowhere)
