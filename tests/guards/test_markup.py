"""Whatever is typed stays text: on every page, in every letter, sheet, document and calendar."""

from collections import Counter

import pytest
from django.db import transaction

from pledges.models import Briefing, Letter, SheetUpload, User
from tests.kit.board import tell
from tests.kit.desks import THURSDAY, on_the_desk_of, written
from tests.kit.one_of_each import client_of
from tests.kit.paper import a_briefing
from tests.kit.payloads import PAYLOADS, fill, harmless, named, text_for, typed_fields
from tests.kit.shapes import of_mail, shape_of
from tests.test_matrix import MATRIX

# What is shown is decided above the database; that every page opens on each of them is in faults/test_fuzz.py.
pytestmark = pytest.mark.static

TURNS = range(2)
DOWNLOADS = ("sheet-download",)
MORE = {
    "pledge-list": [{"format": "xlsx"}, {"q": "<b>"}],
    "overview": [{"on": "2022-09-30", "than": "2022-06-30"}],
}
"""Addresses that show something else when asked in another way."""


def readers_of(name: str, people) -> list:
    """Of those who see a page, the one who sees most."""
    seen = [role for role, status in zip(people, MATRIX[name][0].split(), strict=True) if status == "200"]
    wanted = [role for role in ("superuser", "leader", "reporter") if role in seen]
    return [people[role] for role in wanted[:1]] or [people[role] for role in seen[:1]]


def crawl(people, address_of, rooms, names=MATRIX) -> dict[str, Counter]:
    """The shape of every answer there is."""
    shapes = {}
    for name in names:
        for person in readers_of(name, people):
            for number, query in enumerate([{}, *MORE.get(name, [])]):
                answer = client_of(person).get(address_of(name), query)
                shapes[f"{name} {person and person.username} {number}"] = shape_of(answer)
    for name in DOWNLOADS:
        shapes[name] = shape_of(client_of(people["reporter"]).post(address_of(name)))
    shapes["audit-list"] = shape_of(client_of(people["leader"]).get(address_of("audit-list")))
    for room in rooms:
        shapes[room] = shape_of(client_of(people["superuser"]).get(room))
    return shapes


def shapes_with(
    turn, people, board, address_of, rooms, *, names=MATRIX, is_harmless=False
) -> tuple[dict, set[str]]:
    """Fill every text, walk every address and read every letter; afterwards nothing of it stays."""
    with transaction.atomic():
        found = fill(turn, is_harmless=is_harmless)
        typed = fill_sheet(turn, is_harmless=is_harmless)
        mine = User.objects.get(username="li")
        Briefing.objects.all().delete()
        pledge = board.urged
        a_briefing(pledge.campaign, by=mine)
        tell(pledge.campaign.pledges.get(code=typed))
        shapes = crawl({role: again(person) for role, person in people.items()}, address_of, rooms, names)
        for person in (again(people["reporter"]), mine):
            shapes[f"letter of {person.username}"] = of_mail(letter_of(person).raw)
        transaction.set_rollback(True)
    return shapes, found


def letter_of(person):
    on_the_desk_of(User.objects.get(username="lin"))
    newest = Letter.objects.filter(key__startswith="daily|").latest("pk")
    Letter.objects.filter(pk=newest.pk).update(recipient=person)
    return written(newest, THURSDAY)


def again(person):
    return person and User.objects.get(pk=person.pk)


def fill_sheet(turn: int, *, is_harmless: bool) -> str:
    """What was typed into a sheet; returns the code of its pledge."""
    sheet = SheetUpload.objects.get()
    code = sheet.rows[0]["cells"]["pledge"]
    text = text_for(99, turn, 1900)
    text = harmless(text) if is_harmless else text
    rows = [
        {**sheet.rows[0], "line": 2},
        {"line": 3, "cells": dict.fromkeys(sheet.rows[0]["cells"], text), "faults": {}},
    ]
    SheetUpload.objects.filter(pk=sheet.pk).update(rows=rows)
    return code


def differences(first: dict, second: dict) -> dict[str, list]:
    """What is in one and not in the other."""
    assert set(first) == set(second)
    return {
        name: sorted((first[name] - second[name]) + (second[name] - first[name]))
        for name in first
        if first[name] != second[name]
    }


@pytest.fixture
def rooms(board) -> list[str]:
    """The lists and forms of the administration."""
    from django.contrib import admin  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    found = []
    for model in admin.site._registry:
        if model._meta.app_label != "pledges" or not (row := model._base_manager.first()):
            continue
        address = reverse(f"admin:pledges_{model._meta.model_name}_changelist")
        found += [address, f"{address}{row.pk}/change/"]
    return found


@pytest.mark.parametrize("turn", TURNS)
def test_what_is_typed_changes_the_words_and_nothing_else(people, board, address_of, rooms, turn):
    meant_ill, found = shapes_with(turn, people, board, address_of, rooms)
    calm, _same = shapes_with(turn, people, board, address_of, rooms, is_harmless=True)

    changed = differences(meant_ill, calm)
    assert {name: changed[name][:5] for name in changed} == {}
    assert {named(each) for each in typed_fields()} - found == set()


FEW = (
    "overview",
    "pledge-detail",
    "pledge-list",
    "department-detail",
    "blocker-list",
    "letter-detail",
    "review-detail",
)


def test_without_escaping_it_would(people, board, address_of, rooms, monkeypatch):
    """The twin: with every text let through as it is, pages, letters and the administration change their shape."""
    some = rooms[:4]
    calm, _found = shapes_with(0, people, board, address_of, some, names=FEW, is_harmless=True)
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    meant_ill, _found = shapes_with(0, people, board, address_of, some, names=FEW)

    changed = {name.partition(" ")[0] for name in differences(meant_ill, calm)}
    assert {*FEW, "letter"} <= changed
    assert changed & set(some)


def test_the_payloads_are_many_and_each_is_typed_somewhere():
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 60
    longest = text_for(0, 0, None)

    assert [payload for payload in PAYLOADS if payload not in longest] == []
