"""What became of every milestone."""

from datetime import date

import pytest

from pledges.choices import Direction, Outcome
from pledges.rules.facts import readings_of
from pledges.rules.timeline import outcome_of, spells
from tests.rules.making import LAST, RULES, D, way

JUNE_30, JULY_1 = date(2022, 6, 30), date(2022, 7, 1)
SERIES = way((JUNE_30, 16), (LAST, 34))
CEILING = way((JUNE_30, 5), (LAST, 10), direction=Direction.AT_MOST)


def outcome(trajectory, today, *entries):
    readings = list(readings_of(trajectory, [(day, D(value)) for day, value in entries]))
    found, first = outcome_of(trajectory, trajectory.milestones[0], readings, today=today)
    return found, first and first.as_of


@pytest.mark.parametrize(
    "today, entries, expected",
    [
        (JUNE_30, [], (Outcome.OPEN, None)),
        (JULY_1, [], (Outcome.MISSED, None)),
        (JULY_1, [(JUNE_30, 16)], (Outcome.ON_TIME, JUNE_30)),
        (JULY_1, [(JULY_1, 16)], (Outcome.LATE, JULY_1)),
        (LAST, [(date(2022, 5, 1), 20), (JULY_1, 10)], (Outcome.ON_TIME, date(2022, 5, 1))),
    ],
)
def test_outcome_of_a_goal(today, entries, expected):
    assert outcome(SERIES, today, *entries) == expected


@pytest.mark.parametrize(
    "today, entries, expected",
    [
        (JUNE_30, [(date(2022, 5, 1), 2)], (Outcome.OPEN, None)),
        (JULY_1, [(JUNE_30, 5)], (Outcome.ON_TIME, JUNE_30)),
        (JULY_1, [(JUNE_30, 6)], (Outcome.MISSED, None)),
        (JULY_1, [(date(2022, 5, 1), 2)], (Outcome.MISSED, None)),
    ],
)
def test_outcome_of_a_ceiling(today, entries, expected):
    assert outcome(CEILING, today, *entries) == expected


def test_done_and_done_late_are_spells_of_their_own():
    entries = [(JUNE_30, D(34)), (date(2022, 8, 1), D(30)), (date(2023, 1, 9), D(34))]

    found = spells(SERIES, list(readings_of(SERIES, entries)), since=date(2022, 6, 1), thresholds=RULES)

    assert [(spell.since, spell.light.value, spell.reason.value) for spell in found][-1] == (
        date(2023, 1, 9),
        "done",
        "met_late",
    )


def test_what_was_true_before_the_campaign_counts_from_its_first_day():
    entries = [(date(2021, 12, 1), D(1)), (date(2021, 12, 31), D(34))]

    found = spells(SERIES, list(readings_of(SERIES, entries)), since=date(2022, 1, 1), thresholds=RULES)

    assert [(spell.since, spell.until, spell.light.value) for spell in found] == [
        (date(2022, 1, 1), None, "done")
    ]
