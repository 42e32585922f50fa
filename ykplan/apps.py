"""What the project itself hooks into Django."""

from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone


class ProjectConfig(AppConfig):
    name = "ykplan"

    def ready(self) -> None:
        import ykplan.checks  # noqa: F401, PLC0415 - registers itself, once Django is ready

        user_logged_in.connect(end_session_after_a_working_day)


def end_session_after_a_working_day(*, request: HttpRequest | None = None, **_: Any) -> None:
    """A fixed hour, not a sliding one: Django renews the age whenever a session is saved."""
    if request is not None and hasattr(request, "session"):
        request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
