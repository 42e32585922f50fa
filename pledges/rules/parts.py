"""A part may not be greater than its whole: 其中 marks a pledge that is counted within another. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pledges.choices import Basis
from pledges.rules.facts import Reading
from pledges.rules.ledgers import COUNTED
from pledges.rules.reporting import PERCENT
from pledges.rules.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Measure:
    """A promise as far as its size can be compared with another's."""

    trajectory: Trajectory
    unit: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A part's figure beside the smaller one of its whole."""

    part: Reading
    whole: Reading


def are_running(part: Measure, whole: Measure) -> bool:
    """Whether both only grow: then a part is bound by every later figure of its whole."""
    return part.trajectory.basis in COUNTED and whole.trajectory.basis in COUNTED


def are_comparable(part: Measure, whole: Measure) -> bool:
    """Whether one is a number of the things that the other counts. Rates, shares and net increases are not."""
    if part.unit != whole.unit or part.unit in {"", PERCENT}:
        return False
    return are_running(part, whole) or (
        whole.trajectory.basis == Basis.LEVEL and part.trajectory.basis in COUNTED | {Basis.LEVEL}
    )


def conflict_in(
    part: Measure, whole: Measure, parts: Sequence[Reading], wholes: Sequence[Reading]
) -> Conflict | None:
    """The contradiction between the newest figures, given oldest first; None where they can both be true.

    The whole's newest figure must not be smaller than the part's newest figure known by that day. Levels
    move both ways, so of them only figures of the same day are compared. Older figures are left alone:
    a day that is past can no longer be reported, so they could not be mended.
    """
    if not wholes or not are_comparable(part, whole):
        return None
    newest = wholes[-1]
    known = [reading for reading in parts if reading.as_of <= newest.as_of]
    if not known or known[-1].value <= newest.value:
        return None
    if not are_running(part, whole) and known[-1].as_of != newest.as_of:
        return None
    return Conflict(known[-1], newest)


def is_over(part: Measure, value: Reading, whole: Measure, newest: Reading | None) -> bool:
    """Whether a part's figure is greater than the newest one of its whole, of whatever day: worth a question."""
    return newest is not None and are_comparable(part, whole) and value.value > newest.value
