"""Words on a drawing: each is put where it covers no other. Pure geometry."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from pledges.charts.scales import Frame, at

WIDE, NARROW = 12.0, 6.9
ASCENT, DESCENT = 10.0, 3.0
GAP = 9.0
"""Pixels between a point and the words beside it."""

START, MIDDLE, END = "start", "middle", "end"

ABOVE = (0.0, -GAP, MIDDLE)
BELOW = (0.0, GAP + ASCENT, MIDDLE)
RIGHT = (GAP, 4.0, START)
LEFT = (-GAP, 4.0, END)
ABOVE_LEFT = (-GAP + 1, -GAP + 1, END)
ABOVE_RIGHT = (GAP - 1, -GAP + 1, START)
BELOW_RIGHT = (GAP - 1, GAP + ASCENT - 2, START)
BELOW_LEFT = (-GAP + 1, GAP + ASCENT - 2, END)
AROUND = (ABOVE, BELOW, ABOVE_LEFT, BELOW_RIGHT, ABOVE_RIGHT, BELOW_LEFT, RIGHT, LEFT)

Place = tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place, with the classes that colour them."""

    x: str
    y: str
    anchor: str
    words: str
    classes: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """What a label or a symbol covers."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def width_of(words: str) -> float:
    """About how wide words are at 12 px."""
    return sum(WIDE if east_asian_width(sign) in "WF" else NARROW for sign in words)


def box_of(words: str, x: float, y: float, anchor: str) -> Box:
    """What words cover when they stand at a place."""
    width = width_of(words)
    left = {START: x, MIDDLE: x - width / 2, END: x - width}[anchor]
    return Box(left, y - ASCENT, left + width, y + DESCENT)


@dataclass(slots=True)
class Labels:
    """The words of one drawing, put down in the order of their weight."""

    frame: Frame
    texts: list[Text] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    def keep_clear(self, x: float, y: float, *, around: float = 6.0) -> None:
        """A symbol stands here: no words over it."""
        self.taken.append(Box(x - around, y - around, x + around, y + around))

    def put(
        self, words: str, x: float, y: float, *, places: Iterable[Place] = AROUND, classes: str = "halo"
    ) -> bool:
        """The words at the first free place around a point; left away where none is free."""
        for dx, dy, anchor in places:
            box = box_of(words, x + dx, y + dy, anchor)
            if self._is_free(box):
                self._write(Text(at(x + dx), at(y + dy), anchor, words, classes), box)
                return True
        return False

    def fix(self, words: str, x: float, y: float, anchor: str = MIDDLE, classes: str = "") -> None:
        """Words that must stand exactly here, moved inwards only where the edge would cut them."""
        half = width_of(words) / 2
        if anchor == MIDDLE:
            x = min(max(x, half), self.frame.width - half)
        self._write(Text(at(x), at(y), anchor, words, classes), box_of(words, x, y, anchor))

    def _is_free(self, box: Box) -> bool:
        inside = box.left >= 0 and box.right <= self.frame.width and box.top >= 0
        return inside and box.bottom <= self.frame.bottom + DESCENT and not any(map(box.covers, self.taken))

    def _write(self, text: Text, box: Box) -> None:
        self.taken.append(box)
        self.texts.append(text)
