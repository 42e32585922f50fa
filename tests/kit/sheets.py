"""Filled-in sheets of tests: made from the product's own form, sent in through its own page."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from pledges.actions.sheets import Read, keep_sheet
from pledges.exports.filling import HEADS, render
from pledges.importers.uploads import read_upload
from pledges.models import Campaign, SheetUpload, User
from pledges.queries.sheets import forms_of, reportable
from tests.cast import MIDSUMMER

COLUMN = {column: at for at, column in enumerate(HEADS, start=1)}
Said = Mapping[str, Any]
"""What is filled in for a pledge, by column."""


def form_of(user: User, campaign: Campaign, *, today: date = MIDSUMMER) -> bytes:
    """The empty form of a person."""
    return render(forms_of(reportable(user, campaign, day=today), today=today), campaign, today=today)


def filled(form: bytes, said: Mapping[str, Said]) -> bytes:
    """The form with what is said of some pledges, by their codes."""
    book = load_workbook(io.BytesIO(form))
    for row in book.worksheets[0].iter_rows(min_row=2):
        for column, value in said.get(row[COLUMN["pledge"] - 1].value, {}).items():
            row[COLUMN[column] - 1].value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def uploaded(user: User, campaign: Campaign, content: bytes, name: str = "a.xlsx") -> SheetUpload:
    """A sheet that was read and waits for its owner."""
    rows = read_upload(name, content, owner=user)
    return keep_sheet(Read(name, "0" * 64, rows), owner=user, campaign=campaign, key=uuid4())


def send_in(client: Any, campaign: Campaign, content: bytes, name: str = "a.xlsx", **more: str) -> Any:
    """The file through the page, as its owner sends it."""
    form = {"key": str(uuid4()), "sheet": SimpleUploadedFile(name, content)} | more
    return client.post(reverse("sheet", args=[campaign.code]), form)
