"""A made-up paper: a whole PDF that is taken like any other, with the words in it."""

from io import BytesIO

from pledges.rules.files import MEGABYTE, Kind, kind_of
from pledges.rules.papers import paper_of


def test_a_paper_is_a_pdf_that_is_taken():
    page = paper_of(["演练数据", "军令状事项 14-02"])

    assert kind_of("a.pdf", BytesIO(page), len(page), most=MEGABYTE) == Kind.PDF
    assert "演练数据".encode("utf-16-be").hex().encode() in page


def test_the_table_says_where_each_object_begins():
    page = paper_of(["一", "二"])

    table = int(page.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    rows = page[table:].split(b"\n")[3:8]
    starts = [page[int(row[:10]) :].split(b" ", 1)[0] for row in rows]
    assert (page[table : table + 4], starts) == (b"xref", [b"1", b"2", b"3", b"4", b"5"])
    stream = page.split(b"stream\n")[1].removesuffix(b"\nend")
    assert b"/Length %d >>" % len(stream) in page


def test_the_same_words_are_the_same_paper():
    assert paper_of(["一"]) == paper_of(["一"]) != paper_of(["二"])
