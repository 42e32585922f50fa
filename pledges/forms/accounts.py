"""What somebody types at the door."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pledges.actions.audit import record
from pledges.actions.passwords import changed_by_themselves
from pledges.forms.passwords import HistoryValidator, KindsValidator, LengthValidator


class SignInForm(AuthenticationForm):
    """Name and password. A refusal does not say which of the two is wrong."""

    error_messages = {
        "invalid_login": _(
            "The user name or the password is wrong. Capital and small letters are different letters."
        ),
        "inactive": _("This account is closed. Ask your administrator."),
    }


class OwnPasswordForm(PasswordChangeForm):
    """One's own password; that it was changed is written down, the password nowhere."""

    @property
    def hints(self) -> list[str]:
        """What is asked of the new one; Django's own validators repeat what ours say."""
        ours = (LengthValidator(), KindsValidator(), HistoryValidator())
        return [hint for each in ours if (hint := each.get_help_text())]

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> Any:
        user = super().save(*args, **kwargs)
        changed_by_themselves(user)
        record("account.password", user, actor=user)
        return user
