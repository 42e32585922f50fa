"""When somebody must be told, and which step it is. Pure: no database, no clock, no people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pledges.rules.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a campaign: days ahead of a deadline, days ahead of a regular report, working days overdue.

    None never goes up to the head of department, or to the leadership.
    """

    lead_days: tuple[int, ...] = (30, 14, 7, 3, 1, 0)
    cycle_lead_days: tuple[int, ...] = (3, 0)
    head_after: int | None = 3
    leaders_after: int | None = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One notice of a deadline: so many days ahead, told in the letter of a working day."""

    days_ahead: int
    letter_on: date


def days_ahead(text: str) -> tuple[int, ...]:
    """The setting `30,14,7` as numbers, the farthest first, each once."""
    return tuple(sorted({int(word) for word in text.split(",")}, reverse=True))


def letter_day(due: date, ahead: int, calendar: Calendar) -> date:
    """The working day of a notice: so many days before the deadline, or the working day before that."""
    return calendar.on_or_before(due - timedelta(days=ahead))


def steps_by(due: date, leads: Iterable[int], day: date, calendar: Calendar, *, opens: date) -> list[Step]:
    """The notices of a deadline whose day has come by `day`, the newest last; none before `opens`.

    Only the newest is told: a milestone that is made late, or a clock that stood still, leaves one
    notice and not three. Two that fall on the same working day are one, the one nearer to the deadline.
    """
    earliest = calendar.on_or_after(opens)
    steps = (
        Step(ahead, max(letter_day(due, ahead, calendar), earliest)) for ahead in sorted(leads, reverse=True)
    )
    return [step for step in steps if step.letter_on <= day]


def farthest_due(day: date, leads: Iterable[int], calendar: Calendar) -> date:
    """The last deadline of which a notice may have to be told by `day`."""
    # A notice falls on the working day before, so the rest days after `day` are served today as well.
    return calendar.after(day) - timedelta(days=1) + timedelta(days=max(leads, default=0))


def escalates_on(ends: date, after: int | None, calendar: Calendar) -> date | None:
    """The working day on which something overdue since `ends` goes one step up, None where it never does."""
    return None if after is None else calendar.nth_after(ends, after)


def digest_day(day: date, calendar: Calendar) -> date | None:
    """The day of the leadership's weekly letter in the week of `day`: its first working day."""
    return calendar.first_of_week(day)


def cannot_wait(due: date | None, day: date, calendar: Calendar) -> bool:
    """Whether a deadline is still ahead today and over when the next working day's letter comes."""
    return due is not None and day <= due < calendar.after(day)
