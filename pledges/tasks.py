"""What Celery rings for. The work is in the actions; the database knows what is due."""

from celery import shared_task
from django.utils.timezone import localdate

from pledges.actions import tick as minute


@shared_task(ignore_result=True)
def tick() -> None:
    """One round of the minute tick."""
    minute.tick(today=localdate())
