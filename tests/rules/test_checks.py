"""What the system points out to a reviewer: only what the accepted figures themselves tell."""

from datetime import date

import pytest

from pledges.choices import Basis
from pledges.rules.checks import findings_in
from pledges.rules.facts import Reading
from pledges.rules.reporting import Book, Said
from tests.rules.making import FIRST, LAST, RULES, D, way

JULY = date(2022, 7, 31)
AUGUST = date(2022, 8, 31)
SEPTEMBER = date(2022, 9, 20)


def found(*history, value, as_of=AUGUST, said_on=SEPTEMBER, trajectory=None):
    """The codes of the findings about a value, with whether each wants a look."""
    trajectory = trajectory or way((LAST, 100))
    live = tuple(Reading(day, D(amount)) for day, amount in history)
    book = Book(trajectory, "家", FIRST, LAST, live)
    findings = findings_in(book, Said(as_of, D(value)), said_on=said_on, thresholds=RULES)
    return {finding.code: finding.wants_look for finding in findings}


def test_the_first_figure_has_nothing_to_be_compared_with():
    assert found(value=8) == {"first": False, "in_time": False}


def test_a_newer_and_larger_total_is_fine():
    assert found((JULY, 5), value=8) == {"kept": False, "newer": False, "in_time": False}


@pytest.mark.parametrize("value, code", [(5, "kept"), ("4.99", "falls"), (6, "kept")])
def test_a_running_total_must_not_fall(value, code):
    assert code in found((JULY, 5), value=value)


@pytest.mark.parametrize("basis", [Basis.GROWTH, Basis.REDUCTION])
def test_a_rate_may_move_both_ways(basis):
    assert found((JULY, 5), value=4, trajectory=way((LAST, 20), basis=basis)) == {
        "newer": False,
        "in_time": False,
    }


def test_done_that_is_taken_back_wants_a_look():
    assert found((JULY, 1), value=0, trajectory=way((LAST, 1), basis=Basis.DELIVERABLE))["falls"] is True


def test_a_second_figure_of_one_day_is_a_correction():
    assert found((AUGUST, 5), value=6)["corrects"] is True


def test_an_older_figure_is_not_compared_as_if_it_were_newer():
    assert found((AUGUST, 50), value=4, as_of=JULY) == {"older": True, "late": True, "long_after": True}


@pytest.mark.parametrize(
    "last, value, jumps",
    [
        (1, 99, False),
        (1, 100, True),
        (100, 1, True),
        (99, 1, False),
        (0, 500, False),
        (5, 0, False),
        (-1, 100, True),
    ],
)
def test_a_hundredfold_is_more_likely_a_slip_of_the_unit(last, value, jumps):
    assert ("jump" in found((JULY, last), value=value)) is jumps


def test_the_third_equal_figure_stands_still():
    june = date(2022, 6, 30)

    assert "unchanged" not in found((JULY, 5), value=5)
    assert found((june, 5), (JULY, 5), value=5)["unchanged"] is True
    assert "unchanged" not in found((june, 5), (JULY, 6), value=5)


def test_what_is_done_may_stand_still():
    june = date(2022, 6, 30)

    assert "unchanged" not in found((june, 100), (JULY, 100), value=100)
    done = way((LAST, 1), basis=Basis.DELIVERABLE)
    assert "unchanged" not in found((june, 0), (JULY, 0), value=0, trajectory=done)


@pytest.mark.parametrize("said_on, code", [(date(2022, 9, 25), "in_time"), (date(2022, 9, 26), "late")])
def test_a_cycle_closes_at_the_end_of_its_day(said_on, code):
    assert code in found(value=8, said_on=said_on)


def test_a_statistic_is_late_only_after_its_publication():
    assert "in_time" in found(value=8, said_on=date(2022, 10, 20), trajectory=way((LAST, 100), lag_days=30))


def test_what_wants_a_look_comes_first():
    assert list(found((JULY, 5), value=4)) == ["falls", "newer", "in_time"]
