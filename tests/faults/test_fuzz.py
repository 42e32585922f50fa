"""What a seeded die throws at every address and every form is answered, and never with a fault of ours.

A thousand requests belong to every run; ten thousand are for the evening:  FUZZ_INPUTS=10000 bin/test tests/faults/test_fuzz.py
"""

import os
import time
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.cast import UserFactory
from tests.kit.fuzz import Form, Fuzzer, House, forms_of, shown
from tests.kit.numbered import count_on
from tests.kit.served import session_of
from tests.test_matrix import MATRIX

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

INPUTS = os.environ.get("FUZZ_INPUTS")
"""How many in all: a thousand on SQLite, half of it on PostgreSQL, whose statements take longer."""

PARTS = 2 if INPUTS else 1
"""So many tests, for the processes to share; each reads all the pages first."""

FIRST_SEED = int(os.environ.get("FUZZ_SEED", "0"))
MOST_SHOWN = 30


def inputs() -> int:
    return int(INPUTS) if INPUTS else 1_000 if connection.vendor == "sqlite" else 500


@pytest.fixture
def addresses(address_of) -> list[str]:
    """Every address that the resolver knows, for things that are there; of the administration, every room."""
    rooms = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        rooms += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        if (one := model._default_manager.first()) is not None:
            rooms += [
                reverse(f"{name}_{action}", args=[one.pk]) for action in ("change", "delete", "history")
            ]
    return [*map(address_of, MATRIX), *rooms]


@pytest.fixture
def fuzzer(settings, addresses, lin, sun, chen, li, boss) -> Fuzzer:
    """It has read every page that one of these people can open; the door does not lock."""
    settings.AXES_FAILURE_LIMIT = 10**6
    count_on()
    shen = UserFactory(username="shen", is_staff=True)
    shen.groups.add(Group.objects.get(permissions__codename="view_auditevent"))
    people = (shen, li, sun, chen, lin, boss)
    pages = pages_of((lin, boss, shen), addresses)
    return fuzzer_of(pages, addresses, ["", "x" * 32, *map(session_of, people)])


def fuzzer_of(pages, addresses, sessions) -> Fuzzer:
    forms = [form for form in forms_of(pages) if form.action.startswith("/")]
    # What only a button leads to is a form, too.
    posts = [Form(address, "POST", {"csrfmiddlewaretoken": ""}) for address in addresses]
    known = {(form.action, form.method) for form in forms}
    forms += [form for form in posts if (form.action, form.method) not in known]
    return Fuzzer(forms, addresses, sessions)


def pages_of(people, addresses):
    """Each page as the first of them reads it who may."""
    clients = [Client(raise_request_exception=False) for _each in people]
    for client, who in zip(clients, people, strict=True):
        client.force_login(who)
    for address in addresses:
        for client in clients:
            answer = client.get(address)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                yield address, answer.content.decode()
                break


def found_by(fuzzer: Fuzzer, seed: int, number: int) -> list[str]:
    """What went wrong; every request finds the city as it was."""
    house, found = House(), []
    for environ in fuzzer.requests(seed, number):
        with transaction.atomic():
            faults = house.faults_of(environ)
            transaction.set_rollback(True)
        found += [f"{fault} <- {shown(environ)}" for fault in faults]
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_thrown_is_answered(fuzzer, addresses, part, capsys):
    assert len(fuzzer.forms) > len(addresses)
    number, began = inputs() // PARTS, time.monotonic()
    found = found_by(fuzzer, FIRST_SEED + part, number)
    with capsys.disabled():
        pace = number / (time.monotonic() - began)
        print(f"\n{number} inputs over {len(fuzzer.forms)} forms, {pace:.0f}/s", end=" ")  # noqa: T201

    assert not found, f"{len(found)} in all\n" + "\n".join(found[:MOST_SHOWN])


def test_every_address_is_thrown_at(addresses):
    fuzzer = fuzzer_of([], addresses, [""])
    thrown = {str(each["PATH_INFO"]) for each in fuzzer.requests(FIRST_SEED, 5 * len(fuzzer.forms))}

    assert len(thrown & set(addresses)) > 0.9 * len(set(addresses))


def test_the_same_seed_throws_the_same():
    page = '<form method="post"><input name="a" value="1"></form><a href="/b/?c=2">'
    fuzzer = fuzzer_of([("/a/", page)], ["/a/", "/b/"], ["", "x" * 32])
    once, again, other = ([shown(each) for each in fuzzer.requests(seed, 50)] for seed in (7, 7, 8))

    assert once == again
    assert once != other


def test_the_fuzzer_sees_a_fault_of_ours(campaign, pledge, li, monkeypatch):
    """A test of the test: a day that is taken as it was typed."""
    monkeypatch.setattr(
        "pledges.views.overview.day_of", lambda request: date(*map(int, request.GET["on"].split("-")))
    )
    address = f"/campaigns/{campaign.code}/"
    page = '<form><input name="on" value="2022-07-01"></form>'
    fuzzer = fuzzer_of([(address, page)], [address], [session_of(li)])

    assert any(fault.startswith("500") for fault in found_by(fuzzer, 1, 60))
