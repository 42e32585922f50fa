"""The list of 50: every sort, page 1 and deep, every filter. Floor: a page that shows nothing, the rows of the page
and the counts around it in hand-written SQL, and the table of those rows drawn by tables2 with its own row template.
"""

from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.kit import EMPTY_PAGE, Bench, Figure, fetched, medians, page, scans
from pledges.queries.board import in_campaign, with_light
from pledges.tables import JudgedData, PledgeTable

ROWS, MORE_ROWS = 50, 100
RATIO, MS_PER_ROW = 2, 0.25
SORTS = (
    "light",
    "-light",
    "number",
    "-number",
    "department",
    "-department",
    "next_due",
    "-next_due",
    "as_of",
    "-as_of",
)
DEEP_SORTS = ("light", "number", "next_due")
FILTERS = (
    "light=red",
    "light=red&light=yellow",
    "basis=cumulative",
    "due=2026-06",
    "due_within=30",
    "overdue=1",
    "overdue=0",
    "stretch=1",
    "closing=closed",
    "closing=ripe",
    "extended=1",
    "changed=new-red",
    "q=合成",
    "q=0000017",
)

STANDING = "JOIN pledges_standing s ON s.pledge_id = p.id AND s.since <= %s AND s.until >= %s"
KEYS = f"SELECT p.id FROM pledges_pledge p {STANDING} WHERE p.campaign_id = %s ORDER BY {{order}} LIMIT 50"
ORDERS = {
    "light": "s.rank, p.number",
    "number": "p.number",
    "department": "p.department_id, p.number",
    "next_due": "(SELECT MIN(due) FROM pledges_milestone m WHERE m.pledge_id = p.id AND m.due >= s.since), p.number",
    "as_of": "(SELECT MAX(as_of) FROM pledges_progressreport r WHERE r.pledge_id = p.id), p.number",
}
COUNTS = f"""
    SELECT s.light, s.reason, p.stretch, COUNT(*) FROM pledges_pledge p {STANDING}
    WHERE p.campaign_id = %s GROUP BY 1, 2, 3
"""


def measure(bench: Bench) -> None:
    client, root = bench.client(), f"/campaigns/{bench.campaign.code}/pledges/?on={bench.day}&per_page={ROWS}"
    lines = _lines(bench)
    few = 1 if bench.is_tiny else None
    for sort in SORTS[:few]:
        times = _against(bench, client, f"{root}&sort={sort}", sort.removeprefix("-"), lines)
        _tell(bench, client, f"sort {sort}", f"{root}&sort={sort}", times)
    last = max(bench.size // ROWS, 1)
    for sort in DEEP_SORTS[:few]:
        address = f"{root}&sort={sort}&page={last}"
        times = _against(bench, client, address, sort, lines)
        _tell(bench, client, f"sort {sort}, page {last}", address, times)
    for asked in FILTERS[:few]:
        times = _against(bench, client, f"{root}&{asked}", "light", lines)
        _tell(bench, client, asked, f"{root}&{asked}", times)
    _further_rows(bench, client, root)


def _lines(bench: Bench) -> list:
    lit = with_light(in_campaign(bench.campaign, bench.person("leader", "leader")), day=bench.day)
    return JudgedData(lit.order_by("number"), day=bench.day)[0:ROWS]


def _against(bench: Bench, client: Client, address: str, order: str, lines: list) -> tuple[float, float]:
    """The floor and the page, by turns."""
    table, days = PledgeTable(lines), [bench.day, bench.day, bench.campaign.pk]
    table.paginate(per_page=ROWS)
    empty, keys, counts, drawn, took = medians(
        lambda: page(client, EMPTY_PAGE),
        lambda: fetched(KEYS.format(order=ORDERS[order]), days),
        lambda: fetched(COUNTS, days),
        lambda: render_to_string("pledges/parts/table.html", {"table": table}),
        lambda: page(client, address),
        bench=bench,
    )
    return empty + keys + counts + drawn, took


def _tell(bench: Bench, client: Client, what: str, address: str, times: tuple[float, float]) -> None:
    floor, took = times
    with CaptureQueriesContext(connection) as captured:
        content = page(client, address)
    read = sorted({scan for query in captured.captured_queries for scan in _scans(query["sql"])})
    figure = Figure(what, took, floor=floor, most=RATIO, queries=len(captured), size=len(content))
    bench.add(figure)
    # On a table of a few pages a scan is the right plan.
    most = 0 if bench.size >= 100_000 else None  # noqa: PLR2004
    bench.add(Figure(f"{what}: tables read whole", len(read), "tables", most=most, remark=", ".join(read)))


def _scans(sql: str) -> list[str]:
    """Whole tables of a plan that a statement reads; the few departments are not among them."""
    if not sql.startswith("SELECT"):
        return []
    heavy = ("pledges_pledge", "pledges_standing", "pledges_milestone", "pledges_progressreport")
    return [scan for scan in scans(sql) if any(table in scan for table in heavy)]


def _further_rows(bench: Bench, client: Client, root: str) -> None:
    few, many = medians(
        lambda: page(client, root),
        lambda: page(client, f"{root.replace(f'per_page={ROWS}', f'per_page={MORE_ROWS}')}"),
        bench=bench,
    )
    bench.add(Figure("a further row", (many - few) / (MORE_ROWS - ROWS), most=MS_PER_ROW))
