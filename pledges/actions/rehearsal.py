"""A rehearsal year: the same promises moved to the current year, with made-up progress that says so.

The whole year is written in advance from the pledge's number and the year; a load inserts what is said by its
day. Where people have said or decided something themselves, the made-up year of that pledge ends.
"""

import json
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, cycle
from random import Random
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pledges.actions.accounts import Cast, demo_accounts, sync_cast
from pledges.actions.history import record_past_lights
from pledges.actions.order_themes import sync_themes
from pledges.actions.orders import Orders, read_orders, sync_campaign
from pledges.actions.plan_rows import Plan, sync_plan
from pledges.actions.rows import BATCH, Tally
from pledges.actions.standings import rebuild_standings
from pledges.choices import Basis, CampaignKind, ReportState
from pledges.models import Campaign, Pledge, ProgressReport, User
from pledges.queries.board import for_judging
from pledges.queries.facts import trajectory_of
from pledges.rules.rehearsal import Fate, Habit, Planned, Script, written

__all__ = ["demo_accounts", "load_rehearsal"]

ORDERS_OF = 2022
REHEARSED = UUID("0b6f6d58-9a37-4f0a-8f77-5f2b7a3e2026")
"""Names the made-up reports, so that a second load knows them again."""

SAID_AT, DECIDED_AT = time(8, 30), time(9, 30)
DAYS_SPREAD = 28
STRIDE = 5
"""Report days go round the month in such steps, so that somebody reports on every day."""

LINES = (
    *(Fate.STEADY, Fate.AHEAD, Fate.STEADY, Fate.SLOW, Fate.AHEAD, Fate.STEADY, Fate.STALL),
    *(Fate.STEADY, Fate.LATE, Fate.STEADY, Fate.SILENT, Fate.CRAWL, Fate.NEVER),
)
STEPS = (
    *(Fate.STEADY, Fate.AHEAD, Fate.STEADY, Fate.STEADY, Fate.SLOW, Fate.STEADY, Fate.AHEAD),
    *(Fate.LATE, Fate.STEADY, Fate.AHEAD, Fate.STEADY, Fate.NEVER, Fate.STEADY, Fate.SILENT),
)
RATES = (Fate.CRAWL, Fate.SLOW, Fate.STEADY)
"""Rates are comparable on any day: these keep red, yellow and green alive from the first to the last."""

HABITS = (Habit.PROMPT, Habit.PROMPT, Habit.QUEUED, Habit.PROMPT, Habit.SLOPPY, Habit.CORRECTED)


@dataclass(frozen=True, slots=True)
class Told:
    """One made-up report with its key and the pledge it is about."""

    key: UUID
    pledge: Pledge
    planned: Planned
    corrects: UUID | None

    @property
    def decided_at(self) -> datetime:
        return _moment(self.planned.decided_on, DECIDED_AT)


def texts() -> dict[str, Any]:
    """The words of the rehearsal: its label, notes, reasons and the names of its people."""
    path = settings.BASE_DIR / "seeds" / "rehearsal.json"
    return json.loads(path.read_text(encoding="utf-8"))


def moved_to(year: int, day: date) -> date:
    """The same day of another year; the last day of a month stays the last."""
    last = monthrange(year, day.month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, day.month, last if is_last else day.day)


@transaction.atomic
def load_rehearsal(today: date) -> Tally:
    """Bring the rehearsal of today's year up to today. A second run on the same day changes nothing."""
    orders, words, tally = read_orders(ORDERS_OF), texts(), Tally()
    campaign = _campaign(orders, words, today.year, tally)
    plan = sync_plan(
        campaign,
        orders.data["pledges"],
        code_of=lambda number: f"r{today.year}-{number}",
        moved=lambda day: moved_to(today.year, day),
        tally=tally,
    )
    _sort(campaign, plan, words, tally)
    cast = sync_cast(words["people"], tally)
    heard = _tell(plan, cast, words, today=today, tally=tally)
    rebuild_standings(plan.touched_with(heard))
    record_past_lights(campaign, today=today)
    return tally


def _campaign(orders: Orders, words: dict[str, Any], year: int, tally: Tally) -> Campaign:
    name = words["campaign"].format(name=orders.data["campaign"]["name"], year=year)
    return sync_campaign(
        orders,
        tally,
        code=f"wujin-{year}-rehearsal",
        moved=lambda day: moved_to(year, day),
        kind=CampaignKind.REHEARSAL,
        name=name,
    )


def _sort(campaign: Campaign, plan: Plan, words: dict[str, Any], tally: Tally) -> None:
    """Made-up themes by words of the titles, once; what is done with them afterwards stays."""
    if campaign.themes.exists():
        return
    sorted_as = {
        number: theme["code"]
        for theme in reversed(words["themes"])
        for number, pledge in plan.pledges.items()
        if any(word in pledge.title for word in theme["words"])
    }
    sync_themes(campaign, words["themes"], sorted_as, tally)


def scripts(pledges: Iterable[Pledge]) -> Iterator[tuple[Pledge, Script]]:
    """What happens to each pledge: all fates come up in turn, kind by kind.

    Anchors report and are decided on the first day of the month, so that no light is ever missing.
    """
    lines, steps, rates = cycle(LINES), chain([Fate.AT_ONCE], cycle(STEPS)), cycle(RATES)
    for place, pledge in enumerate(pledges):
        trajectory, campaign = trajectory_of(pledge), pledge.campaign
        is_rate = trajectory.basis in Basis.rates
        turns = rates if is_rate else lines if trajectory.has_line(campaign.small_count) else steps
        fate = next(turns)
        is_anchor = is_rate or fate == Fate.AT_ONCE
        habit = Habit.SWIFT if is_anchor else HABITS[place % len(HABITS)]
        report_day = 1 if is_anchor else 1 + STRIDE * place % DAYS_SPREAD
        yield pledge, Script(trajectory, campaign.starts_on, campaign.ends_on, fate, habit, report_day)


def whole_year(plan: Plan) -> dict[UUID, Told]:
    """Every made-up report of the year by its key, in the order in which each pledge's are said."""
    ids = [pledge.pk for pledge in plan.pledges.values()]
    stored = Pledge.objects.filter(pk__in=ids).counted().order_by("number")
    told = dict[UUID, Told]()
    for pledge, script in scripts(for_judging(stored)):
        # Seeded by pledge and year, never by the day of the load: made-up figures keep no secret.
        said = written(script, Random(f"{script.starts_on.year}-{pledge.number}"))  # noqa: S311
        keys = [uuid5(REHEARSED, f"{pledge.code}/{at}/{p.as_of}/{p.value}") for at, p in enumerate(said)]
        for key, planned in zip(keys, said, strict=True):
            corrects = None if planned.corrects is None else keys[planned.corrects]
            told[key] = Told(key, pledge, planned, corrects)
    return told


def _tell(plan: Plan, cast: Cast, words: dict[str, Any], *, today: date, tally: Tally) -> list[Pledge]:
    """Insert what is said by today, decide what is decided by today; returns the pledges it is about."""
    told = whole_year(plan)
    stored = ProgressReport.objects.filter(pledge__campaign=next(iter(plan.pledges.values())).campaign)
    known = {report.key: report for report in stored}
    own = _books_of_people(known.values(), told)
    due = [row for row in told.values() if row.planned.said_on <= today and row.pledge.pk not in own]
    new = [row for row in due if row.key not in known]
    waiting = [row for row in due if row.key in known and known[row.key].state == ReportState.SUBMITTED]
    decided = [row for row in waiting if row.planned.decided_on <= today]
    _insert(new, cast, words, today=today)
    for row in decided:
        _decide(row, cast.reviewer, words)
    for deed, number in (
        ("created", len(new)),
        ("changed", len(decided)),
        ("kept", len(known) - len(decided)),
    ):
        tally.add(ProgressReport, deed, number)
    return [row.pledge for row in (*new, *decided)]


def _books_of_people(known: Iterable[ProgressReport], told: dict[UUID, Told]) -> set[int]:
    """The pledges about which somebody has said or decided something that was not made up."""
    return {
        report.pledge_id
        for report in known
        if report.key not in told
        or (report.state != ReportState.SUBMITTED and report.reviewed_at != told[report.key].decided_at)
    }


def _insert(new: list[Told], cast: Cast, words: dict[str, Any], *, today: date) -> None:
    """Corrections come after what they correct, which must have its row by then."""
    for rows in ([row for row in new if not row.corrects], [row for row in new if row.corrects]):
        keys = [row.corrects for row in rows if row.corrects]
        corrected = dict(ProgressReport.objects.filter(key__in=keys).values_list("key", "pk"))
        reports = [_report(row, cast, words, today=today) for row in rows]
        for row, report in zip(rows, reports, strict=True):
            report.corrects_id = corrected[row.corrects] if row.corrects else None
        ProgressReport.objects.bulk_create(reports, batch_size=BATCH)


def _report(row: Told, cast: Cast, words: dict[str, Any], *, today: date) -> ProgressReport:
    planned = row.planned
    return ProgressReport(
        pledge=row.pledge,
        as_of=planned.as_of,
        value=planned.value,
        typed_value=planned.value,
        note=f"{words['label']}：{words['notes'][planned.words]}",
        key=row.key,
        department_id=row.pledge.department_id,
        author=cast.reporters[row.pledge.department_id],
        submitted_at=_moment(planned.said_on, SAID_AT),
        **(_decision(row, cast.reviewer, words) if planned.decided_on <= today else {}),
    )


def _decision(row: Told, reviewer: User, words: dict[str, Any]) -> dict[str, Any]:
    """What the reviewer made of a report."""
    is_returned = row.planned.state == ReportState.RETURNED
    reason = words["reasons"][row.planned.as_of.month % len(words["reasons"])] if is_returned else ""
    return {
        "state": row.planned.state,
        "reviewer": reviewer,
        "reviewed_at": row.decided_at,
        "return_reason": f"{words['label']}：{reason}" if reason else "",
    }


def _decide(row: Told, reviewer: User, words: dict[str, Any]) -> None:
    """A conditional UPDATE: whoever decided meanwhile was first."""
    waiting = ProgressReport.objects.filter(key=row.key, state=ReportState.SUBMITTED)
    waiting.update(**_decision(row, reviewer, words))


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
