"""The product's own bell, rung every second, for tests that cannot wait a minute:  celery -A tests.kit.bells beat.

BELL=patient is a bell that does not ring at its start; BELL=naive rings the task that most people write.
"""

import os
from uuid import uuid4

from celery.signals import beat_init
from django.utils import timezone

from ykplan.celery import app, ring_at_once

BELL = os.environ.get("BELL", "")
tick = app.conf.beat_schedule["tick"]
tick["schedule"] = float(os.environ.get("RING_EVERY_S", "1"))
if BELL:
    beat_init.disconnect(ring_at_once)
if BELL == "naive":
    tick["task"] = "tests.kit.bells.send_to_who_has_none"


@app.task(ignore_result=True)
def send_to_who_has_none() -> None:
    """Look who has no letter today, send one, mark it: right as long as nobody else does the same."""
    from django.core.mail import EmailMessage  # noqa: PLC0415 - celery sets Django up after this module

    from pledges.models import Letter, User  # noqa: PLC0415

    now = timezone.now()
    today = timezone.localdate()
    for person in User.objects.filter(memberships__role="reporter").order_by("pk"):
        if not Letter.objects.filter(recipient=person, day=today).exists():
            EmailMessage("提醒", "提醒", to=[person.email]).send()
            moments = dict.fromkeys(("due_at", "next_try_at", "sent_at"), now)
            key = {"key": str(uuid4()), "message_id": str(uuid4())}
            Letter.objects.create(recipient=person, day=today, state="sent", **moments, **key)
