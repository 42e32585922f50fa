"""Celery is a doorbell: it rings once a minute, and the database knows what is due."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ykplan.settings")

TICK = "pledges.tasks.tick"
TICK_EVERY_S = 60
# A bell that nobody heard is thrown away before the next one rings, so a stopped worker
# does not find an hour of bells when it comes back.
TICK_EXPIRES_S = 55

app = Celery("ykplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {"task": TICK, "schedule": TICK_EVERY_S, "options": {"expires": TICK_EXPIRES_S}},
}


@beat_init.connect
def ring_at_once(**_: Any) -> None:
    """A schedule that restarts more often than once a minute would otherwise never ring."""
    app.send_task(TICK, expires=TICK_EXPIRES_S)
