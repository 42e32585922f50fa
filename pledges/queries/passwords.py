"""Whether somebody has to choose a new password, and until when the present one opens."""

from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.utils.timezone import localdate

from pledges.models import PastPassword, User
from pledges.rules.passwords import is_worth_a_word, last_day

DENGBAO = "dengbao"


def has_strict_profile() -> bool:
    """Whether passwords have kinds, a history and an age."""
    return settings.PASSWORD_PROFILE == DENGBAO


def last_day_of(user: User) -> date:
    """The last day of a present password; of one whose day nobody noted, counted from the account's first."""
    set_on = localdate(user.password_changed_at or user.date_joined)
    return last_day(set_on, most_days=settings.PASSWORD_MAX_DAYS)


def is_too_old(user: User, *, today: date) -> bool:
    return has_strict_profile() and last_day_of(user) < today


def must_change(user: User, *, today: date) -> bool:
    """Whether nothing else is open before the password is changed."""
    return has_strict_profile() and (user.must_change_password or is_too_old(user, today=today))


def near_end(user: User, *, today: date) -> date | None:
    """The last day of the present password, when it is near."""
    last = last_day_of(user)
    return last if has_strict_profile() and is_worth_a_word(last, today=today) else None


def was_used(user: User, password: str) -> bool:
    """Whether this is the present password or one of the last."""
    kept = PastPassword.objects.filter(user=user).values_list("password", flat=True)
    return any(check_password(password, had) for had in {user.password, *kept[: settings.PASSWORD_HISTORY]})
