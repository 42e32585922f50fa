"""More time for a deadline (延期申请): asked by the department before it is over, decided by the supervision office.

A granted extension moves the milestone; the first day stays beside it, and every request stays as it was made.
Of two people at once the second is told who was first; the same step of the same person twice is no conflict.
"""

from datetime import date
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.audit import record
from pledges.actions.put_off import mark_put_off
from pledges.actions.reminders import plan_again
from pledges.actions.standings import rejudge
from pledges.choices import ExtensionState
from pledges.errors import StaleError
from pledges.models import Extension, Milestone, Pledge, User
from pledges.permissions import can_decide, can_extend
from pledges.queries.extensions import (
    deadline_of,
    fault_words,
    obstacle_words,
    twins_of,
    why_not_granted,
)
from pledges.refusals import required
from pledges.wording import day_words, moment_words

STEPS = ("state", "decided_by", "decided_at", "answer")


def _locked(milestone: Milestone) -> Milestone:
    """The milestone as it is now, its book locked: requests, decisions and reports come one after the other."""
    Pledge.objects.locked_book_of(milestone.pledge)
    found = Milestone.objects.select_related("pledge__campaign", "pledge__department")
    return found.prefetch_related("pledge__milestones").get(pk=milestone.pk)


@transaction.atomic
def ask_extension(
    milestone: Milestone, *, by: User, new_due: date, reason: str, was_due: date, today: date
) -> Extension:
    """Ask for a later day, with a reason. Nothing changes before the office has decided.

    `was_due` is the deadline that the form showed. A form sent twice makes one request.
    Raises PermissionDenied, ValidationError by field, StaleError.
    """
    if not can_extend(by, milestone.pledge):
        raise PermissionDenied
    reason = required(reason, "reason", why=_("Write why the day cannot be kept."))
    stone = _locked(milestone)
    if stone.due != was_due:
        raise StaleError(moved_words(stone))
    said = {"new_due": new_due, "reason": reason}
    if same := Extension.objects.waiting().filter(milestone=stone, asked_by=by, **said).first():
        return same
    deadline = deadline_of(stone, today=today)
    if obstacle := deadline.obstacle(today=today):
        raise StaleError(obstacle_words(obstacle))
    if fault := deadline.fault(new_due):
        raise ValidationError({"new_due": fault_words(fault, deadline)})
    extension = Extension.objects.create(milestone=stone, was_due=stone.due, asked_by=by, **said)
    after = {"was_due": stone.due, **said}
    record("extension.ask", extension, actor=by, pledge_id=stone.pledge.book_id, after=after)
    return extension


def _move(extension: Extension, **changes: object) -> None:
    """A change of state is a conditional UPDATE: of two people at once, one is told who was first."""
    moved = Extension.objects.waiting().filter(pk=extension.pk).update(**changes)
    extension.refresh_from_db(fields=STEPS)
    if not moved:
        raise StaleError(handled_words(extension))


@transaction.atomic
def withdraw_extension(extension: Extension, *, by: User) -> Extension:
    """Take a request back while nobody has decided. The row stays, marked withdrawn."""
    if extension.asked_by_id != by.pk:
        raise PermissionDenied
    _move(extension, state=ExtensionState.WITHDRAWN)
    _note("extension.withdraw", extension, by)
    return extension


@transaction.atomic
def refuse_extension(extension: Extension, *, by: User, answer: str) -> Extension:
    """The deadline stays. Raises PermissionDenied (also for one's own), ValidationError without words, StaleError."""
    if not can_decide(by, extension):
        raise PermissionDenied
    answer = required(answer, "answer", why=_("Write why the deadline stays."))
    _decide(extension, ExtensionState.REFUSED, by=by, answer=answer)
    _note("extension.refuse", extension, by)
    return extension


@transaction.atomic
def grant_extension(extension: Extension, *, by: User, answer: str, today: date) -> Extension:
    """Move the deadline, here and where it is shared; judge anew, and plan the reminders once more.

    Raises PermissionDenied (also for one's own request), ValidationError where the plan says otherwise by now,
    StaleError.
    """
    if not can_decide(by, extension):
        raise PermissionDenied
    stone = _locked(extension.milestone)
    _require_waiting(extension)
    _require_as_asked(extension, stone, today=today)
    _decide(extension, ExtensionState.GRANTED, by=by, answer=answer.strip())
    before = {"due": stone.due, "original_due": stone.original_due}
    family = list(twins_of(stone).values_list("pk", flat=True))
    moved = Milestone.objects.filter(pk__in=family)
    moved.update(original_due=Coalesce("original_due", F("due")), due=extension.new_due)
    mark_put_off(moved.select_related("pledge__campaign"))
    rejudge(stone.pledge, today=today)
    transaction.on_commit(partial(plan_again, today=today), robust=True)
    extension.milestone.refresh_from_db()
    _note("extension.grant", extension, by, before=before, due=extension.new_due)
    return extension


def _require_waiting(extension: Extension) -> None:
    """Who comes second is told who was first, before what the first has changed is found wrong."""
    extension.refresh_from_db(fields=STEPS)
    if extension.state != ExtensionState.ASKED:
        raise StaleError(handled_words(extension))


def _decide(extension: Extension, state: ExtensionState, *, by: User, answer: str) -> None:
    _move(extension, state=state, decided_by=by, decided_at=timezone.now(), answer=answer)


def _require_as_asked(extension: Extension, stone: Milestone, *, today: date) -> None:
    """What was asked in time is decided in time, too late or not; but what the plan says now must still allow it."""
    if words := why_not_granted(extension, stone, deadline_of(stone, today=today)):
        raise ValidationError(words)


def _note(
    action: str, extension: Extension, by: User, *, before: dict | None = None, **after: object
) -> None:
    """The row in the chain of what happened, last in the transaction, under the book: all who share it read it."""
    said = {"state": extension.state, "answer": extension.answer, **after}
    book = extension.milestone.pledge.book_id
    record(action, extension, actor=by, pledge_id=book, before=before, after=said)


def moved_words(milestone: Milestone) -> str:
    """The page is older than the plan."""
    return _("Meanwhile the deadline was moved to %(day)s. Nothing was changed.") % {
        "day": day_words(milestone.due)
    }


def handled_words(extension: Extension) -> str:
    """Who was first, and what they did, for the one who came second."""
    if extension.decided_at is None:
        return _("This request was withdrawn by %(who)s. Nothing was changed.") % {"who": extension.asked_by}
    return _("This request was already decided: %(state)s by %(who)s, %(when)s. Nothing was changed.") % {
        "state": extension.get_state_display(),
        "who": extension.decided_by,
        "when": moment_words(extension.decided_at),
    }
