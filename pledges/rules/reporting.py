"""What may be said about a pledge: the checks that form, action and importer all ask. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from pledges.choices import Basis, Direction, Entry
from pledges.rules.facts import Reading
from pledges.rules.ledgers import MOST_NAMES, NAME_LENGTH, said_twice, takes_ledger, too_long
from pledges.rules.numbers import MAX_WHOLE_DIGITS
from pledges.rules.trajectory import Trajectory

BEYOND = Decimal(10) ** MAX_WHOLE_DIGITS
"""A figure of one period may be short enough and its running total too long to be stored."""

PERCENT = "%"
HUNDRED = Decimal(100)

LATE_REPORTING = timedelta(days=92)
"""So long after a campaign's last day a late completion can still be reported: one quarter."""

LEAP = 100
"""So many times the goal, a figure is a slip of the unit until somebody says why it is not."""

NEVER_NEGATIVE = (Basis.from_zero - {Basis.NET_NEW}) | {Basis.SHARE, Basis.LEVEL, Basis.DELIVERABLE}
NEVER_OVER_HUNDRED = frozenset({Basis.SHARE, Basis.COMPLETION, Basis.REDUCTION})


@dataclass(frozen=True, slots=True)
class Said:
    """What a clerk typed. `value` is in the unit of the pledge; a deliverable is 0 or 1.

    `names` spell out the running total, also where only this period was typed.
    """

    as_of: date
    value: Decimal
    note: str = ""
    entry: Entry = Entry.TOTAL
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """What is known about a pledge before something new is said.

    `live` are the accepted and waiting values, oldest first; `accepted_on` the days of accepted ones,
    `waiting_on` of those in the queue. `needs_evidence`: a completion must be
    proved; `proved_on` are the days of figures that bring a file or come from print.
    """

    trajectory: Trajectory
    unit: str
    starts_on: date
    ends_on: date
    live: tuple[Reading, ...] = ()
    accepted_on: frozenset[date] = frozenset()
    waiting_on: frozenset[date] = frozenset()
    ledger_required: bool = False
    needs_evidence: bool = False
    proved_on: frozenset[date] = frozenset()

    @property
    def last(self) -> Reading | None:
        """The newest value that counts or may still count."""
        return self.live[-1] if self.live else None

    def with_said(self, said: Said, *, is_accepted: bool = False) -> Self:
        """What is known once a running total has been said, too: what comes after it is checked against both."""
        others = tuple(reading for reading in self.live if reading.as_of != said.as_of)
        day = frozenset({said.as_of})
        return replace(
            self,
            live=(*others, Reading(said.as_of, said.value)),
            accepted_on=self.accepted_on | day if is_accepted else self.accepted_on,
            waiting_on=self.waiting_on if is_accepted else self.waiting_on | day,
            proved_on=self.proved_on - day,
        )

    def before(self, day: date) -> Decimal:
        """The accepted running total before a day: what "this period" is added to.

        Never a waiting one: it may be returned, and its sum would live on in the next.
        """
        earlier = [r.value for r in self.live if r.as_of < day and r.as_of not in self.waiting_on]
        start = self.trajectory.start
        return earlier[-1] if earlier else (start.value if start else Decimal(0))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be said like this: at which field, which rule, with which values."""

    at: str
    code: str
    values: dict[str, object] = field(default_factory=dict)


def total_of(book: Book, said: Said) -> Decimal:
    """The running total that a saying amounts to."""
    return book.before(said.as_of) + said.value if said.entry == Entry.PERIOD else said.value


def takes_period(trajectory: Trajectory) -> bool:
    """Whether "this period only" makes sense: for running totals from zero."""
    return trajectory.basis in Basis.from_zero


def faults_in(book: Book, said: Said, *, today: date) -> list[Fault]:
    """Every reason why a saying cannot be taken, empty when it can."""
    return [
        *_day_faults(book, said, today),
        *_value_faults(book, said),
        *_name_faults(book, said),
        *_note_faults(book, said),
    ]


def _day_faults(book: Book, said: Said, today: date) -> Iterator[Fault]:
    if said.as_of < book.starts_on:
        yield Fault("as_of", "before_start", {"day": book.starts_on})
    elif said.as_of > today:
        yield Fault("as_of", "after_today", {"day": today})
    elif said.as_of > book.ends_on + LATE_REPORTING:
        yield Fault("as_of", "after_end", {"day": book.ends_on + LATE_REPORTING})
    elif book.last and said.as_of < book.last.as_of:
        yield Fault("as_of", "older_than_last", {"day": book.last.as_of, "value": book.last.value})
    elif said.as_of in book.waiting_on:
        yield Fault("as_of", "already_waiting", {"day": said.as_of})


def _value_faults(book: Book, said: Said) -> Iterator[Fault]:
    trajectory, total = book.trajectory, total_of(book, said)
    if trajectory.basis == Basis.DELIVERABLE:
        if total not in (0, 1):
            yield Fault("value", "done_or_not")
        return
    if said.entry == Entry.PERIOD and not takes_period(trajectory):
        yield Fault("entry", "no_period")
    elif said.entry == Entry.PERIOD and book.waiting_on:
        yield Fault("entry", "period_while_waiting", {"day": max(book.waiting_on)})
    if total < 0 and trajectory.basis in NEVER_NEGATIVE:
        yield Fault("value", "negative", {"value": total})
    if trajectory.whole and total != total.to_integral_value():
        yield Fault("value", "whole", {"unit": book.unit})
    if abs(total) >= BEYOND:
        yield Fault("value", "too_big")
    if book.unit == PERCENT and total > HUNDRED and trajectory.basis in NEVER_OVER_HUNDRED:
        yield Fault("value", "over_hundred")


def _name_faults(book: Book, said: Said) -> Iterator[Fault]:
    names, total = said.names, total_of(book, said)
    if not takes_ledger(book.trajectory):
        if names:
            yield Fault("names", "no_ledger")
    elif not names:
        if book.ledger_required and 0 < total <= MOST_NAMES:
            yield Fault("names", "names_missing", {"total": total})
    else:
        yield from _count_faults(total, len(names))
        if long := too_long(names):
            yield Fault("names", "name_too_long", {"name": long[0][:20], "most": NAME_LENGTH})
        if twice := said_twice(names):
            yield Fault("names", "names_twice", {"names": "、".join(twice[:5])})


def _count_faults(total: Decimal, count: int) -> Iterator[Fault]:
    """The names are as many as the figure says. A figure that is no count is told so elsewhere."""
    if count > MOST_NAMES:
        yield Fault("names", "too_many_names", {"count": count, "most": MOST_NAMES})
    elif total >= 0 and total == total.to_integral_value() and total != count:
        code = "names_short" if count < total else "names_over"
        yield Fault("names", code, {"total": total, "count": count, "difference": abs(int(total) - count)})


def falls(book: Book, said: Said) -> bool:
    """Whether a number falls that should not fall by itself. Rates move both ways."""
    trajectory = book.trajectory
    may_fall = trajectory.basis in Basis.rates or (
        trajectory.direction == Direction.AT_MOST and trajectory.basis not in Basis.from_zero
    )
    if book.last is None or may_fall:
        return False
    return said.value < 0 if said.entry == Entry.PERIOD else said.value < book.last.value


def leaps(book: Book, said: Said) -> bool:
    """Whether a figure is a hundred times the whole goal: 亿 and 万 are easily mistaken."""
    goal = abs(book.trajectory.finish.value)
    return goal > 0 and abs(total_of(book, said)) >= LEAP * goal


def _note_faults(book: Book, said: Said) -> Iterator[Fault]:
    if said.note.strip():
        return
    if leaps(book, said):
        yield Fault("note", "leap_needs_reason", {"goal": book.trajectory.finish.value})
    if said.as_of in book.accepted_on:
        yield Fault("note", "correction_needs_reason", {"day": said.as_of})
    elif falls(book, said):
        yield Fault("note", "fall_needs_reason", {"last": book.last and book.last.value})
