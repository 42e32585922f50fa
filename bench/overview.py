"""The leader's page: what it costs on a day, counted live and with the numbers that are kept for it.

Floor: a page that shows nothing plus the hand-written SQL that yields the same counts: the lights of both days,
every change, every department, and what is due. What keeping buys is shown beside: the same page counted live, the
lights judged anew from every report, the growth since 100,000 pledges, and what comparable pages of others cost,
scaled by what an empty page costs there and here.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection

from bench.kit import EMPTY_PAGE, RESULTS, Bench, Figure, fetched, medians, page, settle, statements, timed
from pledges.actions.boards import keep_board
from pledges.models import Department, KeptBoard, Pledge
from pledges.queries.changes import LOOKS_BACK
from pledges.queries.gathered import gather

DAYS = {"an ordinary day": 200, "the day a quarter's figures are in": 100}
MOST_LIVE, MOST_KEPT = 3, 2
MOST_QUERIES, MOST_BYTES = 12, 150_000
MOST_GROWTH, BEFORE = 1.3, 100_000
"""How much dearer ten times as many pledges may be, in as many departments."""

JUDGED, LEAST_GAIN = 20_000, 8
"""So many pledges are judged anew, and the rest is reckoned; so many times quicker is what is kept."""

EMPTY_THERE = 2.05
OTHERS = {"netbox's home": (64, 0.75), "healthchecks' index of 1,000 projects": (355, 1 / 5)}
"""Milliseconds of others' pages where an empty page took `EMPTY_THERE`, and what share of them is promised."""

STANDING = (
    "JOIN pledges_standing {name} ON {name}.pledge_id = p.id AND {name}.since <= %s AND {name}.until >= %s"
)
BOTH = f"{STANDING.format(name='n')} {STANDING.format(name='t')}"
ONCE = "(p.shared_with_id IS NULL OR p.shared_with_id NOT IN (SELECT id FROM pledges_pledge WHERE campaign_id = %s))"
LIGHTS = ("red", "yellow", "green", "done", "grey")
COLUMNS = ", ".join(
    f"COUNT(CASE WHEN {side}.light = '{light}' THEN 1 END)" for side in "nt" for light in LIGHTS
)
TALLY = f"""
    SELECT p.stretch, t.light, t.reason, n.light, n.reason, COUNT(*) FROM pledges_pledge p {BOTH}
    WHERE p.campaign_id = %s AND {ONCE} GROUP BY 1, 2, 3, 4, 5
"""
DEPARTMENTS = f"""
    SELECT p.department_id, {COLUMNS} FROM pledges_pledge p {BOTH} WHERE p.campaign_id = %s GROUP BY 1
"""
DUE = f"""
    SELECT COUNT(*) FROM pledges_milestone m JOIN pledges_pledge p ON p.id = m.pledge_id
    WHERE p.campaign_id = %s AND {ONCE} AND m.due BETWEEN %s AND %s
"""


def measure(bench: Bench) -> None:
    for words, number in DAYS.items():
        _measured(bench, words, bench.campaign.starts_on + timedelta(days=number))


def _measured(bench: Bench, words: str, day: date) -> None:
    client, address = bench.client(), f"/campaigns/{bench.campaign.code}/?on={day}"

    def empty() -> Any:
        return page(client, EMPTY_PAGE)

    def by_hand() -> Any:
        return _counts_by_hand(bench.campaign.pk, day)

    def ours() -> Any:
        return page(client, address)

    nothing, sql, live = medians(empty, by_hand, ours, bench=bench)
    floor = nothing + sql
    bench.add(
        Figure(f"{words}, counted live", live, floor=floor, most=MOST_LIVE, queries=len(statements(ours)))
    )
    with _kept(bench, day):
        nothing, sql, kept = medians(empty, by_hand, ours, bench=bench)
        count, size = len(statements(ours)), len(ours())
    figure = Figure(
        f"{words}, counts kept", kept, floor=nothing + sql, most=MOST_KEPT, queries=count, size=size
    )
    bench.add(figure)
    bench.add(Figure(f"{words}: queries", count, "queries", most=MOST_QUERIES))
    bench.add(Figure(f"{words}: page", size, "bytes", most=MOST_BYTES))
    bench.add(Figure(f"{words}: kept beside live", kept / live, "×"))
    bench.add(
        Figure(f"{words}: kept beside judged anew", kept / _judged_anew(bench, day), "×", most=1 / LEAST_GAIN)
    )
    for page_of, (there, share) in OTHERS.items():
        scaled = there * nothing / EMPTY_THERE
        bench.add(Figure(f"{words}: kept beside {page_of}, scaled", kept, floor=scaled, most=share))
    _grown(bench, words, kept / nothing)


def _grown(bench: Bench, words: str, times_empty: float) -> None:
    """Against the run with fewer pledges on the same database, where there was one; an empty page divides the hour out."""
    what = f"{words}: times an empty page"
    bench.add(Figure(what, times_empty, "×"))
    path = RESULTS / f"overview-{connection.vendor}-{BEFORE}.json"
    if bench.size > BEFORE and path.exists():
        before = next(
            each["value"] for each in json.loads(path.read_text())["figures"] if each["what"] == what
        )
        bench.add(Figure(f"{what}, since 100,000", times_empty, "×", floor=before, most=MOST_GROWTH))


def _judged_anew(bench: Bench, day: date) -> float:
    """Milliseconds for the light of every pledge from its reports, as if none were stored; of many, reckoned from some."""
    campaign, sample = bench.campaign, bench.pledges()[:JUDGED]
    departments = Department.objects.filter(pledges__campaign=campaign).in_bulk()

    def judge() -> None:
        gathering = gather(
            Pledge.objects.filter(pk__in=sample.values("pk")), campaign, departments, day=day, telling=False
        )
        for each in gathering.found.values():
            each.light_on(day)

    return timed(judge, clock=bench.clock) * max(bench.size / JUDGED, 1)


def _counts_by_hand(key: int, day: date) -> None:
    than, until = day - LOOKS_BACK, day + timedelta(days=30)
    both = [day, day, than, than]
    fetched(TALLY, [*both, key, key])
    fetched(DEPARTMENTS, [*both, key])
    fetched(DUE, [key, key, day, until])


@contextmanager
def _kept(bench: Bench, day: date) -> Iterator[None]:
    """With the counts of a day kept, as the tick does for today."""
    board = keep_board(bench.campaign, day=day, than=day - LOOKS_BACK)
    settle()
    try:
        yield
    finally:
        KeptBoard.objects.filter(pk=board.pk).delete()
