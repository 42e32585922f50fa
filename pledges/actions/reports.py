"""What a clerk says, and what a reviewer answers."""

from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.reminders import plan_again, remind_of_return
from pledges.actions.standings import rejudge
from pledges.choices import Entry, ReportState
from pledges.errors import ConflictingKeyError, StaleError
from pledges.models import Pledge, ProgressReport, User
from pledges.permissions import can_report, can_review
from pledges.queries.reports import book_of, live_reports, newest_id
from pledges.refusals import fault_words, handled_words, newer_words
from pledges.rules.reporting import Said, faults_in, total_of


def _locked_book(pledge: Pledge) -> Pledge:
    """The pledge that keeps the reports, locked: the checks see every report before this one."""
    books = Pledge.objects.select_for_update(of=("self",)).select_related("campaign", "department")
    return books.get(pk=pledge.book_id)


def _same_again(key: UUID, book: Pledge, author: User, said: Said) -> ProgressReport | None:
    """The report that this very form already made: a double click makes one row."""
    earlier = ProgressReport.objects.filter(key=key).first()
    if earlier is None:
        return None
    was = (
        earlier.pledge_id,
        earlier.author_id,
        earlier.as_of,
        earlier.typed_value,
        earlier.note,
        earlier.entry,
    )
    if was != (book.pk, author.pk, said.as_of, said.value, said.note, said.entry):
        raise ConflictingKeyError(_("This form was already sent with other contents. Open it again."))
    return earlier


@transaction.atomic
def submit_report(
    pledge: Pledge, said: Said, *, author: User, key: UUID, today: date, seen: int | None = None
) -> ProgressReport:
    """Say how a pledge stands. The report waits for a reviewer; nothing changes before.

    `key` makes a repeated form harmless; `seen` is the newest report the form knew (None: not asked).
    Raises PermissionDenied, ValidationError by field, StaleError, ConflictingKeyError.
    """
    if not can_report(author, pledge):
        raise PermissionDenied
    book = _locked_book(pledge)
    if earlier := _same_again(key, book, author, said):
        return earlier
    if seen is not None and seen != newest_id(book):
        raise StaleError(newer_words(book))
    facts = book_of(book)
    if faults := faults_in(facts, said, today=today):
        raise ValidationError(fault_words(faults, book))
    return _insert(book, said, author=author, key=key, total=total_of(facts, said))


def _insert(book: Pledge, said: Said, *, author: User, key: UUID, total: Decimal) -> ProgressReport:
    same_day = [report for report in live_reports(book) if report.as_of == said.as_of]
    try:
        with transaction.atomic():
            return ProgressReport.objects.create(
                pledge=book,
                as_of=said.as_of,
                value=total,
                typed_value=said.value,
                entry=said.entry,
                note=said.note,
                corrects=same_day[0] if same_day else None,
                key=key,
                author=author,
                submitted_at=timezone.now(),
            )
    except IntegrityError as error:
        raise StaleError(newer_words(book)) from error


def _move(report: ProgressReport, **changes: object) -> ProgressReport:
    """A change of state is a conditional UPDATE: of two people at once, one is told who was first."""
    waiting = ProgressReport.objects.filter(pk=report.pk, state=ReportState.SUBMITTED)
    moved = waiting.update(**changes)
    report.refresh_from_db()
    if not moved:
        raise StaleError(handled_words(report))
    return report


def _require_same_sum(report: ProgressReport, book: Pledge) -> None:
    """A figure of one period was added to the total accepted then; if that has changed, the sum is wrong."""
    if report.entry == Entry.PERIOD and report.state == ReportState.SUBMITTED:
        before = book_of(book).before(report.as_of)
        if before + report.typed_value != report.value:
            raise StaleError(
                _(
                    "The total before this figure has changed since it was typed. Return it, so that it is added anew."
                )
            )


@transaction.atomic
def accept_report(report: ProgressReport, *, reviewer: User, today: date) -> ProgressReport:
    """Take a report as a fact: the pledge is judged anew, with all who share its number.

    Raises PermissionDenied (also for one's own report) and StaleError.
    """
    if not can_review(reviewer, report):
        raise PermissionDenied
    book = _locked_book(report.pledge)
    _require_same_sum(report, book)
    _move(report, state=ReportState.ACCEPTED, reviewer=reviewer, reviewed_at=timezone.now())
    rejudge(book, today=today, report=report)
    _ask_anew(today)
    return report


@transaction.atomic
def return_report(report: ProgressReport, *, reviewer: User, reason: str) -> ProgressReport:
    """Send a report back with a reason its author reads word for word, by letter, too. No light changes.

    Raises PermissionDenied, ValidationError on an empty reason, StaleError.
    """
    if not can_review(reviewer, report):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("Write why, so that it can be mended.")})
    _move(
        report,
        state=ReportState.RETURNED,
        reviewer=reviewer,
        reviewed_at=timezone.now(),
        return_reason=reason.strip(),
    )
    remind_of_return(report)
    _ask_anew(localdate(report.reviewed_at))
    return report


@transaction.atomic
def withdraw_report(report: ProgressReport, *, author: User) -> ProgressReport:
    """Take back what nobody has reviewed yet. The row stays, marked withdrawn."""
    if report.author_id != author.pk:
        raise PermissionDenied
    _move(report, state=ReportState.WITHDRAWN)
    _ask_anew(localdate(timezone.now()))
    return report


def _ask_anew(today: date) -> None:
    """What waited asks for nothing; decided, it may ask again today: too small a figure on the day of a deadline.

    After the commit, so that no two reviewers wait for each other over it.
    """
    transaction.on_commit(partial(plan_again, today=today), robust=True)
