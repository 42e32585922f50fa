"""Many queries, one moment: what is read in batches must not change between the first and the last."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction

ONE_VIEW = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything that is read inside is read as of its first query. Nobody waits for it, and it must not write.

    Inside a transaction it is that transaction that says what is seen.
    """
    if connection.in_atomic_block:
        yield
        return
    with ExitStack() as stack:
        with _without_write_lock():
            stack.enter_context(transaction.atomic())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(ONE_VIEW)
        yield


@contextmanager
def _without_write_lock() -> Iterator[None]:
    """Transactions of SQLite take the write lock when they begin, for they mean to write; this one does not."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()  # which reads the mode from the settings
    sqlite: Any = connection
    kept, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = kept
