"""The office's calendar: the announced holidays and make-up days, and what the office itself entered."""

from datetime import date
from functools import cache

from chinese_calendar.constants import holidays, workdays

from pledges.models import SpecialDay
from pledges.rules.workdays import Calendar


@cache
def announced() -> Calendar:
    """The holidays and make-up days of the State Council's yearly notices, as far as they are known."""
    return Calendar(
        rests=frozenset(holidays),
        works=frozenset(workdays),
        known_years=frozenset(day.year for day in holidays),
    )


def office_calendar() -> Calendar:
    """The announced days, corrected by the office's own table. A year it has entered counts as known. One query."""
    official = announced()
    own = dict(SpecialDay.objects.values_list("day", "is_workday"))
    if not own:
        return official
    works = {day for day, is_workday in own.items() if is_workday}
    rests = set(own) - works
    return Calendar(
        rests=official.rests - works | rests,
        works=official.works - rests | works,
        known_years=official.known_years | {day.year for day in rests},
    )


def unannounced_year(day: date, calendar: Calendar) -> int | None:
    """The year of a day whose holidays nobody has entered, None where they are known."""
    return None if calendar.knows(day) else day.year
