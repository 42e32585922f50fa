"""Append to the chain of what happened, in the transaction of the change."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, Model

from pledges.choices import AuditOutcome
from pledges.models import AuditEvent, Pledge, User
from pledges.rules.chain import Head, seal
from pledges.rules.payloads import clean, payload_of
from ykplan.callers import current_caller

HEAD_LOCK = 0x796B_6175
"""Any number that nobody else uses: PostgreSQL's advisory lock around the head of the chain."""

Facts = Mapping[str, object]
_gathered: ContextVar[list[AuditEvent] | None] = ContextVar("gathered", default=None)


def record(
    action: str,
    thing: Model | None = None,
    *,
    actor: User | None,
    name: str = "",
    pledge_id: int | None = None,
    before: Facts | None = None,
    after: Facts | None = None,
    outcome: AuditOutcome = AuditOutcome.OK,
) -> None:
    """Say who did what to which thing; what was refused or rolled back leaves no row.

    Call it last in the transaction of the change: until the commit nobody else can append. `name` is
    the actor where there is no account: a command, or what was typed at the door.
    """
    caller = current_caller()
    event = AuditEvent(
        at_us=time.time_ns() // 1000,
        actor_id=actor.pk if actor else None,
        actor_name=_fitting("actor_name", str(actor) if actor else name),
        source_ip=caller.ip,
        request_id=caller.request_id,
        action=action,
        object_type=str(thing._meta.model_name) if thing else "",  # noqa: SLF001  Django's own API
        object_id=_fitting("object_id", str(thing.pk)) if thing else "",
        pledge_id=pledge_id if pledge_id is not None else _pledge_of(thing),
        outcome=outcome,
        payload=payload_of(before, after),
        algorithm=settings.AUDIT_ALGORITHM,
    )
    waiting = _gathered.get()
    if waiting is None:
        _append([event])
    else:
        waiting.append(event)


def record_command(command: str, thing: Model | None = None, **said: object) -> None:
    """Say what was done at the terminal: there the house knows the command, not the person."""
    record(f"command.{command}", thing, actor=None, name=f"manage.py {command}", after=said)


@contextmanager
def recorded_together() -> Iterator[None]:
    """For many changes in one transaction: their rows are appended at its end, all at once.

    Otherwise the first row would hold the head of the chain while the rest still waits for other
    locks, and two such transactions could wait for each other. Put it inside the `atomic` block.
    """
    if _gathered.get() is not None:  # the outer one appends
        yield
        return
    waiting: list[AuditEvent] = []
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    _append(waiting)


@transaction.atomic(savepoint=False)
def _append(events: list[AuditEvent]) -> None:
    if not events:
        return
    _hold_head()
    head = newest_head()
    for event in events:
        event.pk, event.prev_hash = head.id + 1, head.hash
        event.row_hash = seal(vars(event))
        head = Head(event.pk, event.row_hash)
    AuditEvent.objects.bulk_create(events)


def _hold_head() -> None:
    """One writer at a time, until its commit. SQLite's transactions are so from their beginning (ykplan.env)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HEAD_LOCK])


def newest_head() -> Head:
    """The end of the chain, as this transaction sees it."""
    newest = AuditEvent.objects.order_by("-id").values_list("id", "row_hash").first()
    return Head(*newest) if newest else Head()


def _pledge_of(thing: Model | None) -> int | None:
    """The pledge that a thing is or belongs to."""
    return thing.pk if isinstance(thing, Pledge) else getattr(thing, "pledge_id", None)


def _fitting(column: str, text: str) -> str:
    """No longer than the column: what is sealed is what is stored."""
    field = cast("CharField", AuditEvent._meta.get_field(column))  # noqa: SLF001
    return clean(text)[: field.max_length]
