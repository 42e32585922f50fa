"""The lines of a newspaper column, read back into headings and paragraphs. Pure.

The stored text keeps the column's line breaks, in the middle of sentences. Nothing marks where a paragraph
ends, so it is read off the way a reader's eye does: its last line ends a sentence, and either leaves room in
the column or is followed by a line short enough to be an indented one.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar
from unicodedata import east_asian_width

FULL_LINE = range(45, 57)
"""Half-widths of a line that fills the column: about 23 characters, more where punctuation is set close."""

INDENTED_LINE = 44
"""Half-widths up to which a line may be the indented first of a paragraph."""

SENTENCE_ENDS = ("。", "。”", "！", "？")
Key = TypeVar("Key")
LINE = re.compile(r"[^\r\n]*\S")
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line: where it stands in the stored text, without the blanks around it."""

    start: int
    end: int
    words: str

    @property
    def width(self) -> int:
        """Half-widths, blanks left out: digits are set as wide as the line needs."""
        return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in BLANKS.sub("", self.words))


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with its paragraphs, each a list of rows. What stands before the first heading has none."""

    heading: Row | None
    paragraphs: tuple[tuple[Row, ...], ...]


def rows_of(text: str) -> list[Row]:
    """The printed lines, empty ones left out."""
    rows = []
    for found in LINE.finditer(text):
        words = found[0].lstrip()
        rows.append(Row(found.end() - len(words), found.end(), words))
    return rows


def blocks_of(rows: Iterable[Row], headings: Collection[str]) -> list[Block]:
    """The rows under their headings: a heading is a line that is one of the given names and nothing else."""
    blocks: list[tuple[Row | None, list[Row]]] = [(None, [])]
    for row in rows:
        if row.words in headings:
            blocks.append((row, []))
        else:
            blocks[-1][1].append(row)
    return [Block(heading, tuple(paragraphs_of(body))) for heading, body in blocks if heading or body]


def paragraphs_of(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    """The rows of one column, parted where one paragraph ends and the next begins."""
    paragraph: list[Row] = []
    for row in rows:
        if paragraph and _ends_before(paragraph[-1], row):
            yield tuple(paragraph)
            paragraph = []
        paragraph.append(row)
    if paragraph:
        yield tuple(paragraph)


def _ends_before(row: Row, following: Row) -> bool:
    if not row.words.endswith(SENTENCE_ENDS):
        return False
    return row.width not in FULL_LINE or following.width <= INDENTED_LINE


def shown_offsets(text: str, start: int, end: int) -> Iterator[int]:
    """The places of the characters to show: line breaks go, and the blanks that were set around digits."""
    for offset in range(start, end):
        inside = start < offset < end - 1
        if not text[offset].isspace() or (inside and _parts_words(text[offset - 1 : offset + 2])):
            yield offset


def _parts_words(signs: str) -> bool:
    """Whether the middle of three signs is a blank between words; beside a digit it is only the setter's."""
    before, blank, after = tuple(signs)
    if blank in "\r\n" or before.isspace() or after.isspace():
        return False
    return not any(sign.isascii() and sign.isalnum() for sign in before + after)


def runs(text: str, offsets: Iterable[int], key: Callable[[int], Key]) -> list[tuple[Key, str]]:
    """The characters at these places, joined as long as they have the same key."""
    return [(found, "".join(text[offset] for offset in run)) for found, run in groupby(offsets, key)]
