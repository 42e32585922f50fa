"""The project: settings, doors and the processes around the one app, `pledges`.

Celery's own processes find their app in `ykplan.celery`; no page and no command needs it.
"""
