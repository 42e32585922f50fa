"""A part is never greater than its whole, as far as their newest figures can tell."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.choices import Basis
from pledges.rules.facts import Reading
from pledges.rules.parts import Measure, are_comparable, conflict_in, is_over
from tests.rules.making import LAST, D, way

MAY, JUNE, JULY = date(2022, 5, 31), date(2022, 6, 30), date(2022, 7, 31)


def measure(basis=Basis.CUMULATIVE, unit="家") -> Measure:
    return Measure(way((LAST, 34), basis=basis), unit)


def told(*pairs):
    return [Reading(day, D(value)) for day, value in pairs]


@pytest.mark.parametrize(
    "parts, wholes, is_conflict",
    [
        # the same day
        ([(JUNE, 5)], [(JUNE, 4)], True),
        ([(JUNE, 5)], [(JUNE, 5)], False),
        ([(JUNE, 5)], [(JUNE, "4.9999")], True),
        # a later whole binds an earlier part, an older whole says nothing about a newer part
        ([(JUNE, 5)], [(JULY, 4)], True),
        ([(JUNE, 5)], [(MAY, 4)], False),
        # only the newest whole, and the newest part known by its day
        ([(JUNE, 5)], [(JUNE, 4), (JULY, 8)], False),
        ([(MAY, 5), (JUNE, 3)], [(JULY, 4)], False),
        ([(MAY, 5), (JULY, 9)], [(JUNE, 4)], True),
        ([(MAY, 3), (JULY, 9)], [(JUNE, 4)], False),
        # one of them is unknown
        ([], [(JUNE, 4)], False),
        ([(JUNE, 5)], [], False),
    ],
)
def test_running_totals(parts, wholes, is_conflict):
    found = conflict_in(measure(), measure(), told(*parts), told(*wholes))

    assert (found is not None) is is_conflict


def test_the_conflict_names_both_figures():
    found = conflict_in(measure(), measure(), told((MAY, 5), (JULY, 9)), told((JUNE, 4)))

    assert (found.part, found.whole) == (Reading(MAY, D(5)), Reading(JUNE, D(4)))


@pytest.mark.parametrize("day, is_conflict", [(MAY, False), (JUNE, True), (JULY, False)])
@pytest.mark.parametrize("basis", [Basis.LEVEL, Basis.NEW])
def test_of_levels_only_the_same_day_is_compared(day, is_conflict, basis):
    found = conflict_in(measure(basis), measure(Basis.LEVEL), told((day, 5)), told((JUNE, 4)))

    assert (found is not None) is is_conflict


@pytest.mark.parametrize(
    "part, whole, expected",
    [
        (measure(), measure(), True),
        (measure(Basis.NEW), measure(Basis.FLOW), True),
        (measure(Basis.NEW), measure(Basis.LEVEL), True),
        (measure(Basis.LEVEL), measure(Basis.LEVEL), True),
        (measure(Basis.LEVEL), measure(Basis.NEW), False),
        (measure(unit="家"), measure(unit="个"), False),
        (measure(Basis.SHARE, "%"), measure(Basis.SHARE, "%"), False),
        (measure(Basis.COMPLETION, "%"), measure(Basis.COMPLETION, "%"), False),
        (measure(Basis.GROWTH), measure(Basis.GROWTH), False),
        (measure(Basis.NET_NEW), measure(), False),
        (measure(), measure(Basis.NET_NEW), False),
        (measure(Basis.DELIVERABLE, ""), measure(Basis.DELIVERABLE, ""), False),
    ],
)
def test_what_can_be_compared(part, whole, expected):
    assert are_comparable(part, whole) is expected
    assert (conflict_in(part, whole, told((JUNE, 5)), told((JUNE, 4))) is not None) is expected
    assert is_over(part, Reading(JUNE, D(5)), whole, Reading(MAY, D(4))) is expected


@pytest.mark.parametrize("newest, expected", [(4, True), (5, False), (6, False)])
def test_a_part_over_the_newest_whole_is_doubted_whatever_its_day(newest, expected):
    for day in (MAY, JUNE, JULY):
        assert is_over(measure(), Reading(JUNE, D(5)), measure(), Reading(day, D(newest))) is expected


def test_without_a_whole_nothing_is_over():
    assert is_over(measure(), Reading(JUNE, D(5)), measure(), None) is False


figures = st.lists(st.tuples(st.sampled_from([MAY, JUNE, JULY]), st.integers(0, 9)), max_size=3).map(
    lambda pairs: told(*sorted(dict(pairs).items()))
)


@given(figures, figures)
def test_a_newer_and_sufficient_whole_always_settles_it(parts, wholes):
    enough = Reading(LAST, max((reading.value for reading in parts), default=D(0)))

    assert conflict_in(measure(), measure(), parts, [*wholes, enough]) is None


@given(figures, figures)
def test_a_conflict_is_always_a_doubt(parts, wholes):
    found = conflict_in(measure(), measure(), parts, wholes)

    assert found is None or is_over(measure(), found.part, measure(), wholes[-1])
