"""Reporting discipline from reports that are fetched already: of one department, or of many at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from pledges.choices import ReportState
from pledges.models import Campaign
from pledges.queries.facts import thresholds_of
from pledges.rules.discipline import Discipline, closed_cycles, discipline_of
from pledges.rules.facts import Reading

ReportRow = tuple[int, date, datetime, datetime | None, str]
"""Book, figure true on, submitted at, reviewed at, state; of reports that a person sent."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the office had been told by a day, by book: pairs of (true on, said on), and returned reports."""

    said: dict[int, list[tuple[date, date]]]
    returned: dict[int, int]


def told_in(rows: Iterable[ReportRow], *, day: date) -> Told:
    """What the reports say about discipline by the end of a day."""
    said: dict[int, list[tuple[date, date]]] = defaultdict(list)
    returned: dict[int, int] = defaultdict(int)
    for book, as_of, submitted, reviewed, state in rows:
        if state == ReportState.RETURNED:
            returned[book] += reviewed is not None and localdate(reviewed) <= day
        elif state in ReportState.live and localdate(submitted) <= day:
            said[book].append((as_of, localdate(submitted)))
    return Told(said, returned)


def discipline_on(
    campaign: Campaign, owing: Iterable[tuple[int, Reading | None]], told: Told, *, day: date
) -> Discipline:
    """How these pledges reported, each given as its book and its newest reading."""
    thresholds, total = thresholds_of(campaign), Discipline()
    closes: dict[date, list[date]] = {}
    for book, reading in owing:
        until = _owes_until(campaign, reading)
        if until not in closes:
            closes[until] = closed_cycles(campaign.starts_on, until, day, thresholds)
        total += discipline_of(
            told.said[book], closes[until], thresholds=thresholds, returned=told.returned[book]
        )
    return total


def _owes_until(campaign: Campaign, reading: Reading | None) -> date:
    """A pledge that is done owes nothing after the day on which it was reached."""
    reached = reading.reached_on if reading else None
    return min(reached - timedelta(days=1) if reached else campaign.ends_on, campaign.ends_on)
