"""What a reviewer should look at before deciding: only what the figures themselves tell. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from pledges.choices import Basis, Light
from pledges.rules.cycles import next_close
from pledges.rules.facts import Reading, Thresholds
from pledges.rules.parts import Measure, is_over
from pledges.rules.reporting import Book, Said, falls
from pledges.rules.trajectory import is_finished, next_milestone

JUMP = 100
"""So many times the last figure is more likely a slip of the unit (亿 for 万) than progress."""

SAME_BEFORE = 2
"""With so many equal figures before it, a figure counts as standing still."""

LAST_DAYS = 5
"""So few days before a milestone, its own day included, are its last."""

LARGE_STEP = Fraction(3, 10)
"""So much of the whole way at once is a large step."""

STILL_DAYS = 60
"""A figure that did not move for so many days stood still for long."""

LONG_AFTER = 45
"""So many days after it was true, or was published, a figure is said long after its day."""

ASKED = frozenset(
    {"jump", "unchanged", "last_minute", "long_after", "over_whole", "no_evidence", "names_gone", "no_names"}
)
"""Doubts that the reporter is asked about once. The others are told by a note, or are no doubts about the number."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: which rule, whether it wants a look, with which values."""

    code: str
    wants_look: bool
    values: dict[str, object] = field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        """Whether the reporter is asked about it."""
        return self.wants_look and self.code in ASKED

    @property
    def sign(self) -> str:
        """What exactly was doubted: with another figure it is another doubt."""
        return f"{self.code}:{','.join(map(_plain, self.values.values()))}"


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a figure, besides the figures before it.

    `light` is that after its acceptance where files are asked for, else None; `gone` are names of the last
    list that it lacks; `had_names` says that there was such a list.
    """

    light: Light | None = None
    has_evidence: bool = False
    whole: Measure | None = None
    newest_of_whole: Reading | None = None
    gone: int = 0
    had_names: bool = False


NOTHING = Behind()


def findings_in(
    book: Book, said: Said, *, said_on: date, thresholds: Thresholds, behind: Behind = NOTHING
) -> list[Finding]:
    """Everything that the accepted figures, files and names tell about a new figure, what wants a look first.

    `book` holds accepted figures only; `said.value` is the running total.
    """
    found = [
        *_over_whole(book, said, behind),
        *_behind(said, behind),
        *_last_minute(book, said, thresholds),
        *_falling(book, said),
        *_jumping(book, said),
        *_standing(book, said),
        *_order(book, said),
        *_lateness(book, said, said_on, thresholds),
        *_long_after(book, said, said_on),
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


def _long_after(book: Book, said: Said, said_on: date) -> Iterator[Finding]:
    days = (said_on - said.as_of).days
    if days - book.trajectory.lag_days > LONG_AFTER:
        yield Finding("long_after", wants_look=True, values={"day": said.as_of, "days": days})


def _last_minute(book: Book, said: Said, thresholds: Thresholds) -> Iterator[Finding]:
    """A large step in the last days before a milestone, after a long time without any."""
    trajectory = book.trajectory
    stone = next_milestone(trajectory, said.as_of)
    if stone is None or (stone.day - said.as_of).days > LAST_DAYS:
        return
    if (
        trajectory.basis in Basis.rates
        or trajectory.is_ceiling
        or not trajectory.has_line(thresholds.small_count)
    ):
        return
    since = _still_since(book, said.as_of)
    if since is None or (said.as_of - since.as_of).days < STILL_DAYS:
        return
    step = trajectory.sense * (Fraction(said.value) - Fraction(since.value))
    if step >= LARGE_STEP * trajectory.span:
        values: dict[str, object] = {
            "was": since.value,
            "now": said.value,
            "since": since.as_of,
            "day": stone.day,
        }
        yield Finding("last_minute", wants_look=True, values=values)


def _still_since(book: Book, day: date) -> Reading | None:
    """The last figure before a day, as of the first day of the stretch in which it did not move."""
    earlier = [reading for reading in book.live if reading.as_of < day]
    if not earlier:
        start = book.trajectory.start
        return Reading(start.day, start.value) if start else None
    last = earlier[-1].value
    return list(takewhile(lambda reading: reading.value == last, reversed(earlier)))[-1]


def _behind(said: Said, behind: Behind) -> Iterator[Finding]:
    """Files and names: what is said well should be seen."""
    if behind.light in {Light.GREEN, Light.DONE}:
        yield Finding(
            "evidence" if behind.has_evidence else "no_evidence", wants_look=not behind.has_evidence
        )
    if behind.gone and said.names:
        yield Finding("names_gone", wants_look=True, values={"names": behind.gone})
    elif behind.had_names and not said.names and said.value:
        yield Finding("no_names", wants_look=True)
    elif said.names:
        yield Finding("names", wants_look=False, values={"names": len(said.names)})


def _over_whole(book: Book, said: Said, behind: Behind) -> Iterator[Finding]:
    whole, newest = behind.whole, behind.newest_of_whole
    if whole is None or newest is None:
        return
    part = Measure(book.trajectory, book.unit)
    if is_over(part, Reading(said.as_of, said.value), whole, newest):
        values: dict[str, object] = {"now": said.value, "whole": newest.value, "day": newest.as_of}
        yield Finding("over_whole", wants_look=True, values=values)
