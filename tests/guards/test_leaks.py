"""What belongs to one department is on no page, in no sheet, file, fragment or count of another's."""

import io
import zipfile
from html import unescape

import pytest
from django.urls import reverse

from pledges.models import SheetUpload
from tests.kit.board import NOON
from tests.kit.one_of_each import client_of
from tests.kit.payloads import typed_fields
from tests.test_matrix import MATRIX

# What is shown is decided above the database; that every page opens on each of them is in faults/test_fuzz.py.
pytestmark = pytest.mark.static

MARK = "机密甲"
COMMON = {"User", "Department", "Campaign", "Theme", "SourceArticle", "Fact", "SpecialDay"}
"""What everybody who signs in may read: who is who, the campaigns, what was printed."""

QUERIES = (
    {}, {"format": "xlsx"}, {"department": "jinrong"}, {"q": "机密"}, {"on": "2022-09-30"}, {"than": "2022-06-01"}, {"light": "red"},
    {"pledge": "<code>"}, {"state": "failed"}, {"show": "lines"}, {"stage": "closed"}, {"sort": "title"}, {"page": "2"}, {"per_page": "1"},
)  # fmt: skip

SIFTED = {"overview", "wall", "work", "nudge", "department-detail", "review-queue", "evidence-list"}
"""Pages besides the lists that are asked for a part of themselves."""


@pytest.fixture
def marked(board, time_machine):
    """Everything of the finance office, by name and number, on a summer day."""
    time_machine.move_to(NOON, tick=False)
    for model, field in typed_fields():
        if model.__name__ not in COMMON:
            for row in model._base_manager.exclude(**{field.name: ""}):
                text = f"{MARK}{row.pk}@example.com" if "mail" in field.name else f"{MARK}{row.pk}"
                model._base_manager.filter(pk=row.pk).update(**{field.name: text[: field.max_length]})
    sheet = SheetUpload.objects.get()
    rows = [{**row, "cells": row["cells"] | {"note": MARK}} for row in sheet.rows]
    SheetUpload.objects.filter(pk=sheet.pk).update(rows=rows)


def text_of(answer) -> str:
    """Everything that can be read in an answer, packed or not."""
    body = answer.getvalue()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    # Sheets write what is not ASCII by its number.
    return unescape(body.decode("utf-8", "replace")) + repr(answer.headers)


def seen_by(person, address_of, pledge) -> set[str]:
    """The addresses, asked in every way, that show the mark to somebody."""
    client, found = client_of(person), set()
    for name in MATRIX:
        if name in {"admin", "calendar-feed"}:  # Django's own; whoever has the address may read it
            continue
        for query in QUERIES if name.endswith("-list") or name in SIFTED else QUERIES[:1]:
            asked = {key: pledge.code if value == "<code>" else value for key, value in query.items()}
            if MARK in text_of(client.get(address_of(name), asked, headers={"HX-Request": "true"})):
                found.add(f"{name} {query}")
    for name in ("sheet-download", "report-preview", "nudge"):
        if MARK in text_of(
            client.post(address_of(name), {"codes": pledge.code, "value": "5", "department": "jinrong"})
        ):
            found.add(f"{name} POST")
    return found


def test_nothing_of_it_is_shown_to_another_department(people, marked, address_of, pledge):
    assert seen_by(people["elsewhere"], address_of, pledge) == set()


def test_the_watch_sees_it_where_it_may_be_seen(people, marked, address_of, pledge):
    """The twin: the department's own reporter finds it nearly everywhere."""
    found = {each.partition(" ")[0] for each in seen_by(people["reporter"], address_of, pledge)}

    assert {
        "pledge-list",
        "pledge-detail",
        "work",
        "sheet-detail",
        "sheet-download",
        "extension-list",
    } <= found
    assert len(found) >= 12


def test_a_feed_of_another_is_nobodys_to_revoke_or_make(people, address_of, pledge):
    """Secondary doors take keys, too: another person's key is no key."""
    client = client_of(people["elsewhere"])
    answers = [
        client.post(address_of("feed-revoke")),
        client.post(address_of("view-delete")),
        client.get(address_of("sheet-faults")),
        client.post(address_of("sheet-take")),
        client.get(address_of("evidence")),
        client.get(address_of("letter-detail")),
    ]

    assert {answer.status_code for answer in answers} == {404}
    made = client.post(reverse("feed-make"), {"department": "jinrong"})
    assert made.status_code in {403, 404}
