"""What somebody types at the door."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password. A refusal does not say which of the two is wrong."""

    error_messages = {
        "invalid_login": _(
            "The user name or the password is wrong. Capital and small letters are different letters."
        ),
        "inactive": _("This account is closed. Ask your administrator."),
    }
