"""Drop an anchor a day: where the chain of what happened ends, on paper that is not in the database."""

import logging
import os
from datetime import datetime

from django.conf import settings
from django.utils.timezone import localdate

from pledges.actions.audit import newest_head
from pledges.models import AuditEvent, Heartbeat
from pledges.rules.anchors import Anchor
from pledges.rules.chain import Head

log = logging.getLogger(__name__)
DUTY = "anchor"


def drop_daily_anchor(*, now: datetime) -> Anchor | None:
    """The anchor of a day, with the first tick of it; None where it is there or nothing has happened yet.

    Two ticks at once may write the same line twice; both lines hold.
    """
    day = localdate(now)
    head = newest_head()
    if not head.id or Heartbeat.objects.filter(duty=DUTY, day=day).exists():
        return None
    anchor = drop_anchor(head, now=now)
    Heartbeat.objects.update_or_create(duty=DUTY, defaults={"beat_at": now, "day": day})
    return anchor


def drop_anchor(head: Head, *, now: datetime, restored: bool = False) -> Anchor:
    """Write down where the chain ends: one line in the file of anchors, and the same in the log."""
    count = AuditEvent.objects.filter(pk__lte=head.id).count()
    anchor = Anchor(now.isoformat(timespec="seconds"), head.id, count, head.hash, restored)
    settings.AUDIT_ANCHORS.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(settings.AUDIT_ANCHORS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(anchor.line + "\n")
        file.flush()
        os.fsync(file.fileno())
    log.info("audit anchor %s", anchor.line)
    return anchor
