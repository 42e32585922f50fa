"""A filled-in sheet on its way in: read once, kept as typed, and held against the facts whenever it is looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from pledges.actions.imports import Saying
from pledges.exports.filling import HEADS, TITLES, in_every_language
from pledges.importers.checks import Checked, check_rows
from pledges.importers.faults import SheetFault
from pledges.importers.sheets import Layout, Row, read_sheet
from pledges.models import Pledge, ProgressReport, SheetUpload, User
from pledges.queries.checks import plain_checks
from pledges.queries.previews import Preview, previews_for
from pledges.queries.reports import newest_ids
from pledges.queries.sheets import known_reports
from pledges.refusals import overtaken_words
from pledges.rules.facts import Reading
from pledges.rules.reporting import Said

READ, TOLD = ("pledge", "as_of", "value", "note"), ("as_of", "value", "note")
ASIDE = tuple(column for column in HEADS if column not in READ)
MOST_TEXT = 2_000_000
"""Characters in one sheet: a full one of five thousand rows has about a fifth of it."""

LONGEST_KEY = 19

IN_THE_FORM = frozenset({"names", "evidence"})
"""What a sheet has no column for."""


class Fate(StrEnum):
    """What becomes of a row, in the order of the page."""

    FAULT = "fault"
    NEW = "new"
    SAME = "same"
    EMPTY = "empty"


@dataclass(slots=True)
class Look:
    """A row as it is shown: what it would change, and what is wrong with it, in words."""

    row: Row
    fate: Fate
    pledge: Pledge | None = None
    saying: Saying | None = None
    was: Reading | None = None
    preview: Preview | None = None
    problems: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.row.line

    @property
    def said(self) -> Said | None:
        """What it says, where that can be read."""
        return self.saying.said if self.saying else None


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that an upload would do."""

    looks: list[Look]

    @property
    def sayings(self) -> list[Saying]:
        """What is new, in the order in which it must be said."""
        new = [look.saying for look in self.looks if look.saying and look.fate == Fate.NEW]
        return sorted(new, key=lambda saying: (saying.said.as_of, saying.line))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows meet which fate."""
        found = Counter(look.fate for look in self.looks)
        return {fate.value: found[fate] for fate in Fate}

    @property
    def can_be_taken(self) -> bool:
        """All or none: something is new, and nothing is wrong."""
        counts = self.counts
        return bool(counts[Fate.NEW]) and not counts[Fate.FAULT]

    @property
    def shown(self) -> list[Look]:
        """The rows that say something, trouble first."""
        order = list(Fate)
        rows = [look for look in self.looks if look.fate != Fate.EMPTY]
        return sorted(rows, key=lambda look: (order.index(look.fate), look.line))


def layout() -> Layout:
    """The heads in every language of the house, and the plain names of the columns."""
    heads = {word: column for column, words in HEADS.items() for word in in_every_language(words)}
    return Layout(READ, ASIDE, heads, frozenset(in_every_language(TITLES["how"])))


def read_upload(name: str, content: bytes, *, owner: User) -> list[dict[str, Any]]:
    """The rows of a file as typed, fit to be kept.

    Where a row does not say which report it knew, it is the newest of this moment. Raises SheetFault.
    """
    rows = read_sheet(name, content, layout())
    if sum(len(text) for row in rows for text in row.cells.values()) > MOST_TEXT:
        raise SheetFault("too_long")
    known = known_reports({row.cells["pledge"].strip() for row in rows}, owner)
    return [_kept(row, known) for row in rows]


def _kept(row: Row, known: dict[str, int]) -> dict[str, Any]:
    cells = dict(row.cells)
    if not cells["seen"].strip():
        cells["seen"] = str(known.get(cells["pledge"].strip(), ""))
    faults = {column: [fault.code, fault.params] for column, fault in row.faults.items()}
    return {"line": row.line, "cells": cells, "faults": faults}


def rows_in(upload: SheetUpload) -> list[Row]:
    """What was kept, as it was read."""
    return [
        Row(
            kept["line"],
            kept["cells"],
            {column: SheetFault(code, params) for column, (code, params) in kept["faults"].items()},
        )
        for kept in upload.rows
    ]


def row_key(upload: SheetUpload, line: int) -> UUID:
    """The same row of the same sheet has the same key, however often it is confirmed."""
    return uuid5(upload.key, str(line))


def reports_from(upload: SheetUpload) -> list[ProgressReport]:
    """What was reported by a sheet, as it stands now, in the order of its rows."""
    keys = [row_key(upload, kept["line"]) for kept in upload.rows]
    found = ProgressReport.objects.visible_to(upload.owner).filter(key__in=keys)
    return list(found.select_related("pledge__department").order_by("id"))


def look_at(upload: SheetUpload, *, today: date) -> Survey:
    """What the rows would do by what is known now. As many queries for any number of rows; nothing is changed."""

    def key_of(_pledge: Pledge, _said: Said, row: Row) -> UUID:
        return row_key(upload, row.line)

    rows = rows_in(upload)
    spoken = [row for row in rows if row.faults or any(row.cells[column].strip() for column in TOLD)]
    checked = check_rows(spoken, author=upload.owner, key_of=key_of, today=today)
    _refuse_strangers(checked, upload)
    _refuse_overtaken(checked)
    looks = {each.row.line: _look(each) for each in checked}
    return Survey([looks.get(row.line) or Look(row, Fate.EMPTY) for row in rows])


def _seen(row: Row) -> int | None:
    """The newest report that a row knew. One that cannot be read is a fault elsewhere."""
    text = _seen_text(row)
    return int(text) if text.isdecimal() and len(text) < LONGEST_KEY else None


def _seen_text(row: Row) -> str:
    """As it was written; an office program that saves what it shows puts marks between the thousands."""
    return row.cells["seen"].strip().replace(",", "")


def _refuse_strangers(checked: Iterable[Checked], upload: SheetUpload) -> None:
    """A sheet is of one campaign; what is of another reads like what there is not."""
    for each in checked:
        if each.pledge and each.pledge.campaign_id != upload.campaign_id:
            code = repr(each.row.cells["pledge"].strip())
            each.faults = [("pledge", _("There is no pledge %(code)s for you.") % {"code": code})]
            each.pledge = each.saying = None


def _refuse_overtaken(checked: Iterable[Checked]) -> None:
    """Somebody reported since the sheet was downloaded."""
    asking = [each for each in checked if each.pledge and not each.is_known]
    newest = newest_ids({each.pledge.book_id for each in asking if each.pledge})
    overtaken = []
    for each in asking:
        if each.pledge is None:
            continue
        known = str(newest.get(each.pledge.book_id, 0))
        if _seen_text(each.row) not in {"", known}:
            overtaken.append((each, newest.get(each.pledge.book_id, 0)))
    reports = ProgressReport.objects.select_related("author", "source").in_bulk(
        [pk for _each, pk in overtaken]
    )
    for each, pk in overtaken:
        if each.pledge:
            each.faults.append(("seen", overtaken_words(reports.get(pk), each.pledge)))


def _look(each: Checked) -> Look:
    fate = Fate.SAME if each.is_known else Fate.NEW if each.is_new else Fate.FAULT
    look = Look(each.row, fate, each.pledge)
    look.saying = replace(each.saying, seen=_seen(each.row)) if each.saying else None
    look.was = each.book.last if each.book else None
    look.problems = [_problem(column, words, each.row) for column, words in each.faults]
    return look


def _problem(column: str, words: str, row: Row) -> str:
    if column in row.faults:
        return str(row.faults[column])
    if column in IN_THE_FORM:
        return _("%(fault)s Report it through the form.") % {"fault": words}
    return _("%(column)s: %(fault)s") % {"column": HEADS[column], "fault": words}


def foretell(looks: Iterable[Look], *, today: date) -> None:
    """What each new figure would do to its light if it alone were accepted, and what a reviewer will look at."""
    new = [(look, look.saying) for look in looks if look.saying and look.fate == Fate.NEW]
    previews = previews_for([(saying.pledge, saying.said) for _look, saying in new], today=today)
    for (look, _saying), preview in zip(new, previews, strict=True):
        look.preview = preview
        look.flags = [check.flag for check in plain_checks(preview, said_on=today) if check.flag]


def problems_of(survey: Survey) -> dict[int, str]:
    """What is wrong, by row."""
    return {look.line: "\n".join(look.problems) for look in survey.looks if look.problems}
