"""Reporting cycles: when the next report is due and when silence has lasted a whole cycle. Pure."""

from calendar import monthrange
from datetime import date

MONTHS = 12


def _close(year: int, month: int, report_day: int) -> date:
    """The day of the month by which reports are due, moved back where the month is shorter."""
    return date(year, month, min(report_day, monthrange(year, month)[1]))


def _shift(year: int, month: int, months: int) -> tuple[int, int]:
    index = year * MONTHS + (month - 1) + months
    return index // MONTHS, index % MONTHS + 1


def next_close(day: date, *, report_day: int, cycle_months: int) -> date:
    """The first closing day on or after `day`. Cycles of several months close in the last of them."""
    year, month = day.year, day.month + (-day.month % cycle_months)
    close = _close(year, month, report_day)
    return close if close >= day else _close(*_shift(year, month, cycle_months), report_day)


def silent_from(as_of: date, *, report_day: int, cycle_months: int) -> date:
    """The first day on which a whole cycle has closed without a newer figure than `as_of`.

    A figure of 31 August serves the cycle that closes on 25 September; the next one, to
    25 October, is empty, so silence begins on 26 October.
    """
    serves = next_close(as_of, report_day=report_day, cycle_months=cycle_months)
    year, month = _shift(serves.year, serves.month, cycle_months)
    empty = _close(year, month, report_day)
    return date.fromordinal(empty.toordinal() + 1)
