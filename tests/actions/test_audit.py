"""What happened is appended, and nobody takes it back."""

import pytest
from django.db import DatabaseError, connection, transaction

from pledges.actions.audit import newest_head, record, recorded_together
from pledges.choices import AuditOutcome
from pledges.models import AuditEvent
from pledges.rules.chain import GENESIS, STORED, Head, walk
from tests.kit.seals import TABLE, unsealed
from ykplan.callers import Caller, _caller

REWRITES = [
    f"UPDATE {TABLE} SET action = 'nothing.happened'",
    f"UPDATE {TABLE} SET payload = payload",
    f"DELETE FROM {TABLE}",
]


@pytest.fixture
def told(db) -> AuditEvent:
    record("test.done", actor=None, name="manage.py test")
    return AuditEvent.objects.latest("id")


def refusal_of(sql: str) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return str(refusal.value)


@pytest.mark.parametrize("sql", REWRITES)
def test_the_database_itself_refuses_to_rewrite_what_happened(told, sql):
    before = list(AuditEvent.objects.values())

    assert "never changed or deleted" in refusal_of(sql)
    assert list(AuditEvent.objects.values()) == before


def test_the_database_refuses_to_empty_or_replace_what_happened(told):
    columns = ", ".join(f"'x' || {name}" if name == "action" else name for name in STORED)
    emptied = f"TRUNCATE {TABLE}" if connection.vendor == "postgresql" else f"DELETE FROM {TABLE}"
    replaced = f"REPLACE INTO {TABLE} ({', '.join(STORED)}) SELECT {columns} FROM {TABLE}"
    upserted = (
        f"INSERT INTO {TABLE} ({', '.join(STORED)}) SELECT {columns} FROM {TABLE} WHERE true "
        f"ON CONFLICT (id) DO UPDATE SET action = 'x'"
    )

    for sql in (emptied, upserted if connection.vendor == "postgresql" else replaced, upserted):
        assert "never changed or deleted" in refusal_of(sql)

    assert AuditEvent.objects.get().action == "test.done"


@pytest.mark.parametrize("sql", REWRITES)
def test_without_the_triggers_it_would_be_rewritten(told, sql):
    with unsealed(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == 1


def test_the_model_refuses_before_the_database_does(told):
    with pytest.raises(TypeError, match="never edited"):
        told.save()
    with pytest.raises(TypeError, match="never deleted"):
        told.delete()


def test_the_first_row_begins_the_chain_and_each_names_the_one_before(db, lin, pledge):
    for step in range(3):
        record("test.step", pledge, actor=lin, after={"step": step})

    rows = list(AuditEvent.objects.values(*STORED))
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert rows[0]["prev_hash"] == GENESIS
    assert [fault for _head, fault in walk(rows)] == [None, None, None]
    assert newest_head() == Head(3, rows[-1]["row_hash"])


def test_a_row_says_who_from_where_what_and_what_became_of_it(lin, pledge):
    token = _caller.set(Caller("192.0.2.7", "beef"))
    try:
        record("test.refused", pledge, actor=lin, before={"a": 1}, outcome=AuditOutcome.DENIED)
    finally:
        _caller.reset(token)

    row = AuditEvent.objects.get()
    assert (row.actor_id, row.actor_name, row.source_ip, row.request_id) == (
        lin.pk,
        "林会计",
        "192.0.2.7",
        "beef",
    )
    assert (row.object_type, row.object_id, row.pledge_id) == ("pledge", str(pledge.pk), pledge.pk)
    assert (row.outcome, row.payload) == ("denied", '{"before":{"a":1}}')
    assert str(row) == f"1 test.refused pledge {pledge.pk}"


def test_a_name_longer_than_the_column_is_cut_before_it_is_sealed(db):
    record("test.done", actor=None, name="名\0" * 200)

    assert AuditEvent.objects.get().actor_name == "名" * 150
    assert [fault for _head, fault in walk(AuditEvent.objects.values(*STORED))] == [None]


def test_what_is_rolled_back_leaves_no_row(told, lin):
    with transaction.atomic():
        record("test.done", actor=lin)
        transaction.set_rollback(True)

    assert AuditEvent.objects.count() == 1


def test_many_changes_of_one_transaction_are_appended_at_its_end(db, lin):
    with transaction.atomic(), recorded_together():
        record("test.first", actor=lin)
        with recorded_together():
            record("test.second", actor=lin)
        assert AuditEvent.objects.count() == 0
        record("test.third", actor=lin)

    rows = AuditEvent.objects.values(*STORED)
    assert [row["action"] for row in rows] == ["test.first", "test.second", "test.third"]
    assert [fault for _head, fault in walk(rows)] == [None] * 3


def gather_and_fail(actor) -> None:
    with transaction.atomic(), recorded_together():
        record("test.first", actor=actor)
        raise ZeroDivisionError


def test_a_gathering_that_fails_appends_nothing_and_leaves_nothing_behind(db, lin):
    with pytest.raises(ZeroDivisionError):
        gather_and_fail(lin)
    with recorded_together():
        pass
    record("test.second", actor=lin)

    assert [event.action for event in AuditEvent.objects.all()] == ["test.second"]
