"""Deployment mistakes that every single setting is innocent of: `manage.py check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's own name

SILENT_MAIL = ("console", "locmem", "dummy")


@register(Tags.security, deploy=True)
def letters_leave_the_machine(**_: Any) -> list[CheckMessage]:
    if settings.EMAIL_BACKEND.split(".")[-2] not in SILENT_MAIL:
        return []
    hint = "Name a mail server, for example EMAIL_URL=smtp+tls://robot:PASSWORD@mail.internal:587"
    return [Error("EMAIL_URL sends no letter to anybody.", hint=hint, id="ykplan.E001")]


@register(Tags.security, deploy=True)
def bell_reaches_other_processes(**_: Any) -> list[CheckMessage]:
    if not settings.CELERY_BROKER_URL.startswith("memory://"):
        return []
    hint = "Name Redis or Valkey, for example BROKER_URL=redis://broker.internal:6379/0"
    return [Error("BROKER_URL=memory:// ends at the edge of one process.", hint=hint, id="ykplan.E002")]


@register(Tags.database, deploy=True)
def database_serves_several_machines(**_: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return []
    hint = "PostgreSQL serves several machines; SQLite serves one machine and a small office."
    return [Warning("DATABASE_URL is a file of this machine.", hint=hint, id="ykplan.W003")]
