"""What all measurements share: a plan to measure on, medians in turns, a floor, memory, and the file of results.

A figure is worth as much as what it is held against: everything that is compared is measured in the same run,
by turns, so that a machine that is busy is busy for all of it.
"""

import json
import os
import platform
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges.actions.plans import MARK, Order, make_plan
from pledges.choices import CampaignKind, Role
from pledges.models import Campaign, Department, Membership, Pledge, Reminder, User

RESULTS = Path(__file__).parent / "results"
ROUNDS = 10
PLEDGES_EACH = 40
"""A department has so many pledges, however large the plan: its page must not notice."""

MOST_DEPARTMENTS = 1_000
DAY = 200
"""Measured is this day of the plan's year: some things done, some late, much to come."""

EMPTY_PAGE = "/password/changed/"
"""A page for people who have signed in that shows nothing: what Django and the frame cost."""

KILOBYTE = 1024
TINY = 100
CLOCKS = {"wall": perf_counter, "cpu": process_time}
"""Time as people have it; or only that of this process, which a busy machine does not falsify (nor does it know a server)."""
Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured. `floor` is what it cannot be cheaper than, in the same unit; `most` the promise."""

    what: str
    value: float
    unit: str = "ms"
    floor: float | None = None
    most: float | None = None
    queries: int | None = None
    size: int | None = None
    remark: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor; the figure itself where it is promised without one."""
        return self.value / self.floor if self.floor else None

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None where nothing is promised."""
        if self.most is None:
            return None
        return (self.value if self.floor is None else self.value / self.floor) <= self.most

    def words(self) -> str:
        """One line."""
        parts = [f"{self.what}: {self.value:,.2f} {self.unit}"]
        if self.floor is not None:
            parts.append(f"floor {self.floor:,.2f}, ratio {self.value / self.floor:.2f}")
        if self.queries is not None:
            parts.append(f"{self.queries} queries")
        if self.size is not None:
            parts.append(f"{self.size:,} bytes")
        if self.most is not None:
            parts.append(f"promised {self.most:g}: {'holds' if self.holds else 'DOES NOT HOLD'}")
        return ", ".join([*parts, self.remark] if self.remark else parts)

    def told(self) -> dict[str, Any]:
        """As the file of results keeps it."""
        kept = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        told = {"ratio": self.ratio, "holds": self.holds}
        return kept | {name: value for name, value in told.items() if value is not None}


@dataclass(slots=True)
class Bench:
    """A plan of a size in a database, and what was measured on it."""

    name: str
    size: int
    rounds: int = ROUNDS
    clock: str = "wall"
    departments: int = 0
    """So many; 0 for as many as such a plan has, `PLEDGES_EACH` pledges in each."""
    figures: list[Figure] = field(default_factory=list)
    _campaign: Campaign | None = None

    @property
    def order(self) -> Order:
        departments = self.departments or min(max(self.size // PLEDGES_EACH, 1), MOST_DEPARTMENTS)
        return Order(self.size, departments, self.size * 7 // 2, 1, date(2026, 11, 20))

    @property
    def is_tiny(self) -> bool:
        """Whether it is only to be seen that the script still runs."""
        return self.size < TINY

    @property
    def campaign(self) -> Campaign:
        """The plan; made where an earlier run has not left it."""
        if self._campaign is None:
            self._campaign = Campaign.objects.filter(code=self.order.code).first() or make_plan(self.order)
            settle()
        return self._campaign

    @property
    def day(self) -> date:
        return self.campaign.starts_on + timedelta(days=DAY)

    @contextmanager
    def as_rehearsal(self) -> Iterator[None]:
        """Plans for measuring remind nobody; for these minutes this one is a rehearsal."""
        own = Campaign.objects.filter(pk=self.campaign.pk)
        own.update(kind=CampaignKind.REHEARSAL)
        try:
            yield
        finally:
            Reminder.objects.filter(campaign=self.campaign).delete()
            own.update(kind=CampaignKind.SYNTHETIC)

    def department(self) -> Department:
        """One of the plan's departments."""
        return Department.objects.filter(pledges__campaign=self.campaign).order_by("order")[0]

    def pledges(self) -> Any:
        return Pledge.objects.filter(campaign=self.campaign).order_by("pk")

    def person(self, name: str, role: Role, department: Department | None = None) -> User:
        """Somebody who can sign in, with one role."""
        person, _is_new = User.objects.get_or_create(
            username=f"{MARK}{name}", defaults={"name": name, "email": f"{name}@example.gov.cn"}
        )
        Membership.objects.get_or_create(user=person, role=role, department=department)
        return person

    def client(self) -> Client:
        """The browser of a leader, who sees everything."""
        client = Client(HTTP_HOST="localhost")
        client.force_login(self.person("leader", Role.LEADER))
        return client

    def add(self, figure: Figure) -> Figure:
        self.figures.append(figure)
        sys.stdout.write(f"{figure.words()}\n")
        sys.stdout.flush()
        return figure

    def keep(self) -> int:
        """Write the file of results; 1 where a promise does not hold."""
        RESULTS.mkdir(exist_ok=True)
        told = {
            "name": self.name,
            "database": connection.vendor,
            "size": self.size,
            "clock": self.clock,
            "rounds": self.rounds,
            "peak_mb": round(peak_mb()),
            "machine": machine(),
            "figures": [figure.told() for figure in self.figures],
        }
        path = RESULTS / f"{self.name}-{connection.vendor}-{self.size}.json"
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        broken = [figure for figure in self.figures if figure.holds is False]
        sys.stdout.write(f"peak {peak_mb():.0f} MB; {len(broken)} promises do not hold\n")
        return 1 if broken else 0


def page(client: Client, address: str) -> bytes:
    """A page, and nothing but a page."""
    answer = client.get(address)
    if answer.status_code != 200:  # noqa: PLR2004
        raise SystemExit(f"{address}: {answer.status_code}")
    return answer.getvalue() if answer.streaming else answer.content


def medians(*acts: Act, bench: Bench) -> list[float]:
    """Milliseconds of each, once warm, by turns."""
    times: list[list[float]] = [[] for _act in acts]
    for round_ in range(1 if bench.is_tiny else bench.rounds + 1):
        for act, own in zip(acts, times, strict=True):
            spent = timed(act, clock=bench.clock)
            if round_ or bench.is_tiny:
                own.append(spent)
    return [median(own) for own in times]


def timed(act: Act, *, clock: str = "wall") -> float:
    """Milliseconds of one go."""
    now = CLOCKS[clock]
    began = now()
    act()
    return 1000 * (now() - began)


def late(times: Iterable[float]) -> float:
    """What nineteen in twenty stay below."""
    return quantiles(times, n=20)[-1]


def statements(act: Act) -> list[str]:
    """The SQL of one go."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries]


def fetched(sql: str, values: Iterable[Any] = ()) -> list[tuple]:
    """Hand-written SQL and its rows."""
    with connection.cursor() as cursor:
        # Without values a per cent sign means itself.
        cursor.execute(sql, list(values) or None)
        return cursor.fetchall() if cursor.description else []


def settle() -> None:
    """What a server does by itself minutes after rows were loaded: count them, and tidy up."""
    if not connection.in_atomic_block:
        fetched("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def scans(sql: str) -> list[str]:
    """The steps of the plan of a statement that read a whole table of ours, by the name of the table."""
    if connection.vendor == "postgresql":
        plan = fetched(f"EXPLAIN (FORMAT JSON) {sql}")[0][0]
        nodes = json.loads(plan) if isinstance(plan, str) else plan
        return sorted(_sequential(nodes[0]["Plan"]))
    steps = [step for *_rest, step in fetched(f"EXPLAIN QUERY PLAN {sql}")]
    return sorted(step for step in steps if step.startswith("SCAN ") and "INDEX" not in step)


def _sequential(node: dict[str, Any]) -> set[str]:
    own = {f"{node['Relation Name']}"} if node["Node Type"] == "Seq Scan" else set()
    return own.union(*(_sequential(child) for child in node.get("Plans", ())))


def peak_mb() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTE


def machine() -> dict[str, Any]:
    """What the figures come from, without names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / KILOBYTE**3
    server = fetched(
        "SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()"
    )
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory, 1),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "system": platform.system(),
        "database": f"{connection.vendor} {server[0][0]}",
    }
