"""When a completion must bring a file: once for each time that the goal is reached."""

from datetime import date

import pytest

from pledges.rules.evidence import evidence_faults, is_proven
from pledges.rules.facts import Reading
from pledges.rules.reporting import Book, Said
from tests.rules.making import FIRST, LAST, D, way

MAY, JUNE, JULY, AUGUST = (date(2022, month, 20) for month in (5, 6, 7, 8))
GOAL = way((LAST, 34))


def book(*figures, proved=(), needs=True) -> Book:
    """What counts so far, as pairs of a day and a value."""
    live = tuple(Reading(day, D(value)) for day, value in figures)
    days = frozenset(reading.as_of for reading in live)
    place = {"trajectory": GOAL, "unit": "家", "starts_on": FIRST, "ends_on": LAST}
    return Book(**place, live=live, accepted_on=days, needs_evidence=needs, proved_on=frozenset(proved))


@pytest.mark.parametrize(
    "known, day, value, files, asks",
    [
        (book(), MAY, 33, 0, False),  # no completion
        (book(), MAY, 34, 0, True),
        (book(), MAY, 34, 1, False),
        (book(needs=False), MAY, 34, 0, False),
        (book((MAY, 34), proved=[MAY]), JUNE, 35, 0, False),  # proved when it was reached
        (book((MAY, 34)), JUNE, 35, 0, True),  # reached before files were asked for
        (book((MAY, 34), proved=[MAY]), MAY, 35, 0, True),  # a correction takes the file's place, too
        (book((MAY, 34), (JUNE, 36), proved=[MAY]), JUNE, 35, 0, False),
        (book((MAY, 34), (JUNE, 20), proved=[MAY]), JULY, 35, 0, True),  # fell and rose again
        (book((MAY, 34), (JUNE, 20), (JULY, 35), proved=[MAY, JULY]), AUGUST, 35, 0, False),
    ],
)
def test_a_completion_is_proved_once(known, day, value, files, asks):
    found = evidence_faults(known, Said(day, D(value)), files=files)

    assert [fault.code for fault in found] == ["completion_needs_evidence"] * asks


def test_nothing_is_proved_without_a_figure():
    assert not is_proven(GOAL, [], frozenset())


def test_a_row_said_before_replaces_the_proof_of_its_day():
    known = book((MAY, 34), proved=[MAY]).with_said(Said(MAY, D(35)), is_accepted=True)

    assert [fault.code for fault in evidence_faults(known, Said(JUNE, D(36)), files=0)] == [
        "completion_needs_evidence"
    ]
