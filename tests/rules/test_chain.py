"""The chain of what happened."""

import pytest

from pledges.rules.chain import (
    GENESIS,
    SEALED,
    STORED,
    Break,
    Fault,
    Head,
    canonical,
    fault_after,
    seal,
    walk,
)

NULLABLE = {"actor_id", "pledge_id"}


def row(number: int, before: str = GENESIS, **more: object) -> dict[str, object]:
    facts: dict[str, object] = dict.fromkeys(SEALED, "")
    facts |= {"id": number, "at_us": 1, "actor_id": None, "pledge_id": 7, "algorithm": "sha256"}
    facts |= {"prev_hash": before} | more
    return facts | {"row_hash": seal(facts)}


def chain_of(length: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number in range(1, length + 1):
        rows.append(row(number, str(rows[-1]["row_hash"]) if rows else GENESIS))
    return rows


def faults(rows: list[dict[str, object]]) -> list[Fault]:
    return [fault for _head, fault in walk(rows) if fault]


def test_a_chain_that_nobody_touched_holds():
    rows = chain_of(5)

    assert [head.id for head, _fault in walk(rows)] == [1, 2, 3, 4, 5]
    assert faults(rows) == []


def test_every_column_is_sealed_but_the_seal_itself():
    assert set(STORED) - set(SEALED) == {"row_hash"}


@pytest.mark.parametrize("column", SEALED)
def test_a_change_of_any_column_is_seen(column):
    rows = chain_of(3)
    rows[1][column] = 99 if column in {"id", "at_us", *NULLABLE} else "x"

    assert faults(rows)[0].id in {2, 99}


def test_a_changed_seal_breaks_its_row_and_the_next():
    rows = chain_of(3)
    rows[1]["row_hash"] = "f" * 64

    assert [(fault.id, fault.kind) for fault in faults(rows)] == [(2, Break.ALTERED), (3, Break.UNLINKED)]


def test_a_row_that_is_missing_is_told_with_the_number_that_should_follow():
    rows = chain_of(4)
    del rows[1]

    assert faults(rows) == [Fault(3, Break.GAP, "2")]


def test_a_row_rewritten_with_a_seal_of_its_own_no_longer_fits_the_next():
    rows = chain_of(3)
    rows[1] = row(2, str(rows[0]["row_hash"]), action="other")

    assert [(fault.id, fault.kind) for fault in faults(rows)] == [(3, Break.UNLINKED)]


def test_an_algorithm_that_nobody_agreed_on_is_a_fault():
    forged = row(1) | {"algorithm": "md5"}

    assert fault_after(Head(), forged) == Fault(1, Break.UNKNOWN_SEAL)


def test_sm3_seals_too():
    sealed = row(1, algorithm="sm3")

    assert fault_after(Head(), sealed) is None
    assert len(str(sealed["row_hash"])) == 64


@pytest.mark.parametrize(
    "one, other",
    [
        ({"action": "ab", "object_type": "c"}, {"action": "a", "object_type": "bc"}),
        ({"actor_id": None}, {"actor_id": ""}),
        ({"payload": "1:a;"}, {"payload": ""}),
        ({"payload": "\ud800"}, {"payload": "?"}),
    ],
)
def test_different_rows_never_give_the_same_bytes(one, other):
    assert canonical(row(1) | one) != canonical(row(1) | other)
