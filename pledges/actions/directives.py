"""A leader's word on a pledge (批示): left, answered by the department, closed by the leader's office.

Each step is taken once. Of two people at once the second is told who was first; a double click is no conflict.
"""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.answers import remind_of_answer, remind_of_directive
from pledges.actions.audit import record
from pledges.errors import StaleError
from pledges.models import Directive, Pledge, User
from pledges.permissions import can_answer, can_close, can_direct
from pledges.rules.workdays import Calendar
from pledges.wording import day_words, moment_words

USUAL_WORKDAYS = 7
"""So many working days a department has to answer, unless the leader says otherwise."""

LONGEST = timedelta(days=366)
"""A day to answer lies within a year."""


def usual_day(today: date, calendar: Calendar) -> date:
    """The day to answer that the form proposes."""
    return calendar.nth_after(today, USUAL_WORKDAYS)


@transaction.atomic
def direct(pledge: Pledge, *, by: User, words: str, answer_by: date, today: date) -> Directive:
    """Leave a word on a pledge with a day to answer.

    The same words of the same person, open already, are that directive: a form sent twice makes one.
    Raises PermissionDenied, ValidationError by field.
    """
    if not can_direct(by):
        raise PermissionDenied
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("Write what is to be done.")})
    _require_day(answer_by, today)
    # One word after the other on a pledge, so that the second of a double click finds the first.
    Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
    earlier = Directive.objects.open().filter(pledge=pledge, by=by, words=words).first()
    if earlier is None:
        made = Directive.objects.create(pledge=pledge, by=by, words=words, answer_by=answer_by)
        remind_of_directive(made, today=today)
        record("directive.make", made, actor=by, after={"words": words, "answer_by": answer_by})
        return made
    if earlier.answer_by != answer_by:
        raise ValidationError({"words": said_already_words(earlier)})
    return earlier


def _require_day(answer_by: date, today: date) -> None:
    if answer_by < today:
        raise ValidationError({"answer_by": _("Not before today, %(day)s.") % {"day": day_words(today)}})
    if answer_by > today + LONGEST:
        latest = day_words(today + LONGEST)
        raise ValidationError({"answer_by": _("Within a year: not after %(day)s.") % {"day": latest}})


def said_already_words(directive: Directive) -> str:
    """Why the same words with another day are not taken: which of the two would hold?"""
    day = day_words(directive.answer_by)
    return _("These words stand here already, to be answered by %(day)s. Close that directive first.") % {
        "day": day
    }


@transaction.atomic
def answer_directive(directive: Directive, *, by: User, answer: str) -> Directive:
    """The department's answer, given once. Raises PermissionDenied, ValidationError, StaleError."""
    if not can_answer(by, directive):
        raise PermissionDenied
    answer = answer.strip()
    if not answer:
        raise ValidationError({"answer": _("Write what has been done.")})
    waiting = Directive.objects.unanswered().filter(pk=directive.pk)
    moved = waiting.update(answer=answer, answered_by=by, answered_at=timezone.now())
    directive.refresh_from_db()
    is_mine = (directive.answered_by_id, directive.answer) == (by.pk, answer)
    if not moved and not is_mine:
        raise StaleError(handled_words(directive))
    if moved:
        remind_of_answer(directive, today=localdate(directive.answered_at))
        record("directive.answer", directive, actor=by, after={"answer": answer})
    return directive


@transaction.atomic
def close_directive(directive: Directive, *, by: User, saw_answer: bool) -> Directive:
    """The leader's office is content; nothing changes any more.

    `saw_answer` is what the page showed: an answer that came meanwhile must be read first.
    Raises PermissionDenied, StaleError.
    """
    if not can_close(by, directive):
        raise PermissionDenied
    as_seen = Directive.objects.open().filter(pk=directive.pk, answered_at__isnull=not saw_answer)
    moved = as_seen.update(closed_by=by, closed_at=timezone.now())
    directive.refresh_from_db()
    if not moved and directive.closed_by_id != by.pk:
        raise StaleError(handled_words(directive))
    if moved:
        record("directive.close", directive, actor=by)
    return directive


def handled_words(directive: Directive) -> str:
    """Who was first, and what they did, for the one who came second."""
    if directive.closed_at:
        words = _("This directive was closed by %(who)s, %(when)s. Nothing was changed.")
        return words % {"who": directive.closed_by, "when": moment_words(directive.closed_at)}
    if directive.answered_at:
        words = _("This directive was answered by %(who)s, %(when)s. Nothing was changed.")
        return words % {"who": directive.answered_by, "when": moment_words(directive.answered_at)}
    return _("This directive has no answer yet. Nothing was changed.")
