"""The project: settings, doors and the processes around the one app, `pledges`."""

from ykplan.celery import app as celery_app

__all__ = ["celery_app"]
