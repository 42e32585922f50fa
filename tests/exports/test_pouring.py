"""A sheet begins before its rows are read, and one that broke off opens nowhere."""

import gc
import io
from zipfile import BadZipFile

import pytest
from openpyxl import load_workbook

from pledges.exports.xlsx import PIECE, Sheet, pour, write_book

ROWS = 3_000


class Source:
    """Rows that no compression makes small, counted as they are asked for."""

    def __init__(self, *, breaks_at=ROWS):
        self.asked, self.breaks_at = 0, breaks_at

    def __iter__(self):
        for number in range(ROWS):
            if number == self.breaks_at:
                raise LookupError("the database is gone")
            self.asked = number + 1
            yield [number, f"{hash((number, 'x')):x}{hash((number, 'y')):x}"]


def poured(*sources):
    return pour(Sheet(f"s{number}", ["n", "text"], rows) for number, rows in enumerate(sources))


def test_it_begins_before_the_rows_are_read():
    source = Source()
    pieces = poured(source)

    next(pieces)
    assert source.asked < ROWS / 10
    taken = 1
    for _piece in pieces:
        taken += 1
    assert (source.asked, taken > 5) == (ROWS, True)


def test_no_piece_waits_for_many_others():
    assert max(map(len, poured(Source()))) < 20 * PIECE


def test_pieces_and_whole_are_the_same_book():
    first, second = load_workbook(io.BytesIO(b"".join(poured(Source(), Source())))).worksheets

    assert list(first.values) == list(second.values)
    assert (first.max_row, first.freeze_panes) == (ROWS + 1, "A2")


def test_a_later_sheet_is_not_asked_before_its_turn():
    first, second = Source(), Source()
    pieces = poured(first, second)
    while not second.asked:
        next(pieces)

    assert first.asked == ROWS


@pytest.mark.parametrize("breaks_at", [0, 1, 100, ROWS - 1])
def test_what_broke_off_is_no_book(breaks_at):
    sent: list[bytes] = []
    with pytest.raises(LookupError):
        sent.extend(poured(Source(breaks_at=breaks_at)))

    with pytest.raises(BadZipFile):
        load_workbook(io.BytesIO(b"".join(sent)))


def test_whole_it_would_open():
    """The twin: the same pieces, not broken off."""
    assert load_workbook(io.BytesIO(write_book([Sheet("s", ["n"], Source())]))).active.max_row == ROWS + 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("taken", [0, 1, 3])
def test_a_reader_may_leave_at_any_time(taken):
    """Nothing complains, and nothing more is asked."""
    source = Source()
    pieces = poured(source)
    for _number in range(taken):
        next(pieces)
    asked = source.asked

    pieces.close()
    del pieces
    gc.collect()

    assert source.asked == asked < ROWS


def test_sentences_stand_under_the_rows_and_widen_no_column():
    book = load_workbook(io.BytesIO(write_book([Sheet("s", ["n"], [[1]], notes=["x" * 30, "y"])])))

    assert [row[0] for row in book.active.values] == ["n", 1, None, "x" * 30, "y"]
    assert book.active.column_dimensions["A"].width == 8
