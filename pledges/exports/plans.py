"""The list as a sheet: the rows of the page, then the rules, the day and the filters."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.exports.xlsx import CONTENT_TYPE, MOST_ROWS, Pieces, Sheet
from pledges.exports.xlsx import pour as pour_book
from pledges.models import Campaign
from pledges.rules.numbers import format_number
from pledges.tables import PledgeTable, sheet_rows
from pledges.wording import day_words

__all__ = ["CONTENT_TYPE", "MOST_ROWS", "filename", "pour"]


def filename(campaign: Campaign, day: date) -> str:
    """A name that says what it is and of which day."""
    return f"{campaign.code}-{day:%Y-%m-%d}.xlsx"


def pour(table: PledgeTable, campaign: Campaign, *, day: date, filters: Iterable[str]) -> Pieces:
    """The whole filtered list, every page of it, in pieces: written while it is read and judged in batches."""
    rows = sheet_rows(table, campaign)
    heads, notes = next(rows), about(campaign, day=day, filters=filters)
    yield from pour_book([Sheet(campaign.name, heads, rows, notes=notes)])


def about(campaign: Campaign, *, day: date, filters: Iterable[str]) -> list[str]:
    """What a reader of the sheet must know beside the numbers."""
    chosen = pgettext("list", ", ").join(filters)
    words = [
        _("%(campaign)s, as of %(day)s") % {"campaign": campaign.name, "day": day_words(day)},
        *([_("Filters: %(filters)s") % {"filters": chosen}] if chosen else []),
        _(
            "Lights: up to %(yellow)s points behind the trajectory is on track, up to %(red)s behind, "
            "more than that or a milestone passed unmet is an alert. "
            "Points are percentage points of the whole goal."
        )
        % {"yellow": format_number(campaign.yellow_points), "red": format_number(campaign.red_points)},
    ]
    if campaign.is_invented:
        words.append(_("Rehearsal data: the progress in this sheet is invented."))
    return words
