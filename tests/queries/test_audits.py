"""Whoever rewrites what happened is found out. A thousand times, on the database itself."""

import random
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from pledges.actions.anchors import drop_anchor
from pledges.actions.audit import newest_head, record, recorded_together
from pledges.models import AuditEvent
from pledges.queries import audits
from pledges.queries.audits import MOST_TOLD, examine, missing_guards
from pledges.rules.chain import STORED, Break, Fault, seal
from tests.kit.seals import TABLE, unsealed

NOW = datetime(2022, 7, 1, 1, tzinfo=UTC)
NUMBERS = {"id", "at_us", "actor_id", "pledge_id"}
ROWS = 12
TIMES = 1_000

Rows = list[dict[str, object]]


@pytest.fixture
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    return settings.AUDIT_ANCHORS


@pytest.fixture
def chain(lin, pledge, anchors):
    """Twelve rows, the last of them anchored."""
    with transaction.atomic(), recorded_together():
        for step in range(ROWS):
            thing, actor = (pledge, lin) if step % 2 else (None, None)
            record(f"test.step{step}", thing, actor=actor, name="manage.py", after={"note": f"第{step}步"})
    drop_anchor(newest_head(), now=NOW)
    return list(AuditEvent.objects.values(*STORED))


def edit(rows: Rows, dice: random.Random) -> None:
    """Another byte in any column of any row."""
    row, column = dice.choice(rows), dice.choice(STORED)
    if column in NUMBERS:
        row[column] = dice.choice([int(str(row[column] or 0)) + dice.randint(100, 999)])
        return
    text = str(row[column]) or "x"
    place = dice.randrange(len(text))
    other = dice.choice("".join(sorted(set("0123456789abcdefXYZ字") - {text[place]})))
    row[column] = (text[:place] + other + text[place + 1 :]) if row[column] else other


def delete(rows: Rows, dice: random.Random) -> None:
    del rows[dice.randrange(len(rows))]


def reorder(rows: Rows, dice: random.Random) -> None:
    one, other = dice.sample(rows, 2)
    one["id"], other["id"] = other["id"], one["id"]


def insert(rows: Rows, dice: random.Random) -> None:
    """A row that never was, with a right seal of its own; those after it move up."""
    place = dice.randrange(len(rows) - 1)
    before = rows[place]
    for row in rows[place + 1 :]:
        row["id"] = int(str(row["id"])) + 1
    forged = before | {"id": int(str(before["id"])) + 1, "action": "forged", "prev_hash": before["row_hash"]}
    later = rows[place + 1 :]
    later[0]["prev_hash"] = seal(forged)  # unique in the database
    rows.insert(place + 1, forged | {"row_hash": seal(forged)})


def truncate(rows: Rows, dice: random.Random) -> None:
    del rows[dice.randrange(len(rows)) :]


def write_anew(rows: Rows, dice: random.Random) -> None:
    """By somebody who knows how rows are sealed: only the anchor knows."""
    place = dice.randrange(len(rows))
    rows[place]["payload"] = "{}"
    for number in range(place, len(rows)):
        if number:
            rows[number]["prev_hash"] = rows[number - 1]["row_hash"]
        rows[number]["row_hash"] = seal(rows[number])


TAMPERS = [edit, edit, edit, delete, reorder, insert, truncate, write_anew]


def put(rows: Rows) -> None:
    columns, marks = ", ".join(STORED), ", ".join(["%s"] * len(STORED))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.executemany(
            f"INSERT INTO {TABLE} ({columns}) VALUES ({marks})",
            [[row[column] for column in STORED] for row in rows],
        )


def test_a_chain_that_nobody_touched_is_whole(chain, anchors):
    found = examine(anchors)

    assert (found.is_whole, found.rows, found.end) == (True, ROWS, newest_head())


def test_an_empty_chain_is_whole(db, tmp_path):
    assert examine(tmp_path / "none").is_whole
    assert examine().rows == 0


def test_of_a_thousand_tampers_none_is_missed(chain, anchors, monkeypatch):
    monkeypatch.setattr(audits, "missing_guards", list)  # they are gone here, and would tell by themselves
    dice, missed, done = random.Random(20220701), [], dict.fromkeys((t.__name__ for t in TAMPERS), 0)

    with unsealed():
        for time in range(TIMES):
            tamper = dice.choice(TAMPERS)
            rows = [dict(row) for row in chain]
            tamper(rows, dice)
            place = transaction.savepoint()
            put(rows)
            if examine(anchors).is_whole:
                missed.append((time, tamper.__name__))
            transaction.savepoint_rollback(place)
            done[tamper.__name__] += 1

    assert missed == []
    assert all(done.values())
    assert examine(anchors).is_whole


@pytest.mark.parametrize("tamper", [truncate, write_anew])
def test_without_an_anchor_the_end_could_be_cut_off_and_the_whole_written_anew(chain, tamper, monkeypatch):
    monkeypatch.setattr(audits, "missing_guards", list)
    rows = [dict(row) for row in chain]
    tamper(rows, random.Random(1))
    with unsealed():
        put(rows)

    assert examine().is_whole


def test_every_fault_is_told_in_words_and_of_many_only_the_first(chain, anchors):
    with anchors.open("a") as file:
        file.write("nothing\n")
    with unsealed(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET payload = 'x'")
    found = examine(anchors)

    assert (found.faults, len(found.words)) == (ROWS + 1, ROWS + 1)
    assert "1" in found.words[0]
    for _ in range(MOST_TOLD):
        found.find("more")
    assert len(found.words) == MOST_TOLD
    assert len({audits.fault_words(Fault(1, kind)) for kind in Break}) == len(Break)


def test_missing_triggers_are_found(chain):
    assert missing_guards() == []
    with unsealed():
        missing, found = missing_guards(), examine()

    assert len(missing) == (1 if connection.vendor == "postgresql" else 3)
    assert (found.faults, found.is_whole) == (len(missing), False)
