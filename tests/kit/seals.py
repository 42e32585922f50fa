"""The audit table refuses to be emptied. Tests that commit must empty it; tests of tampering must write on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as default
from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations

TABLE = "pledges_auditevent"
OF_SQLITE = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'"


@contextmanager
def unsealed(connection=default) -> Iterator[None]:
    """The triggers off, as whoever owns the database can have them, and on again afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
            yield
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
            return
        triggers = cursor.execute(OF_SQLITE).fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


def costs_of_a_row() -> int:
    """So many questions the database is asked to append one row: the lock, where there is one, the head, the row."""
    return 3 if default.vendor == "postgresql" else 2


empty = BaseDatabaseOperations.execute_sql_flush


def empty_unsealed(operations, sql_list):
    """What Django does after a test that commits, in one transaction with the triggers off."""
    with transaction.atomic(using=operations.connection.alias), unsealed(operations.connection):
        return empty(operations, sql_list)


def let_tests_empty_the_audit() -> None:
    BaseDatabaseOperations.execute_sql_flush = empty_unsealed
