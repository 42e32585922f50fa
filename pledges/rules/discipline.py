"""Reporting discipline: counted apart from performance, never mixed into a light. Pure.

Every closed cycle asks each pledge for one figure (DOMAIN.md: monthly reports by the 25th). A figure serves
the cycle in which its 数据截至 lies: said by the closing day it is on time, said later it is late; a cycle
without a figure is missing. Once a pledge is done it owes nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pledges.rules.cycles import next_close
from pledges.rules.facts import Thresholds


@dataclass(frozen=True, slots=True)
class Discipline:
    """How a department reported: cycles of pledges on time, late and missing; reports returned."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    returned: int = 0

    def __add__(self, other: "Discipline") -> "Discipline":
        return Discipline(
            self.on_time + other.on_time,
            self.late + other.late,
            self.missing + other.missing,
            self.returned + other.returned,
        )


def closed_cycles(since: date, until: date, today: date, thresholds: Thresholds) -> list[date]:
    """The closing days from `since` to `until` that are over today."""
    closes, found = since, list[date]()
    while True:
        closes = next_close(closes, report_day=thresholds.report_day, cycle_months=thresholds.cycle_months)
        if closes >= today or closes > until:
            return found
        found.append(closes)
        closes = date.fromordinal(closes.toordinal() + 1)


def discipline_of(
    said: Iterable[tuple[date, date]], closes: Iterable[date], *, thresholds: Thresholds, returned: int = 0
) -> Discipline:
    """The discipline of one pledge from pairs of (figure true on, said on) that were not returned."""
    serves: dict[date, date] = {}
    for as_of, said_on in said:
        cycle = next_close(as_of, report_day=thresholds.report_day, cycle_months=thresholds.cycle_months)
        serves[cycle] = min(said_on, serves.get(cycle, said_on))
    on_time = late = missing = 0
    for cycle in closes:
        if cycle not in serves:
            missing += 1
        elif serves[cycle] <= cycle:
            on_time += 1
        else:
            late += 1
    return Discipline(on_time, late, missing, returned)
