"""What the project itself hooks into Django."""

from django.apps import AppConfig, apps
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from ykplan.sessions import begin_session


class ProjectConfig(AppConfig):
    name = "ykplan"

    def ready(self) -> None:
        import ykplan.checks  # noqa: F401, PLC0415 - registers itself, once Django is ready

        user_logged_in.connect(begin_session)
        apps.get_app_config("axes").verbose_name = _("Sign-in records")
