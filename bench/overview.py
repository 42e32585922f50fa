"""The leader's page: what it costs on a day, counted live and with the counts that are kept for it.

Floor: a page that shows nothing plus the hand-written SQL that yields the same counts: the lights of both days,
every change, every department, and what is due. What keeping buys is shown beside: the same page without it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from bench.kit import EMPTY_PAGE, Bench, Figure, fetched, medians, page, settle, statements
from pledges.actions.boards import keep_board
from pledges.models import KeptBoard
from pledges.queries.changes import LOOKS_BACK

DAYS = {"an ordinary day": 200, "the day a quarter's figures are in": 100}
MOST_LIVE, MOST_KEPT = 3, 2
MOST_QUERIES, MOST_BYTES = 12, 150_000

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
    floor = nothing + sql
    bench.add(Figure(f"{words}, counts kept", kept, floor=floor, most=MOST_KEPT, queries=count, size=size))
    bench.add(Figure(f"{words}: queries", count, "queries", most=MOST_QUERIES))
    bench.add(Figure(f"{words}: page", size, "bytes", most=MOST_BYTES))
    bench.add(Figure(f"{words}: kept beside live", kept / live, "×"))


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
