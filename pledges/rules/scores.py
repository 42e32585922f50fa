"""How well a department stands: one number from its lights, and the places that follow from it. Pure.

The weights are settings of the campaign; the formula is printed beside the ranking. Reporting discipline
is counted elsewhere and never mixed in.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from pledges.choices import Light

FULL = 100
"""What a pledge counts that is on track or done, in per cent."""


def score_of(counts: Mapping[Light, int], *, yellow_weight: int, grey_counts: bool) -> Fraction | None:
    """Per cent of the judged pledges that are on track or done; one that is behind counts its weight.

    (on track + done + weight x behind) / (all - not due); nothing judged has no score.
    """
    judged = sum(counts.values()) - (0 if grey_counts else counts[Light.GREY])
    if not judged:
        return None
    kept = FULL * (counts[Light.GREEN] + counts[Light.DONE]) + yellow_weight * counts[Light.YELLOW]
    return Fraction(kept, judged)


def places_of(scores: Sequence[Fraction | None]) -> list[int | None]:
    """The place of each score, the highest first; equal scores share one, and the next is left out."""
    shared = Counter(score for score in scores if score is not None)
    places, next_place = dict[Fraction, int](), 1
    for score in sorted(shared, reverse=True):
        places[score] = next_place
        next_place += shared[score]
    return [None if score is None else places[score] for score in scores]


def rise_of(place: int | None, before: int | None) -> int | None:
    """How many places up since an earlier day, below zero for down; None where one of the days has none."""
    return None if place is None or before is None else before - place
