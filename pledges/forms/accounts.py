"""What somebody types at the door."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pledges.actions.audit import record


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

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> Any:
        user = super().save(*args, **kwargs)
        record("account.password", user, actor=user)
        return user
