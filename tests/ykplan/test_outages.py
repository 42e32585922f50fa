"""Which faults are a database that cannot answer, and which are our own."""

import sqlite3

import psycopg
import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.db.transaction import TransactionManagementError
from psycopg import errors

from ykplan.outages import Outage, outage_in


def wrapped(kind, driver):
    """As the framework hands an error of its driver on."""
    error = kind("x")
    error.__cause__ = driver
    return error


def of_sqlite(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorname = name
    return error


OUTAGES = [
    (wrapped(OperationalError, psycopg.OperationalError("connection failed")), Outage.LOST),
    (wrapped(OperationalError, errors.AdminShutdown()), Outage.LOST),
    (wrapped(OperationalError, errors.CannotConnectNow()), Outage.LOST),
    (wrapped(OperationalError, errors.IdleInTransactionSessionTimeout()), Outage.LOST),
    (wrapped(DatabaseError, errors.ReadOnlySqlTransaction()), Outage.LOST),
    (wrapped(OperationalError, errors.TooManyConnections()), Outage.BUSY),
    (wrapped(OperationalError, errors.QueryCanceled()), Outage.BUSY),
    (wrapped(OperationalError, errors.LockNotAvailable()), Outage.BUSY),
    (wrapped(OperationalError, errors.DeadlockDetected()), Outage.BUSY),
    (wrapped(OperationalError, errors.DiskFull()), Outage.FULL),
    (wrapped(OperationalError, of_sqlite("SQLITE_BUSY")), Outage.BUSY),
    (wrapped(OperationalError, of_sqlite("SQLITE_BUSY_SNAPSHOT")), Outage.BUSY),
    (wrapped(OperationalError, of_sqlite("SQLITE_FULL")), Outage.FULL),
    (wrapped(OperationalError, of_sqlite("SQLITE_IOERR_WRITE")), Outage.LOST),
    (wrapped(OperationalError, of_sqlite("SQLITE_CANTOPEN")), Outage.LOST),
]
FAULTS = [
    None,
    ZeroDivisionError(),
    OperationalError("raised by hand"),
    wrapped(ProgrammingError, errors.UndefinedTable()),
    wrapped(DataError, errors.NumericValueOutOfRange()),
    wrapped(IntegrityError, errors.UniqueViolation()),
    wrapped(InterfaceError, psycopg.InterfaceError("cursor already closed")),
    wrapped(OperationalError, of_sqlite("SQLITE_ERROR")),
    wrapped(OperationalError, sqlite3.OperationalError("no code")),
    wrapped(ZeroDivisionError, ZeroDivisionError()),
]


@pytest.mark.parametrize("error, kind", OUTAGES)
def test_what_the_database_says_of_itself_is_an_outage(error, kind):
    assert outage_in(error) is kind


@pytest.mark.parametrize("error", FAULTS)
def test_a_fault_of_ours_is_none(error):
    assert outage_in(error) is None


def test_what_only_follows_from_an_outage_is_one_too():
    follows = TransactionManagementError("x")
    follows.__cause__ = OUTAGES[0][0]

    assert outage_in(follows) is Outage.LOST


def test_an_error_that_was_handled_before_another_is_not_its_cause():
    ours = ZeroDivisionError()
    ours.__context__ = OUTAGES[0][0]

    assert outage_in(ours) is None


def test_a_table_that_is_not_there_stays_our_fault(db):
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nothing_here")

    assert outage_in(caught.value) is None
