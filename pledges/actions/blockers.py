"""What stands in the way of a pledge (堵点): raised with a remedy and a day, removed with words how (销堵).

A blocker is never edited: a wrong one is removed with the words that it was wrong, and another is raised. Each
step is taken once. Of two people at once the second is told who was first; a double click is no conflict.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.audit import record
from pledges.actions.closings import require_open
from pledges.errors import StaleError
from pledges.models import Blocker, Department, Pledge, User
from pledges.permissions import can_raise, can_remove
from pledges.refusals import required
from pledges.rules.blockers import last_due
from pledges.wording import day_words, moment_words


@transaction.atomic
def raise_blocker(
    pledge: Pledge,
    *,
    by: User,
    weakness: str,
    remedy: str,
    due: date,
    department: Department,
    today: date,
) -> Blocker:
    """Say what stands in the way, what removes it, by when, and whose turn it is.

    The same line of the same person, open already, is that blocker: a form sent twice makes one.
    Raises PermissionDenied, ValidationError by field, StaleError where the pledge is closed.
    """
    if not can_raise(by, pledge):
        raise PermissionDenied
    weakness, remedy = weakness.strip(), remedy.strip()
    _require_words(weakness=weakness, remedy=remedy)
    _require_day(due, pledge, today=today)
    # One after the other on a book, so that the second of a double click finds the first.
    require_open(Pledge.objects.locked_book_of(pledge))
    if earlier := _said_before(pledge, weakness=weakness, department=department):
        if (earlier.raised_by_id, earlier.remedy, earlier.due) == (by.pk, remedy, due):
            return earlier
        raise ValidationError({"weakness": said_already_words(earlier)})
    said = {"weakness": weakness, "remedy": remedy}
    blocker = Blocker.objects.create(pledge=pledge, raised_by=by, due=due, department=department, **said)
    record(
        "blocker.raise", blocker, actor=by, after={**said, "remove_by": due, "department": department.name}
    )
    return blocker


def _require_words(*, weakness: str, remedy: str) -> None:
    faults = {}
    if not weakness:
        faults["weakness"] = _("Write what stands in the way.")
    if not remedy:
        faults["remedy"] = _("Write what removes it.")
    if faults:
        raise ValidationError(faults)


def _require_day(due: date, pledge: Pledge, *, today: date) -> None:
    if due < today:
        raise ValidationError({"due": _("Not before today, %(day)s.") % {"day": day_words(today)}})
    last = last_due(pledge.campaign.ends_on, today)
    if due > last:
        raise ValidationError({"due": _("Not after %(day)s.") % {"day": day_words(last)}})


def _said_before(pledge: Pledge, *, weakness: str, department: Department) -> Blocker | None:
    same = Blocker.objects.open().filter(pledge=pledge, weakness=weakness, department=department)
    return same.first()


def said_already_words(blocker: Blocker) -> str:
    """Why the same weakness is not taken twice: which of the two would hold?"""
    words = _("This blocker stands here already, to be removed by %(day)s. Remove that one first.")
    return words % {"day": day_words(blocker.due)}


@transaction.atomic
def remove_blocker(blocker: Blocker, *, by: User, outcome: str) -> Blocker:
    """It stands in the way no more, with words how. Raises PermissionDenied, ValidationError, StaleError."""
    if not can_remove(by, blocker):
        raise PermissionDenied
    outcome = required(outcome, "outcome", why=_("Write how it was removed."))
    still_open = Blocker.objects.open().filter(pk=blocker.pk)
    moved = still_open.update(outcome=outcome, removed_by=by, removed_at=timezone.now())
    blocker.refresh_from_db()
    is_mine = (blocker.removed_by_id, blocker.outcome) == (by.pk, outcome)
    if not moved and not is_mine:
        raise StaleError(removed_words(blocker))
    if moved:
        record("blocker.remove", blocker, actor=by, after={"outcome": outcome})
    return blocker


def removed_words(blocker: Blocker) -> str:
    """Who removed a blocker, for the one who came second."""
    return _("This blocker was removed by %(who)s, %(when)s. Nothing was changed.") % {
        "who": blocker.removed_by,
        "when": moment_words(blocker.removed_at) if blocker.removed_at else "",
    }
