"""What nobody will send any more, and what no row knows, leaves the disk after a day."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.core.files.storage import Storage
from django.utils.timezone import localdate

from pledges.actions.evidence import discard, forget
from pledges.models import Evidence, Heartbeat
from pledges.models.evidence import evidence_storage

log = logging.getLogger(__name__)

DUTY = "evidence"
EVERY = timedelta(hours=1)
KEPT = timedelta(hours=24)
"""A form may lie open for a working day; no upload takes so long."""

BATCH = 500
FEW, SMALL_SHARE = 20, 10
"""More strangers than a few, and than one in ten, are no leftovers: then the database is older than its files."""


def sweep_evidence(*, now: datetime) -> int:
    """At most once an hour: files of forms never sent, and files without a row. Returns how many went."""
    if Heartbeat.objects.filter(duty=DUTY, beat_at__gt=now - EVERY, beat_at__lte=now).exists():
        return 0
    gone = forget(Evidence.objects.forgotten(now - KEPT)) + _sweep_strangers(now - KEPT)
    Heartbeat.objects.update_or_create(duty=DUTY, defaults={"beat_at": now, "day": localdate(now)})
    return gone


def _sweep_strangers(before: datetime) -> int:
    """Files without a row: what a killed process left between the file and its row."""
    storage = evidence_storage()
    known, strangers, stored = 0, list[str](), _stored(storage)
    while paths := list(islice(stored, BATCH)):
        rows = set(Evidence.objects.filter(file__in=paths).values_list("file", flat=True))
        known += len(rows)
        strangers += [path for path in paths if path not in rows and _is_old(storage, path, before)]
    if len(strangers) > max(FEW, known // SMALL_SHARE):
        log.error(
            "%s files without a row are left alone: was the database restored without them?", len(strangers)
        )
        return 0
    for path in strangers:
        discard(path)
    return len(strangers)


def _stored(storage: Storage) -> Iterator[str]:
    """Every file of the store, by its path. An empty store may have no folder yet."""
    try:
        folders, _loose = storage.listdir("")
    except FileNotFoundError:
        return
    for folder in folders:
        yield from (f"{folder}/{name}" for name in storage.listdir(folder)[1])


def _is_old(storage: Storage, path: str, before: datetime) -> bool:
    try:
        return storage.get_modified_time(path).astimezone(UTC) < before
    except FileNotFoundError:  # taken back this very moment
        return False
