"""Failed sign-ins: the first of a place are told one by one, the others by their number.

The audit is never shortened, so a stranger must not be able to lengthen it at will. Nothing is lost: every
failure is counted, and the count becomes one row when its quarter of an hour is over.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from pledges.actions.audit import record
from pledges.choices import AuditOutcome
from pledges.models import DoorCount
from ykplan.callers import current_caller
from ykplan.proxies import network_of

log = logging.getLogger(__name__)

QUARTER = timedelta(minutes=15)
TOLD_ONE_BY_ONE = 10
"""Of one place within a quarter of an hour; the same number again for those who have to wait."""

MOST_NAMES = 20
"""Of one place within a quarter of an hour; failures under other names are in the number only."""

MOST_PLACES = 100
"""Whoever comes from more places than these is counted together with the rest."""


def is_told(what: str, name: str, *, now: datetime) -> bool:
    """Count a failure or a lock under the name that was typed, and say whether it gets a row of its own."""
    since = quarter_of(now)
    return _one_more(what, name, since=since, source=_place(since)) <= TOLD_ONE_BY_ONE


def quarter_of(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def _place(since: datetime) -> str:
    source = network_of(current_caller().ip)
    known = DoorCount.objects.filter(since=since)
    is_one_more = not known.filter(source=source).exists()
    return "" if is_one_more and known.count() >= MOST_PLACES else source


@transaction.atomic
def _one_more(what: str, name: str, *, since: datetime, source: str) -> int:
    DoorCount.objects.get_or_create(since=since, source=source)
    row = DoorCount.objects.select_for_update().get(since=since, source=source)
    number = getattr(row, what) + 1
    setattr(row, what, number)
    if what == "failures" and (name in row.names or len(row.names) < MOST_NAMES):
        row.names[name] = row.names.get(name, 0) + 1
    row.save()
    if number == TOLD_ONE_BY_ONE + 1:
        log.warning("many sign-ins fail from %s; from here on they are counted", source or "many places")
    return number


@transaction.atomic
def tell_counts(*, now: datetime) -> None:
    """One row for each place whose quarter is over and who had more than was told; then forget the counts."""
    over = DoorCount.objects.select_for_update().filter(since__lt=quarter_of(now))
    rows = list(over)
    for row in rows:
        if max(row.failures, row.locks) > TOLD_ONE_BY_ONE:
            count = {"failures": row.failures, "names": row.names, "locks": row.locks, "source": row.source}
            said = count | {"since": row.since.isoformat(), "told": TOLD_ONE_BY_ONE}
            record("account.sign_in_many", actor=None, after=said, outcome=AuditOutcome.DENIED)
    DoorCount.objects.filter(pk__in=[row.pk for row in rows]).delete()
