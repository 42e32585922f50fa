"""The sentences of a refusal: what cannot be said like this, and who was first."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from pledges.models import Pledge, ProgressReport
from pledges.rules.reporting import Fault
from pledges.wording import day_words, moment_words, value_words, with_unit

FAULTS = {
    "before_start": lambda: _("The campaign begins on %(day)s; give a day in it."),
    "after_today": lambda: _("Not later than today, %(day)s."),
    "after_end": lambda: _("This campaign takes figures up to %(day)s."),
    "older_than_last": lambda: _("There is already a report as of %(day)s; give that day or a later one."),
    "already_waiting": lambda: _("A report as of %(day)s is waiting for review. Withdraw it first, or wait."),
    "done_or_not": lambda: _("Choose done or under way."),
    "period_while_waiting": lambda: _(
        "A report as of %(day)s still waits for review, so the sum is not certain; give the running total."
    ),
    "no_period": lambda: _("This is no running total; give the figure itself."),
    "negative": lambda: _("This figure cannot be below zero."),
    "whole": lambda: _("Whole numbers only: it counts %(unit)s."),
    "too_big": lambda: _("This number is too big: at most 14 digits before the point."),
    "over_hundred": lambda: _("This share cannot be over 100%%."),
    "correction_needs_reason": lambda: _(
        "A figure as of %(day)s was already accepted. Write why it is corrected."
    ),
    "leap_needs_reason": lambda: _(
        "This is a hundred times the goal of %(goal)s or more. Check the unit; if it is right, write why."
    ),
    "fall_needs_reason": lambda: _("This is less than the last figure, %(last)s. Write why."),
}


def fault_words(faults: Iterable[Fault], pledge: Pledge) -> dict[str, list[str]]:
    """The faults of a saying in words, by field."""
    words: dict[str, list[str]] = {}
    for fault in faults:
        shown = {
            key: day_words(value) if isinstance(value, date)
            else with_unit(value, pledge.unit) if isinstance(value, Decimal) else value
            for key, value in fault.values.items()
        }  # fmt: skip
        words.setdefault(fault.at, []).append(FAULTS[fault.code]() % shown)
    return words


def handled_words(report: ProgressReport) -> str:
    """Who was first, and what they did, for the one who came second."""
    who = report.reviewer or report.author
    moment = report.reviewed_at or report.submitted_at
    return _("This report was already handled: %(state)s by %(who)s, %(when)s. Nothing was changed.") % {
        "state": report.get_state_display(),
        "who": who,
        "when": moment_words(moment),
    }


def newer_words(book: Pledge) -> str:
    """What was said meanwhile, for the one whose form is old."""
    newest = book.reports.order_by("-id").select_related("author").first()
    if newest is None:
        return _("The form is out of date. Check it and send it again.")
    return _("Meanwhile %(who)s reported %(value)s as of %(day)s. Check and send again.") % {
        "who": newest.author or newest.source,
        "value": value_words(book, newest.value),
        "day": day_words(newest.as_of),
    }
