"""Anchors show what a chain alone cannot."""

import pytest

from pledges.rules.anchors import Anchor, anchor_in, moored, torn
from pledges.rules.chain import GENESIS, Head

A, B, C = "a" * 64, "b" * 64, "c" * 64


def anchor(number: int, sealed: str = A, *, restored: bool = False) -> Anchor:
    return Anchor("2022-07-01T00:00:00+00:00", number, number, sealed, restored)


def test_an_anchor_is_read_as_it_was_written():
    assert anchor_in(anchor(7).line) == anchor(7)


@pytest.mark.parametrize(
    "line",
    ["x", "[]", "{}", "7", '{"at":"x","id":"7","count":7,"hash":"' + A + '"}', anchor(7, "short").line,
     anchor(-1).line],
)  # fmt: skip
def test_what_is_no_anchor_is_told_by_its_line(line):
    assert moored([anchor(1).line, "", line, anchor(9).line]).unreadable == (3,)


def test_an_anchor_beyond_the_end_shows_that_the_end_was_cut_off():
    assert torn([anchor(3, A), anchor(5, B)], {3: A}, Head(4, C)) == [anchor(5, B)]


def test_an_anchor_with_another_hash_shows_that_the_chain_was_written_anew():
    assert torn([anchor(3, A), anchor(4, B)], {3: A, 4: C}, Head(4, C)) == [anchor(4, B)]


def test_the_anchor_of_an_empty_chain_holds():
    assert torn([anchor(0, GENESIS)], {}, Head(2, A)) == []


def test_what_a_restored_backup_did_not_have_is_not_missed():
    lines = [each.line for each in (anchor(3), anchor(9, B), anchor(5, C, restored=True), anchor(6, B))]

    assert [each.id for each in moored(lines).anchors] == [3, 5, 6]
