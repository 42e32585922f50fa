"""The score of a department, and the places that follow from it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.choices import Light
from pledges.rules.scores import places_of, rise_of, score_of

counts_of_lights = st.fixed_dictionaries({light: st.integers(0, 50) for light in Light})


def counts(red=0, yellow=0, green=0, done=0, grey=0):
    return dict(zip(Light, (red, yellow, green, done, grey), strict=True))


@pytest.mark.parametrize(
    "lights, weight, grey_counts, score",
    [
        (counts(green=3, done=1), 0, False, Fraction(100)),
        (counts(red=1, green=1), 0, False, Fraction(50)),
        (counts(yellow=1, green=1), 0, False, Fraction(50)),
        (counts(yellow=1, green=1), 50, False, Fraction(75)),
        (counts(yellow=3), 100, False, Fraction(100)),
        (counts(green=1, grey=1), 0, False, Fraction(100)),
        (counts(green=1, grey=1), 0, True, Fraction(50)),
        (counts(red=2), 50, False, Fraction(0)),
        (counts(grey=5), 0, False, None),
        (counts(grey=5), 0, True, Fraction(0)),
        (counts(), 0, True, None),
        (counts(red=1, green=2), 0, False, Fraction(200, 3)),
    ],
)
def test_the_score(lights, weight, grey_counts, score):
    assert score_of(lights, yellow_weight=weight, grey_counts=grey_counts) == score


@pytest.mark.parametrize(
    "scores, places",
    [
        ([], []),
        ([50, 100, 75], [3, 1, 2]),
        ([50, 50, 40], [1, 1, 3]),
        ([None, 50, None], [None, 1, None]),
        ([10, 30, 30, 30, 20], [5, 1, 1, 1, 4]),
    ],
)
def test_equal_scores_share_a_place(scores, places):
    assert places_of([None if each is None else Fraction(each) for each in scores]) == places


@pytest.mark.parametrize(
    "now, before, rise", [(1, 3, 2), (3, 1, -2), (2, 2, 0), (None, 1, None), (1, None, None)]
)
def test_the_change_of_place(now, before, rise):
    assert rise_of(now, before) == rise


@given(counts_of_lights, st.integers(0, 100), st.booleans())
def test_a_score_is_a_share(lights, weight, grey_counts):
    score = score_of(lights, yellow_weight=weight, grey_counts=grey_counts)

    assert score is None or 0 <= score <= 100


@given(counts_of_lights, st.integers(0, 100), st.booleans())
def test_an_alert_that_recovers_never_lowers_the_score(lights, weight, grey_counts):
    alert, recovered = dict(lights), dict(lights)
    alert[Light.RED] += 1
    recovered[Light.GREEN] += 1
    asked = {"yellow_weight": weight, "grey_counts": grey_counts}

    assert score_of(recovered, **asked) >= score_of(alert, **asked)


@given(st.lists(st.one_of(st.none(), st.integers(0, 5).map(Fraction))))
def test_a_better_score_never_has_a_worse_place(scores):
    places = places_of(scores)

    assert [
        (one, other)
        for one, a in zip(scores, places, strict=True)
        for other, b in zip(scores, places, strict=True)
        if one is not None and other is not None and (one > other) != (a < b)
    ] == []
