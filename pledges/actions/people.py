"""What people change about themselves, and what happens at the door."""

import logging
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from pledges.actions.audit import record
from pledges.actions.door import is_told
from pledges.choices import AuditOutcome
from pledges.models import User
from pledges.rules.payloads import clean
from ykplan.attempts import LONGEST_NAME

log = logging.getLogger(__name__)


@transaction.atomic
def keep_wishes(user: User, **wishes: Any) -> None:
    """When, in which language and whether a person gets letters. Only these columns: others stay as they are."""
    was = User.objects.select_for_update(no_key=True).values(*wishes).get(pk=user.pk)
    changed = [name for name in wishes if was[name] != wishes[name]]
    User.objects.filter(pk=user.pk).update(**wishes)
    if changed:
        before, after = ({name: each[name] for name in changed} for each in (was, wishes))
        record("preferences.change", user, actor=user, before=before, after=after)


def note_sign_in(*, user: User, **_more: Any) -> None:
    """Somebody came in."""
    record("account.sign_in", user, actor=user)


def note_sign_out(*, user: User | None, **_more: Any) -> None:
    """Somebody left; whose session was over already is nobody."""
    if user:
        record("account.sign_out", user, actor=user)


def note_failed_sign_in(*, credentials: dict[str, Any], **_more: Any) -> None:
    """Somebody was not let in: under the name that was typed."""
    _refused("account.sign_in", str(credentials.get("username") or ""), counted="failures")


def note_lockout(*, username: str | None, **_more: Any) -> None:
    """Somebody failed too often and has to wait."""
    _refused("account.lock", username or "", counted="locks")


def note_refusal(user: User, *, method: str, path: str) -> None:
    """Somebody asked for what they may not do."""
    _refused("request.refused", actor=user, after={"method": method, "path": path})


def _refused(action: str, name: str = "", **more: Any) -> None:
    """The refusal stands whether or not it can be written down; that it cannot is told to the operator."""
    actor = more.pop("actor", None)
    counted = more.pop("counted", "")
    try:
        if counted and not is_told(counted, clean(name)[:LONGEST_NAME], now=timezone.now()):
            return
        record(action, actor=actor, name=name[:LONGEST_NAME], outcome=AuditOutcome.DENIED, **more)
    except DatabaseError:
        log.exception("the refusal %s is not in the audit", action)
