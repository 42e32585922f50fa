"""The one app of the house."""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class PledgesConfig(AppConfig):
    name = "pledges"
    verbose_name = _("Military orders")

    def ready(self) -> None:
        """What happens at the door is written down by those who stand there."""
        from axes.signals import user_locked_out  # noqa: PLC0415  once the models are there
        from django.contrib.auth import signals  # noqa: PLC0415

        from pledges.actions import people  # noqa: PLC0415

        notes: tuple[tuple[Any, Any], ...] = (
            (signals.user_logged_in, people.note_sign_in),
            (signals.user_logged_out, people.note_sign_out),
            (signals.user_login_failed, people.note_failed_sign_in),
            (user_locked_out, people.note_lockout),
        )
        for signal, note in notes:
            signal.connect(note, dispatch_uid=note.__name__)
        # The rights are there once the app that keeps them has had its turn.
        post_migrate.connect(found_auditors, sender=apps.get_app_config("auth"))


def found_auditors(**_more: Any) -> None:
    """A group for those who read the audit, unless the right has been given already. Nobody is in it yet."""
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415

    right = Permission.objects.filter(content_type__app_label="pledges", codename="view_auditevent").first()
    if right is None or right.group_set.exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        group, _made = Group.objects.get_or_create(name=gettext("Auditors"))
    group.permissions.add(right)
