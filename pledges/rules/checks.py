"""What a reviewer should look at before deciding: only what the figures themselves tell. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from pledges.choices import Basis
from pledges.rules.cycles import next_close
from pledges.rules.facts import Thresholds
from pledges.rules.reporting import Book, Said, falls
from pledges.rules.trajectory import is_finished

JUMP = 100
"""So many times the last figure is more likely a slip of the unit (亿 for 万) than progress."""

SAME_BEFORE = 2
"""With so many equal figures before it, a figure counts as standing still."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: which rule, whether it wants a look, with which values."""

    code: str
    wants_look: bool
    values: dict[str, object] = field(default_factory=dict)


def findings_in(book: Book, said: Said, *, said_on: date, thresholds: Thresholds) -> list[Finding]:
    """Everything the accepted figures tell about a new one, what wants a look first.

    `book` holds accepted figures only; `said.value` is the running total.
    """
    found = [
        *_falling(book, said),
        *_jumping(book, said),
        *_standing(book, said),
        *_order(book, said),
        *_lateness(book, said, said_on, thresholds),
    ]
    return sorted(found, key=lambda finding: not finding.wants_look)


def _order(book: Book, said: Said) -> Iterator[Finding]:
    last = book.last
    if last is None:
        yield Finding("first", wants_look=False)
    elif said.as_of < last.as_of:
        yield Finding("older", wants_look=True, values={"day": last.as_of, "value": last.value})
    elif said.as_of == last.as_of:
        yield Finding("corrects", wants_look=True, values={"day": last.as_of, "value": last.value})
    else:
        yield Finding("newer", wants_look=False, values={"day": last.as_of})


def _falling(book: Book, said: Said) -> Iterator[Finding]:
    last = book.last
    if last is None or said.as_of < last.as_of:
        return
    values: dict[str, object] = {"was": last.value, "now": said.value}
    trajectory = book.trajectory
    if falls(book, said):
        yield Finding("falls", wants_look=True, values=values)
    elif trajectory.basis in Basis.from_zero and said.value >= last.value:
        yield Finding("kept", wants_look=False, values=values)


def is_jump(was: Decimal, now: Decimal) -> bool:
    """Whether a figure is so many times the last one, or so small a part of it."""
    if not was or not now:
        return False
    times = abs(Fraction(now) / Fraction(was))
    return max(times, 1 / times) >= JUMP


def _jumping(book: Book, said: Said) -> Iterator[Finding]:
    last = book.last
    if last is not None and is_jump(last.value, said.value):
        yield Finding("jump", wants_look=True, values={"was": last.value, "now": said.value})


def _standing(book: Book, said: Said) -> Iterator[Finding]:
    trajectory = book.trajectory
    if trajectory.basis == Basis.DELIVERABLE or is_finished(trajectory, said.as_of, said.value):
        return
    earlier = [reading.value for reading in book.live if reading.as_of < said.as_of]
    same = sum(1 for _ in takewhile(lambda value: value == said.value, reversed(earlier)))
    if same >= SAME_BEFORE:
        yield Finding("unchanged", wants_look=True, values={"times": same + 1})


def _lateness(book: Book, said: Said, said_on: date, thresholds: Thresholds) -> Iterator[Finding]:
    known = said.as_of + timedelta(days=book.trajectory.lag_days)
    close = next_close(known, report_day=thresholds.report_day, cycle_months=thresholds.cycle_months)
    yield Finding("late" if said_on > close else "in_time", wants_look=said_on > close, values={"day": close})
