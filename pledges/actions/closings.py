"""Strike a pledge off the list (销号) when it is met, reviewed and proved; reopen it only with a reason.

A shared pledge is closed with its book. Of two people at once the second is told who was first; the same step
of the same person twice is no conflict. `seen` is the newest closing that the form showed, 0 for none, None where
there was no form: what was closed or reopened since makes the form old.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.audit import record
from pledges.errors import StaleError
from pledges.models import Closing, Pledge, User
from pledges.permissions import can_strike_off
from pledges.queries.closings import ripeness_of
from pledges.refusals import required
from pledges.wording import moment_words


@transaction.atomic
def close_pledge(pledge: Pledge, *, by: User, words: str, today: date, seen: int | None = None) -> Closing:
    """Close a pledge with all that share its book. From now on it takes no figures and no extensions.

    Raises PermissionDenied, ValidationError with every condition that is not met, StaleError.
    """
    if not can_strike_off(by):
        raise PermissionDenied
    book, words = Pledge.objects.locked_book_of(pledge), words.strip()
    newest = _newest(book)
    if newest and newest.reopened_at is None and (newest.closed_by_id, newest.words) == (by.pk, words):
        return newest
    if newest and (newest.reopened_at is None or seen not in {None, newest.pk}):
        raise StaleError(_told(newest))
    if missing := ripeness_of(book, by, today=today).words:
        raise ValidationError(missing)
    closing = Closing.objects.create(pledge=book, words=words, closed_by=by)
    record("pledge.close", closing, actor=by, after={"words": words})
    return closing


@transaction.atomic
def reopen_pledge(pledge: Pledge, *, by: User, reason: str, seen: int | None = None) -> Closing:
    """Take figures again. Raises PermissionDenied, ValidationError without a reason, StaleError."""
    if not can_strike_off(by):
        raise PermissionDenied
    reason = required(reason, "reason", why=_("Write why it is reopened."))
    book = Pledge.objects.locked_book_of(pledge)
    closing = _newest(book)
    if closing is None:
        raise StaleError(_("This pledge is not closed. Nothing was changed."))
    if seen not in {None, closing.pk}:
        raise StaleError(_told(closing))
    if closing.reopened_at is not None:
        return _reopened_before(closing, by=by, reason=reason)
    change = {"reopen_reason": reason, "reopened_by": by, "reopened_at": timezone.now()}
    Closing.objects.in_force().filter(pk=closing.pk).update(**change)
    closing.refresh_from_db()
    record("pledge.reopen", closing, actor=by, after={"reason": reason})
    return closing


def _in_force(book: Pledge) -> Closing | None:
    return Closing.objects.in_force().filter(pledge=book).select_related("closed_by").first()


def _newest(book: Pledge) -> Closing | None:
    """The last closing of a book, reopened or not: where one is in force, it is this."""
    found = Closing.objects.filter(pledge=book).select_related("closed_by", "reopened_by")
    return found.order_by("-pk").first()


def _reopened_before(closing: Closing, *, by: User, reason: str) -> Closing:
    """A form sent twice reopens once; somebody else is told who was first."""
    if (closing.reopened_by_id, closing.reopen_reason) == (by.pk, reason):
        return closing
    raise StaleError(reopened_words(closing))


def _told(closing: Closing) -> str:
    """The last that was done, for whoever had not seen it."""
    return closed_words(closing) if closing.reopened_at is None else reopened_words(closing)


def closed_words(closing: Closing) -> str:
    """Who closed a pledge, for whoever wants to change something about it."""
    return _("This pledge was closed by %(who)s, %(when)s. Nothing was changed.") % {
        "who": closing.closed_by,
        "when": moment_words(closing.closed_at),
    }


def reopened_words(closing: Closing) -> str:
    """Who reopened a pledge, for the one who came second."""
    return _("This pledge was reopened by %(who)s, %(when)s. Nothing was changed.") % {
        "who": closing.reopened_by,
        "when": moment_words(closing.reopened_at) if closing.reopened_at else "",
    }


def require_open(book: Pledge) -> None:
    """A closed pledge takes no figures, and none of its figures is decided. Its book is locked by the caller."""
    if closing := _in_force(book):
        raise StaleError(closed_words(closing))
