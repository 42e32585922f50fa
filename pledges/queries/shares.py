"""What each department brought into the one number of a shared pledge."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pledges.choices import Basis
from pledges.models import Pledge, ProgressReport
from pledges.queries.facts import Line
from pledges.rules.shares import Step, contributions


def is_shared(pledge: Pledge) -> bool:
    """Whether a pledge has its number in common with another."""
    return pledge.shared_with_id is not None or Pledge.objects.filter(shared_with=pledge).exists()


@dataclass(frozen=True, slots=True)
class Contribution:
    """A department and what it brought in; without a name where nobody knows whose step it was."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Contributions:
    """The rows and what they add up to: the number of the pledge."""

    rows: list[Contribution]
    start: Decimal
    total: Decimal


def contributions_to(line: Line, *, day: date) -> Contributions | None:
    """The steps of a shared number up to a day, by the department that reported them. One query.

    None where nothing is counted up from a start, or nothing was accepted.
    """
    pledge, start = line.pledge, line.trajectory.start
    if pledge.basis not in Basis.from_zero or start is None:
        return None
    known = ProgressReport.objects.accepted().known_by(day).filter(pledge=pledge.book_id)
    fields = ("id", "corrects", "as_of", "value", "department", "department__name")
    rows = list(known.order_by("as_of", "id").values_list(*fields))
    corrected = {corrects for _pk, corrects, *_ in rows}
    steps = {as_of: Step(value, whose) for pk, _, as_of, value, whose, _ in rows if pk not in corrected}
    if not steps:
        return None
    names: dict[int | None, str] = {whose: name or "" for *_, whose, name in rows}
    brought = contributions(start.value, steps.values())
    shown = [Contribution(names[whose], amount) for whose, amount in brought.items()]
    return Contributions(shown, start.value, list(steps.values())[-1].value)
