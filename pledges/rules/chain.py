"""The chain of what happened: each row is sealed with the seal of the row before it.

What is sealed are the bytes as stored, every column of them, each with its length in front: no two
different rows give the same bytes, and a row that was edited, taken out, put in or moved no longer fits.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

GENESIS = "0" * 64
ALGORITHMS = ("sha256", "sm3")
"""Both give 64 hexadecimal digits. SM3 is there for offices that must use it (GB/T 39786)."""

SEALED = (
    *("id", "at_us", "actor_id", "actor_name", "source_ip", "request_id", "action", "object_type"),
    *("object_id", "pledge_id", "outcome", "payload", "algorithm", "prev_hash"),
)
STORED = (*SEALED, "row_hash")

Row = Mapping[str, object]


class Break(Enum):
    """What can be wrong with a row."""

    GAP = "gap"
    UNLINKED = "unlinked"
    ALTERED = "altered"
    UNKNOWN_SEAL = "unknown_seal"


@dataclass(frozen=True)
class Head:
    """The end of the chain: the next row is numbered one more and names this hash."""

    id: int = 0
    hash: str = GENESIS


@dataclass(frozen=True)
class Fault:
    """The row at which the chain does not hold, and why."""

    id: int
    kind: Break
    expected: str = ""


def canonical(row: Row) -> bytes:
    """The bytes that are sealed. Nothing (NULL) and an empty text differ."""
    return b"".join(_measured(row[column]) for column in SEALED)


def _measured(value: object) -> bytes:
    if value is None:
        return b"-;"
    stored = str(value).encode("utf-8", "surrogatepass")
    return b"%d:%s;" % (len(stored), stored)


def seal(row: Row) -> str:
    """The hash of a row, by the algorithm that the row itself names."""
    return hashlib.new(str(row["algorithm"]), canonical(row)).hexdigest()


def fault_after(head: Head, row: Row) -> Fault | None:
    """What is wrong with a row that should follow this head; None when it fits."""
    here = int(str(row["id"]))
    if here != head.id + 1:
        return Fault(here, Break.GAP, str(head.id + 1))
    if row["prev_hash"] != head.hash:
        return Fault(here, Break.UNLINKED, head.hash)
    if row["algorithm"] not in ALGORITHMS:
        return Fault(here, Break.UNKNOWN_SEAL)
    if row["row_hash"] != (right := seal(row)):
        return Fault(here, Break.ALTERED, right)
    return None


def head_of(row: Row) -> Head:
    """The head after a row, as the row itself says."""
    return Head(int(str(row["id"])), str(row["row_hash"]))


def walk(rows: Iterable[Row], *, head: Head = Head()) -> Iterator[tuple[Head, Fault | None]]:
    """Row by row, in the order of their numbers: the head reached and what is wrong there.

    After a fault the walk goes on from what the row says, so that one wrong row is told once.
    """
    for row in rows:
        fault = fault_after(head, row)
        head = head_of(row)
        yield head, fault
