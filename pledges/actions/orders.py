"""Load the printed orders: departments, the page, the campaign, its pledges, and what print said later.

Repeatable. The data file has the last word about the plan; the thresholds belong to the administrators.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.actions.order_themes import sync_themes
from pledges.actions.plan_rows import Plan, sync_plan
from pledges.actions.rows import Tally, sync
from pledges.actions.standings import rebuild_standings
from pledges.choices import CampaignKind, ReportState
from pledges.errors import FaultsError
from pledges.models import Campaign, Department, Pledge, ProgressReport, SourceArticle
from pledges.queries.closings import is_closed

SOURCED = UUID("6f2f6d0a-5f0e-4b7c-9a55-2f7c0f1f2022")
"""Names the reports taken from print: the same row has the same key on every machine."""

CLOSED = gettext_lazy("%(pledge)s: closed, so a printed figure was left out.")
PRINTED_ON = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Orders:
    """A year's orders as they were read from the page, and the text of the page."""

    data: dict[str, Any]
    text: str

    @property
    def year(self) -> int:
        return date.fromisoformat(self.data["campaign"]["starts_on"]).year


def read_orders(year: int) -> Orders:
    """The reviewed data file of a year and the page beside it."""
    folder = settings.BASE_DIR / "seeds"
    path = folder / f"orders-{year}.json"
    if not path.is_file():
        words = {"year": year, "path": path}
        raise FaultsError(_("There are no orders of %(year)s: %(path)s does not exist.") % words)
    data = json.loads(path.read_text(encoding="utf-8"))
    # Bytes, because spans count the code points of the file as stored, line ends included.
    return Orders(data, (folder / data["article"]["file"]).read_bytes().decode("utf-8"))


@transaction.atomic
def load_orders(year: int) -> Tally:
    """Bring the stored orders of a year in step with the data file, and judge anew what changed.

    Raises FaultsError where there is no such file.
    """
    orders, tally = read_orders(year), Tally()
    campaign = sync_campaign(orders, tally, code=orders.data["campaign"]["code"])
    plan = sync_plan(
        campaign,
        orders.data["pledges"],
        code_of=lambda number: f"{year}-{number}",
        moved=lambda day: day,
        tally=tally,
    )
    rows = orders.data["pledges"]
    said = {row["number"]: row["theme"] for row in rows if "theme" in row}
    sync_themes(campaign, orders.data.get("themes", []), said, tally)
    heard = _sync_reports(orders, plan, tally)
    rebuild_standings(plan.touched_with(heard))
    return tally


def sync_campaign(
    orders: Orders, tally: Tally, *, code: str, moved: Callable[[date], date] | None = None, **changes: Any
) -> Campaign:
    """The campaign of the orders with its departments and its page; `changes` make it another one."""
    move = moved or (lambda day: day)
    _sync_departments(orders, tally)
    row = orders.data["campaign"]
    wanted = Campaign(
        code=code,
        article=_sync_article(orders, tally),
        starts_on=move(date.fromisoformat(row["starts_on"])),
        ends_on=move(date.fromisoformat(row["ends_on"])),
        **({"name": row["name"], "kind": CampaignKind.REAL} | changes),
    )
    fields = ("name", "kind", "article_id", "starts_on", "ends_on")
    stored = Campaign.objects.filter(code=code)
    return sync(stored, [wanted], fields, key=_code, tally=tally).rows[code]


def _sync_departments(orders: Orders, tally: Tally) -> None:
    wanted = [Department(**row) for row in orders.data["departments"]]
    stored = Department.objects.filter(code__in=[department.code for department in wanted])
    sync(stored, wanted, ("name", "kind", "order"), key=_code, tally=tally)


def _sync_article(orders: Orders, tally: Tally) -> SourceArticle:
    row = orders.data["article"]
    notes = [row["year_note"], row.get("page_note", "")]
    wanted = SourceArticle(
        code=row["code"],
        title=row["title"],
        subtitle=row["subtitle"],
        text=orders.text,
        note="\n".join(note for note in notes if note),
    )
    return _sync_source(wanted, tally)


def _sync_source(wanted: SourceArticle, tally: Tally) -> SourceArticle:
    stored, fields = SourceArticle.objects.filter(code=wanted.code), ("title", "subtitle", "text", "note")
    return sync(stored, [wanted], fields, key=_code, tally=tally).rows[wanted.code]


def _code(row: Any) -> str:
    return row.code


def _sync_reports(orders: Orders, plan: Plan, tally: Tally) -> list[Pledge]:
    """What print said later, each with a source of its own; returns the pledges it is about."""
    heard = []
    for row in orders.data["reports"]:
        pledge = plan.pledges[row["pledge"]]
        source = _sync_source(_source_of(orders, row), tally)
        wanted = _sourced_report(pledge, row, source)
        is_known = ProgressReport.objects.filter(key=wanted.key).exists()
        is_refused = not is_known and is_closed(pledge)
        tally.add(ProgressReport, "kept" if is_known else "refused" if is_refused else "created")
        if is_refused:
            tally.remarks.append(CLOSED % {"pledge": pledge})
        elif not is_known:
            wanted.save()
            heard.append(pledge)
    return heard


def _source_of(orders: Orders, row: dict[str, str]) -> SourceArticle:
    """Made only of what the row states: its first words are the title, the whole is the note."""
    return SourceArticle(
        code=f"source-{orders.year}-{row['pledge']}-{row['as_of']}",
        title=row["source_note"].partition("（")[0],
        note=row["source_note"],
    )


def _sourced_report(pledge: Pledge, row: dict[str, str], source: SourceArticle) -> ProgressReport:
    """A printed figure: no author and no reviewer, but a source; said on the day of the print."""
    said = PRINTED_ON.search(row["source_note"])
    said_on = date.fromisoformat(said[0] if said else row["as_of"])
    return ProgressReport(
        pledge_id=pledge.book_id,
        as_of=date.fromisoformat(row["as_of"]),
        value=Decimal(row["value"]),
        typed_value=Decimal(row["value"]),
        note=row["source_note"],
        key=uuid5(SOURCED, f"{pledge.code}/{row['as_of']}/{row['value']}"),
        submitted_at=timezone.make_aware(datetime.combine(said_on, time())),
        state=ReportState.ACCEPTED,
        source=source,
    )
