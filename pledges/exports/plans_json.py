"""Plans and boards for machines, with the fields of the contract. Streamed, a batch at a time."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils import translation

from pledges.choices import Direction, Language
from pledges.models import Campaign, Milestone, Pledge
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import Counts, counts_on, departments_on, for_judging, with_light
from pledges.queries.facts import Line, judged
from pledges.wording import why

BATCH = 500
ORDER = ("done", "green", "yellow", "red", "grey")
THRESHOLDS = (
    *("yellow_points", "red_points", "due_soon_days", "small_count"),
    *("report_day", "cycle_months", "statistics_lag_days"),
)

Row = dict[str, Any]


def plain(value: Decimal | None) -> str | None:
    """A number as text: no exponent, no idle zeros, no commas."""
    if value is None:
        return None
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def comparator(pledge: Pledge) -> str:
    """The sign between the value and the target."""
    sign = ">" if pledge.direction == Direction.AT_LEAST else "<"
    return sign if pledge.strict else f"{sign}="


def plan_json(campaign: Campaign) -> Iterator[str]:
    """An array with one object per milestone, in the order of the pledges' numbers and of the deadlines."""
    # The fields of the contract; where the office has sorted a plan, its theme as one more.
    is_sorted = campaign.themes.exists()
    yield from _array(
        _milestone_row(campaign, pledge, stone) | (_sorting(pledge) if is_sorted else {})
        for pledge in _in_batches(Pledge.objects.filter(campaign=campaign))
        for stone in sorted(pledge.milestones.all(), key=lambda stone: stone.due)
    )
    yield "\n"


def board_json(campaign: Campaign, *, day: date) -> Iterator[str]:
    """What the overview shows for a day, with the judgement of every pledge."""
    pledges = Pledge.objects.filter(campaign=campaign)
    head = {
        "campaign": campaign.code,
        "on": day.isoformat(),
        "thresholds": {name: _plain_setting(getattr(campaign, name)) for name in THRESHOLDS},
        "counts": _counts(counts_on(pledges, day=day)),
        "departments": [
            {"name": row.department.name, "counts": _counts(row.counts)}
            for row in departments_on(pledges, day=day)
        ],
    }
    yield f'{_dumped(head)[:-1]}, "pledges": '
    yield from _array(_board_rows(with_light(pledges, day=day), day))
    yield "}\n"


def _array(rows: Iterable[Row]) -> Iterator[str]:
    glue = "["
    for row in rows:
        yield f"{glue}\n{_dumped(row)}"
        glue = ","
    yield "[]" if glue == "[" else "\n]"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _in_batches(pledges: PledgeQuerySet) -> Iterator[Pledge]:
    related = pledges.order_by("number").select_related("department", "theme", "subset_of", "shared_with")
    yield from related.prefetch_related("milestones").iterator(chunk_size=BATCH)


def _milestone_row(campaign: Campaign, pledge: Pledge, stone: Milestone) -> Row:
    return {
        "campaign": campaign.code,
        "department": pledge.department.name,
        "pledge": pledge.code,
        "title": pledge.title,
        "kind": "deliverable" if pledge.is_deliverable else "number",
        "basis": pledge.basis,
        "direction": pledge.direction,
        "comparator": comparator(pledge),
        "metric": pledge.metric,
        "unit": pledge.unit,
        "target": plain(stone.target),
        "due": stone.first_due.isoformat(),  # the plan as it was promised, like its words
        "due_words": stone.due_words,
        "stretch": pledge.stretch,
        "subset_of": pledge.subset_of.code if pledge.subset_of else None,
        "shared_with": pledge.shared_with.code if pledge.shared_with else None,
        "quote": pledge.quote,
        "article": campaign.article.code if campaign.article else None,
        "span": None if pledge.span_start is None else [pledge.span_start, pledge.span_end],
    }


def _sorting(pledge: Pledge) -> Row:
    """The office's own theme, never the source's."""
    return {"theme": pledge.theme.code if pledge.theme else None}


def _plain_setting(value: Decimal | int) -> str | int:
    return value if isinstance(value, int) else f"{plain(value)}"


def _counts(counts: Counts) -> dict[str, int]:
    return {light: counts[light] for light in ORDER}


def _board_rows(pledges: PledgeQuerySet, day: date) -> Iterator[Row]:
    """Judged a batch at a time, so that the figures of a whole nation are never in memory together."""
    waiting = for_judging(pledges).select_related("campaign", "department", "shared_with").order_by("number")
    found = waiting.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        with translation.override(Language.CHINESE):
            rows = [_board_row(line) for line in judged(batch, today=day)]
        yield from rows


def _board_row(line: Line) -> Row:
    verdict, lead = line.verdict, line.pledge.shared_with
    return {
        "pledge": line.pledge.code,
        "department": line.pledge.department.name,
        "light": verdict.light.value,
        "reason": why(line),
        "reason_code": verdict.reason.value,
        "expected": plain(verdict.expected),
        "actual": plain(verdict.actual),
        "as_of": _iso(verdict.as_of),
        "gap_points": plain(verdict.gap_points),
        "to_green": plain(verdict.to_green),
        "holds_until": _iso(verdict.holds_until),
        "next_due": _iso(line.next_due),
        "shared_with": lead.code if lead else None,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
