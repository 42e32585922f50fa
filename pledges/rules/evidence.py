"""When a figure must bring a file. Pure."""

from collections.abc import Collection, Iterable
from datetime import date

from pledges.rules.facts import Reading
from pledges.rules.reporting import Book, Fault, Said, total_of
from pledges.rules.trajectory import Trajectory, is_finished

EVIDENCE = "evidence"
"""The field at which the fault stands."""


def is_proven(trajectory: Trajectory, figures: Iterable[Reading], proofs: Collection[date]) -> bool:
    """Whether one of the figures that keep the whole promise, since it was last not kept, has a proof.

    `proofs` are the days of figures with a file or a printed source. A figure that fell below the goal
    and rose again is another completion, to be proved anew.
    """
    missed = [each.as_of for each in figures if not is_finished(trajectory, each.as_of, each.value)]
    kept_since = max(missed, default=date.min)
    return any(day > kept_since for day in proofs)


def evidence_faults(book: Book, said: Said, *, files: int) -> list[Fault]:
    """A figure that keeps the whole promise brings a file, where the book asks for one and none stands behind it.

    A correction takes the place of the figure of its day, and of that figure's file.
    """
    total = total_of(book, said)
    if files or not book.needs_evidence or not is_finished(book.trajectory, said.as_of, total):
        return []
    others = [reading for reading in book.live if reading.as_of != said.as_of]
    if is_proven(book.trajectory, others, book.proved_on - {said.as_of}):
        return []
    return [Fault(EVIDENCE, "completion_needs_evidence", {"value": total})]
