"""A hundred people at once, one chain."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, connections, transaction

from pledges.actions import audit
from pledges.actions.audit import record
from pledges.models import AuditEvent, Heartbeat
from pledges.queries.audits import examine

WRITERS, EACH, AT_ONCE = 100, 5, 25


def write(writer: int) -> int:
    """Five changes, each with its row in its own transaction. Returns how many the database refused."""
    refused = 0
    try:
        for step in range(EACH):
            try:
                with transaction.atomic():
                    # In the unguarded twin, as in every action: look first, then write.
                    Heartbeat.objects.filter(duty="none").exists()
                    record("test.race", actor=None, name=f"{writer}.{step}")
            except DatabaseError:
                refused += 1
    finally:
        connections.close_all()
    return refused


def race() -> int:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(write, range(WRITERS)))


@pytest.mark.django_db(transaction=True)
def test_a_hundred_writers_make_one_chain_without_a_fork():
    assert race() == 0

    found = examine()
    assert (found.rows, found.words) == (WRITERS * EACH, [])
    assert AuditEvent.objects.values("actor_name").distinct().count() == WRITERS * EACH


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_fork_and_the_database_refuses(monkeypatch):
    """What holds then is the unique hash: the forks are refused, and with them people's changes."""
    monkeypatch.setattr(audit, "_hold_head", lambda: None)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")

    assert race() > 0
    assert examine().is_whole
