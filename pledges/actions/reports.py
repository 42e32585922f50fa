"""What a clerk says, and what a reviewer answers."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.audit import record
from pledges.actions.closings import require_open
from pledges.actions.doubts import ask_once
from pledges.actions.evidence import attach, waiting_files
from pledges.actions.ledger_entries import list_names, names_of
from pledges.actions.reminders import plan_again, remind_of_return
from pledges.actions.standings import rejudge
from pledges.choices import Entry, ReportState
from pledges.errors import ConflictingKeyError, StaleError
from pledges.models import Pledge, ProgressReport, User
from pledges.permissions import can_report, can_review
from pledges.queries.parts import books_of, contradictions, pairs_around
from pledges.queries.reports import book_of, live_reports, newest_id
from pledges.refusals import fault_words, handled_words, newer_words, over_words, sent_before_words
from pledges.rules.evidence import evidence_faults
from pledges.rules.reporting import Said, faults_in, total_of


def _locked_book(pledge: Pledge, *, beside: Iterable[int] = ()) -> Pledge:
    """The pledge that keeps the reports, locked: the checks see every report before this one."""
    return _locked_family(pledge, beside=beside)[0]


def _locked_family(pledge: Pledge, *, beside: Iterable[int] = ()) -> list[Pledge]:
    """The pledge that keeps the reports and all who share them, locked, the book first. One query.

    Other books that are looked at are locked with them, in one order, so that nobody waits in a circle.
    """
    wanted = Q(pk__in={pledge.book_id, *beside}) | Q(shared_with=pledge.book_id)
    rows = Pledge.objects.select_for_update(of=("self",)).select_related("campaign", "department")
    family = [row for row in rows.filter(wanted).order_by("pk") if row.book_id == pledge.book_id]
    return sorted(family, key=lambda row: row.pk != pledge.book_id)


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
        names_of(earlier),
    )
    now = (book.pk, author.pk, said.as_of, said.value, said.note, said.entry, said.names)
    if was != now or waiting_files(key, author):
        raise ConflictingKeyError(_("This form was already sent with other contents. Open it again."))
    if earlier.state not in ReportState.live:
        raise ConflictingKeyError(sent_before_words(earlier))
    return earlier


@transaction.atomic
def submit_report(
    pledge: Pledge,
    said: Said,
    *,
    author: User,
    key: UUID,
    today: date,
    seen: int | None = None,
    confirmed: Collection[str] | None = None,
) -> ProgressReport:
    """Say how a pledge stands. The report waits for a reviewer; nothing changes before.

    `key` makes a repeated form harmless; `seen` is the newest report the form knew (None: not asked);
    `confirmed` are the doubts the author was shown and stands by (None: nobody is asked).
    Raises PermissionDenied, ValidationError by field, StaleError, ConflictingKeyError, DoubtsError.
    """
    if not can_report(author, pledge):
        raise PermissionDenied
    book = _locked_book(pledge)
    if earlier := _same_again(key, book, author, said):
        return earlier
    require_open(book)
    if seen is not None and seen != newest_id(book):
        raise StaleError(newer_words(book))
    facts = book_of(book)
    lacking = evidence_faults(facts, said, files=waiting_files(key, author))
    if faults := [*faults_in(facts, said, today=today), *lacking]:
        raise ValidationError(fault_words(faults, book))
    stood_by = ask_once(pledge, book, said, author=author, key=key, today=today, confirmed=confirmed)
    who = {"author": author, "department_id": pledge.department_id, "confirmed": stood_by}
    report = _insert(book, said, key=key, total=total_of(facts, said), **who)
    list_names(report, said.names)
    record("report.submit", report, actor=author, after=told(report) | attach(report))
    return report


def told(report: ProgressReport) -> dict[str, object]:
    """What the audit keeps of a report."""
    return {"as_of": report.as_of, "value": report.value, "note": report.note}


def _insert(book: Pledge, said: Said, *, key: UUID, total: Decimal, **who: object) -> ProgressReport:
    same_day = [report for report in live_reports(book) if report.as_of == said.as_of]
    corrects = same_day[0] if same_day else None
    try:
        with transaction.atomic():
            report = new_report(book, said, key=key, total=total, corrects=corrects, **who)
            report.save()
            return report
    except IntegrityError as error:
        raise StaleError(newer_words(book)) from error


def new_report(
    book: Pledge, said: Said, *, key: UUID, total: Decimal, corrects: ProgressReport | None, **who: object
) -> ProgressReport:
    """What was said as a row, not yet stored."""
    return ProgressReport(
        pledge=book,
        as_of=said.as_of,
        value=total,
        typed_value=said.value,
        entry=said.entry,
        note=said.note,
        corrects=corrects,
        key=key,
        submitted_at=timezone.now(),
        **who,
    )


def _move(report: ProgressReport, **changes: object) -> ProgressReport:
    """A change of state is a conditional UPDATE: of two people at once, one is told who was first."""
    waiting = ProgressReport.objects.filter(pk=report.pk, state=ReportState.SUBMITTED)
    if not waiting.update(**changes):
        report.refresh_from_db()
        raise StaleError(handled_words(report))
    for name, value in changes.items():
        setattr(report, name, value)
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


def _require_within_whole(report: ProgressReport, pairs: list[tuple[Pledge, Pledge]]) -> None:
    """No part is accepted above its whole, and no whole below its part. The books of both are locked."""
    if pairs and report.state == ReportState.SUBMITTED:
        for over in contradictions(pairs, report):
            raise StaleError(over_words(over))


@transaction.atomic
def accept_report(report: ProgressReport, *, reviewer: User, today: date) -> ProgressReport:
    """Take a report as a fact: the pledge is judged anew, with all who share its number.

    Raises PermissionDenied (also for one's own report) and StaleError.
    """
    if not can_review(reviewer, report):
        raise PermissionDenied
    pairs = pairs_around(report.pledge_id)
    family = _locked_family(report.pledge, beside=books_of(pairs))
    book = family[0]
    _require_same_sum(report, book)
    _require_within_whole(report, pairs)
    _move(report, state=ReportState.ACCEPTED, reviewer=reviewer, reviewed_at=timezone.now())
    rejudge(book, today=today, report=report, family=family)
    _ask_anew(today)
    record("report.accept", report, actor=reviewer, after=told(report))
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
    # The book before the report, as in accepting: who comes second waits, and nobody in a circle.
    _locked_book(report.pledge)
    _move(
        report,
        state=ReportState.RETURNED,
        reviewer=reviewer,
        reviewed_at=timezone.now(),
        return_reason=reason.strip(),
    )
    remind_of_return(report)
    _ask_anew(localdate(report.reviewed_at))
    record("report.return", report, actor=reviewer, after=told(report) | {"reason": report.return_reason})
    return report


@transaction.atomic
def withdraw_report(report: ProgressReport, *, author: User) -> ProgressReport:
    """Take back what nobody has reviewed yet. The row stays, marked withdrawn."""
    if report.author_id != author.pk:
        raise PermissionDenied
    _locked_book(report.pledge)
    _move(report, state=ReportState.WITHDRAWN)
    _ask_anew(localdate(timezone.now()))
    record("report.withdraw", report, actor=author, after=told(report))
    return report


def _ask_anew(today: date) -> None:
    """What waited asks for nothing; decided, it may ask again today: too small a figure on the day of a deadline.

    After the commit, so that no two reviewers wait for each other over it.
    """
    transaction.on_commit(partial(plan_again, today=today), robust=True)
