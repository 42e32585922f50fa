"""The steps of one number, by the department that took them."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pledges.rules.shares import Step, contributions
from tests.rules.making import D

steps = st.lists(st.builds(Step, st.integers(0, 50).map(Decimal), st.sampled_from([1, 2, None])), max_size=8)


def test_each_step_counts_for_the_one_who_took_it():
    told = [Step(D(3), 1), Step(D(4), 2), Step(D(9), 1)]

    assert contributions(D(0), told) == {1: D(8), 2: D(1)}


def test_a_fall_takes_from_the_one_who_reports_it():
    assert contributions(D(0), [Step(D(3), 1), Step(D(2), 2)]) == {1: D(3), 2: D(-1)}


@given(st.integers(0, 9).map(Decimal), steps)
def test_together_they_are_the_number(start, told):
    newest = told[-1].value if told else start

    assert start + sum(contributions(start, told).values()) == newest
