"""What remains of a password, and the end of all sessions of a person."""

from django.conf import settings
from django.db import transaction
from django.db.models import F

from pledges.actions.audit import record
from pledges.models import PastPassword, User


@transaction.atomic
def keep_past_password(user: User) -> None:
    """The hash of the one just set, and of so many before it as may not come again."""
    PastPassword.objects.create(user=user, password=user.password)
    kept = PastPassword.objects.filter(user=user).values_list("pk", flat=True)[: settings.PASSWORD_HISTORY]
    PastPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()


@transaction.atomic
def end_sign_ins(user: User) -> None:
    """Wherever a person is signed in, the next click leads to the door."""
    User.objects.filter(pk=user.pk).update(sign_ins_ended=F("sign_ins_ended") + 1)
    record("account.sign_out_everywhere", user, actor=user)


def changed_by_themselves(user: User) -> None:
    """The person chose this password; nobody else knows it."""
    User.objects.filter(pk=user.pk).update(must_change_password=False)
