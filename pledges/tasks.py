"""What Celery rings for. The work is in the actions; the database knows what is due."""

from celery import shared_task

from pledges.actions import tick as minute
from pledges.queries.clock import database_now


@shared_task(ignore_result=True)
def tick() -> None:
    """One round of the minute tick."""
    minute.tick(clock=database_now)
