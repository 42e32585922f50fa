"""The whole board of a day as a workbook: the counts by department, then every pledge with its reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.choices import Light
from pledges.exports.plans import about
from pledges.exports.xlsx import CONTENT_TYPE, MOST_ROWS, Pieces, Sheet
from pledges.exports.xlsx import pour as pour_book
from pledges.models import Campaign
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import counts_on, departments_on, with_light
from pledges.tables import JudgedData, PledgeTable, sheet_rows

__all__ = ["CONTENT_TYPE", "MOST_ROWS", "filename", "pour"]


def filename(campaign: Campaign, day: date) -> str:
    """A name that says what it is and of which day."""
    return f"{campaign.code}-board-{day:%Y-%m-%d}.xlsx"


def pour(pledges: PledgeQuerySet, campaign: Campaign, *, day: date) -> Pieces:
    """Two sheets, written while they are read; under the first stand the day and the rules."""
    sheets = (each(pledges, campaign, day=day) for each in (_counts, _items))
    yield from pour_book(sheets)


def _counts(pledges: PledgeQuerySet, campaign: Campaign, *, day: date) -> Sheet:
    heads = [_("Department"), *(f"{light.label}" for light in Light), _("All")]
    rows: list[Sequence[Any]] = [
        [row.department.name, *row.counts.by_light.values(), row.counts.total]
        for row in departments_on(pledges, day=day)
    ]
    once = counts_on(pledges, day=day)
    rows.append([_("All, what is shared counted once"), *once.by_light.values(), once.total])
    notes = about(campaign, day=day, filters=())
    return Sheet(pgettext("sheet", "Counts"), heads, rows, notes=notes)


def _items(pledges: PledgeQuerySet, campaign: Campaign, *, day: date) -> Sheet:
    """Judged a batch at a time, in printed order."""
    lit = with_light(pledges, day=day)
    rows = sheet_rows(PledgeTable(JudgedData(lit, day=day), order_by=["number"]), campaign)
    return Sheet(pgettext("sheet", "Pledges"), next(rows), rows)
