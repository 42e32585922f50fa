"""Anchors: where the chain ended on a day, kept outside of the database.

A chain alone cannot show that its end was cut off, nor that all of it was written anew; an anchor that
somebody else keeps can.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from pledges.rules.chain import GENESIS, Head


@dataclass(frozen=True)
class Anchor:
    """The number and the hash of the last row at a moment; `restored` where a backup was put back then."""

    at: str
    id: int
    count: int
    hash: str
    restored: bool = False

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True)
class Moored:
    """The anchors that still hold, and the lines that are none."""

    anchors: tuple[Anchor, ...] = ()
    unreadable: tuple[int, ...] = ()


def anchor_in(line: str) -> Anchor | None:
    """The anchor of a line; None where there is none."""
    try:
        said = json.loads(line)
        anchor = Anchor(**said)
    except (ValueError, TypeError):
        return None
    is_number = all(isinstance(number, int) and number >= 0 for number in (anchor.id, anchor.count))
    return anchor if is_number and isinstance(anchor.hash, str) and len(anchor.hash) == len(GENESIS) else None


def moored(lines: Iterable[str]) -> Moored:
    """The anchors of a file in their order. What a restored backup did not have holds no longer."""
    anchors: list[Anchor] = []
    unreadable = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        anchor = anchor_in(line)
        if anchor is None:
            unreadable.append(number)
            continue
        if anchor.restored:
            anchors = [earlier for earlier in anchors if earlier.id <= anchor.id]
        anchors.append(anchor)
    return Moored(tuple(anchors), tuple(unreadable))


def torn(anchors: Iterable[Anchor], passed: dict[int, str], end: Head) -> list[Anchor]:
    """The anchors that the chain does not hold; `passed` are the hashes at the rows that anchors name."""
    known = passed | {0: GENESIS}
    return [anchor for anchor in anchors if anchor.id > end.id or known.get(anchor.id) != anchor.hash]
