"""What the project itself hooks into Django."""

from datetime import timedelta
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "ykplan"

    def ready(self) -> None:
        import ykplan.checks  # noqa: F401, PLC0415 - registers itself, once Django is ready

        user_logged_in.connect(end_session_after_a_working_day)
        apps.get_app_config("axes").verbose_name = _("Sign-in records")


def end_session_after_a_working_day(*, request: HttpRequest | None = None, **_more: Any) -> None:
    """A fixed hour, not a sliding one: Django renews the age whenever a session is saved."""
    if request is not None and hasattr(request, "session"):
        request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
