"""The leader's page on a day that is over: no count is kept for it, so all is counted from the standings.

Floor: a page that shows nothing plus the hand-written SQL that yields the same counts: the lights of every
department on that day, what stands otherwise than a week before, and what was due then.
"""

from datetime import date, timedelta
from typing import Any

from bench.kit import EMPTY_PAGE, Bench, Figure, fetched, medians, page, peak_mb, statements
from pledges.models import KeptBoard
from pledges.queries.changes import LOOKS_BACK

DAYS = {"in its second month": 45, "in its seventh month": 185}
MOST_MS, MOST_MB = 2_000, 100
AHEAD = timedelta(days=30)

ON = "JOIN pledges_standing {name} ON {name}.pledge_id = p.id AND {name}.since <= %s AND {name}.until >= %s"
FIRST = "(p.shared_with_id IS NULL OR p.shared_with_id NOT IN (SELECT id FROM pledges_pledge WHERE campaign_id = %s))"
OF_THE_DAY = f"""
    SELECT p.department_id, now.light, p.stretch, COUNT(*), COUNT(CASE WHEN {FIRST} THEN 1 END)
    FROM pledges_pledge p {ON.format(name="now")} WHERE p.campaign_id = %s GROUP BY 1, 2, 3
"""
MOVED = f"""
    SELECT p.department_id, was.light, was.reason, now.light, now.reason, COUNT(*)
    FROM pledges_pledge p {ON.format(name="now")} {ON.format(name="was")}
    WHERE p.campaign_id = %s AND now.since > %s AND {FIRST} GROUP BY 1, 2, 3, 4, 5
"""
DUE = f"""
    SELECT COUNT(*) FROM pledges_milestone m JOIN pledges_pledge p ON p.id = m.pledge_id
    WHERE p.campaign_id = %s AND {FIRST} AND m.due BETWEEN %s AND %s
"""


def measure(bench: Bench) -> None:
    for words, number in DAYS.items():
        _measured(bench, words, bench.campaign.starts_on + timedelta(days=number))


def _measured(bench: Bench, words: str, day: date) -> None:
    if KeptBoard.objects.filter(campaign=bench.campaign, day=day).exists():
        raise SystemExit(f"the counts of {day} are kept")
    client, address = bench.client(), f"/campaigns/{bench.campaign.code}/?on={day}"
    page(client, EMPTY_PAGE)
    before = peak_mb()
    size = len(page(client, address))

    def empty() -> Any:
        return page(client, EMPTY_PAGE)

    def by_hand() -> Any:
        return _counts_by_hand(bench.campaign.pk, day)

    def ours() -> Any:
        return page(client, address)

    nothing, sql, took = medians(empty, by_hand, ours, bench=bench)
    count = len(statements(ours))
    bench.add(Figure(f"a past day {words}", took, most=MOST_MS, queries=count, size=size))
    bench.add(Figure(f"a past day {words}, beside its floor", took, floor=nothing + sql))
    bench.add(
        Figure(
            f"a past day {words}: memory beside that of an empty page", peak_mb() - before, "MB", most=MOST_MB
        )
    )


def _counts_by_hand(key: int, day: date) -> None:
    than = day - LOOKS_BACK
    fetched(OF_THE_DAY, [key, day, day, key])
    fetched(MOVED, [day, day, than, than, key, than, key])
    fetched(DUE, [key, key, day, day + AHEAD])
