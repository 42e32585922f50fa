"""What is asked of a new password, and in words exactly what is missing."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from pledges.actions.passwords import keep_past_password
from pledges.models import User
from pledges.queries.passwords import has_strict_profile, was_used
from pledges.rules.passwords import Kind, missing_kinds

KINDS = {
    Kind.CAPITAL: gettext_lazy("capital letters"),
    Kind.SMALL: gettext_lazy("small letters"),
    Kind.DIGIT: gettext_lazy("digits"),
    Kind.OTHER: gettext_lazy("other signs"),
}


class LengthValidator:
    """Long enough; how many characters are missing."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002  Django's signature
        missing = settings.PASSWORD_LENGTH - len(password)
        if missing > 0:
            words = ngettext(
                "%(have)d characters; at least %(need)d are needed, %(missing)d more.",
                "%(have)d characters; at least %(need)d are needed, %(missing)d more.",
                missing,
            )
            said = {"have": len(password), "need": settings.PASSWORD_LENGTH, "missing": missing}
            raise ValidationError(words % said, code="password_too_short")

    def get_help_text(self) -> str:
        return _("At least %(count)d characters, not only digits, nothing like your name.") % {
            "count": settings.PASSWORD_LENGTH
        }


class KindsValidator:
    """Of several kinds; which are missing. Only where the profile asks for it."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002  Django's signature
        missing, others = missing_kinds(password, wanted=settings.PASSWORD_KINDS)
        if has_strict_profile() and missing:
            words = ngettext(
                "%(count)d more kind of characters is needed, one of: %(kinds)s.",
                "%(count)d more kinds of characters are needed, out of: %(kinds)s.",
                missing,
            )
            kinds = pgettext("list", ", ").join(str(KINDS[kind]) for kind in others)
            raise ValidationError(words % {"count": missing, "kinds": kinds}, code="password_kinds")

    def get_help_text(self) -> str:
        if not has_strict_profile():
            return ""
        kinds = pgettext("list", ", ").join(str(words) for words in KINDS.values())
        return _("At least %(count)d of these kinds: %(kinds)s.") % {
            "count": settings.PASSWORD_KINDS,
            "kinds": kinds,
        }


class HistoryValidator:
    """Not one of the last. Only where the profile asks for it."""

    def validate(self, password: str, user: User | None = None) -> None:
        if has_strict_profile() and user and user.pk and was_used(user, password):
            words = _("This is one of the last %(count)d passwords. Choose another.")
            raise ValidationError(words % {"count": settings.PASSWORD_HISTORY}, code="password_again")

    def get_help_text(self) -> str:
        if not has_strict_profile():
            return ""
        words = _("None of the last %(count)d. To be changed every %(days)d days.")
        return words % {"count": settings.PASSWORD_HISTORY, "days": settings.PASSWORD_MAX_DAYS}

    def password_changed(self, password: str, user: User | None = None) -> None:  # noqa: ARG002  Django's signature
        """Django calls this whenever a password was stored, by whichever door."""
        if has_strict_profile() and user:
            keep_past_password(user)
