"""The bar of a department: a cell for each pledge while cells can be seen, one piece for each light where not."""

import pytest

from pledges.choices import Light
from pledges.queries.board import Counts
from pledges.templatetags.overview import SEEN_CELLS, cells_bar


def counts(red, green):
    found = Counts()
    found.by_light |= {Light.RED: red, Light.GREEN: green}
    return found


@pytest.mark.parametrize(
    "red, green, drawn", [(2, 1, 3), (0, 1, 1), (20, SEEN_CELLS - 20, SEEN_CELLS), (21, SEEN_CELLS - 20, 2)]
)
def test_what_is_drawn_is_bounded(red, green, drawn):
    assert cells_bar(counts(red, green)).count("h-") == drawn


def test_both_ways_are_equally_long_and_say_the_same():
    html = cells_bar(counts(1, SEEN_CELLS))

    assert 'd="M0 0h8v12h-8z"' in html
    assert f"M9 0h{9 * SEEN_CELLS - 1}v12" in html
    assert f'viewBox="0 0 {9 * (SEEN_CELLS + 1) - 1} 12"' in html
    assert str(SEEN_CELLS) in html.partition("aria-label")[2].partition(">")[0]
