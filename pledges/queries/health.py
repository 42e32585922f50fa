"""How the house itself is doing: database, broker, room on the disk, the minute tick."""

import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.db.models import Min

from pledges.models import Heartbeat, Letter

TICK_TOO_OLD = timedelta(minutes=5)
DUTIES = ("lights", "reminders", "letters")
"""What every tick does; the age of the tick is that of the duty left undone the longest."""

LETTER_TOO_OLD = timedelta(minutes=10)
LEAST_ROOM = 64 * 1024 * 1024
"""Bytes free where files, letters and the small database lie; below it the next upload may fail."""


@dataclass(frozen=True, slots=True)
class Health:
    """`tick_age_s` is None while nothing has ticked yet, `oldest_due_letter_s` while no letter is due."""

    database: bool
    broker: bool
    room: bool
    tick_age_s: int | None
    oldest_due_letter_s: int | None

    @property
    def is_well(self) -> bool:
        ticks = self.tick_age_s is not None and self.tick_age_s <= TICK_TOO_OLD.total_seconds()
        late = self.oldest_due_letter_s or 0
        return (
            self.database and self.broker and self.room and ticks and late <= LETTER_TOO_OLD.total_seconds()
        )

    def shown(self) -> dict[str, object]:
        """The body of the answer."""
        return asdict(self)


def health_on(now: datetime) -> Health:
    """Ask database and broker, each once and briefly."""
    from pledges.queries.broker import broker_answers  # noqa: PLC0415  with it comes celery, for this question alone

    database, age, late = True, None, None
    try:
        beats = dict(Heartbeat.objects.filter(duty__in=DUTIES).values_list("duty", "beat_at"))
        # A duty that was never done is no reason to be called well.
        age = int((now - min(beats.values())).total_seconds()) if len(beats) == len(DUTIES) else None
        oldest = Letter.objects.late(now).aggregate(oldest=Min("due_at"))["oldest"]
        late = int((now - oldest).total_seconds()) if oldest else None
    except Error:
        database = False
    return Health(database, broker_answers(), _has_room(), age, late)


def _has_room() -> bool:
    """A folder that is not there yet will lie in the nearest one above it."""
    wanted = {Path(settings.STATE_DIR), Path(settings.EVIDENCE_ROOT)}
    folders = {next(path for path in (folder, *folder.parents) if path.exists()) for folder in wanted}
    return all(shutil.disk_usage(folder).free >= LEAST_ROOM for folder in folders)
