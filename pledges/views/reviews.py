"""The supervision office's queue: accept or return, then straight to the next."""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pledges.actions.reports import accept_report, return_report
from pledges.choices import ReportState
from pledges.errors import StaleError
from pledges.forms.reports import ReturnForm
from pledges.models import ProgressReport
from pledges.permissions import can_review, is_reviewer
from pledges.queries.evidence import on_desk
from pledges.queries.extensions import waiting_by_campaign
from pledges.queries.pledges import quote_of
from pledges.queries.reviews import Item, Queue, items_of, queue_for, returns_of, waiting_reports
from pledges.refusals import handled_words
from pledges.views.ledger_entries import names_in_review
from pledges.views.requests import SignedIn
from pledges.views.statuses import CONFLICT, UNPROCESSABLE

LONGEST_KEY = 18


@require_safe
def queue(request: SignedIn) -> HttpResponse:
    """All that waits, with the first of it opened."""
    if not is_reviewer(request.user):
        raise PermissionDenied
    return _page(request, None, ReturnForm())


@require_safe
def detail(request: SignedIn, pk: int) -> HttpResponse:
    """One report beside the queue."""
    return _page(request, _reviewable(request, pk), ReturnForm())


@require_POST
def accept(request: SignedIn, pk: int) -> HttpResponse:
    """Take a report as a fact."""
    report = _decidable(request, pk)
    decide = partial(accept_report, report, reviewer=request.user, today=localdate())
    return _decided(request, decide, report, ReportState.ACCEPTED, done=_("%(title)s: accepted."))


@require_POST
def send_back(request: SignedIn, pk: int) -> HttpResponse:
    """Send a report back with a reason."""
    report = _decidable(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, report, form, status=UNPROCESSABLE)
    reason = form.cleaned_data["reason"]
    decide = partial(return_report, report, reviewer=request.user, reason=reason)
    return _decided(
        request, decide, report, ReportState.RETURNED, done=_("%(title)s: returned."), kept=reason
    )


def _reviewable(request: SignedIn, pk: int) -> ProgressReport:
    """A report, for those who review at all: everyone else who sees it is refused."""
    visible = ProgressReport.objects.visible_to(request.user)
    reports = visible.select_related("pledge__campaign", "pledge__department", "author", "reviewer")
    report = get_object_or_404(reports, pk=pk)
    if not is_reviewer(request.user):
        raise PermissionDenied
    return report


def _decidable(request: SignedIn, pk: int) -> ProgressReport:
    """A report that this person may decide about: never their own."""
    report = _reviewable(request, pk)
    if not can_review(request.user, report):
        raise PermissionDenied
    return report


def _decided(
    request: SignedIn,
    decide: Callable[[], ProgressReport],
    report: ProgressReport,
    wanted: ReportState,
    *,
    done: str,
    kept: str = "",
) -> HttpResponse:
    """Decide, then open the next; the one who came second is told who was first, and keeps what was typed."""
    try:
        decide()
        messages.success(request, done % {"title": report.pledge.title})
    except StaleError as error:
        if report.state == ReportState.SUBMITTED:
            messages.warning(request, str(error))
        # A double click is no conflict: the first of the two has done what both want.
        if (report.state, report.reviewer_id) != (wanted, request.user.pk):
            return _page(request, report, ReturnForm(), status=CONFLICT, kept=kept)
    following = request.POST.get("next", "")
    if following.isascii() and following.isdecimal() and len(following) <= LONGEST_KEY:
        return _to_waiting(request, int(following))
    return redirect("review-queue")


def _to_waiting(request: SignedIn, pk: int) -> HttpResponse:
    """The next report, unless somebody has decided it meanwhile."""
    if waiting_reports(request.user).filter(pk=pk).exists():
        return redirect("review-detail", pk)
    return redirect("review-queue")


def _page(
    request: SignedIn,
    report: ProgressReport | None,
    form: ReturnForm,
    *,
    status: int = 200,
    kept: str = "",
) -> HttpResponse:
    """The queue on the left, one report on the right: the one asked for, or the first."""
    today = localdate()
    waiting = queue_for(request.user, today=today)
    item = _item(waiting.items, report, today)
    report = item.report if item else report
    context = {"queue": waiting, "kept": kept, "form": form, "day": today, "today": today}
    context["requests"] = waiting_by_campaign(request.user)
    if report is None:
        return render(request, "pledges/review_queue.html", context, status=status)
    context |= _around(request, report, item, waiting)
    return render(request, "pledges/review_detail.html", context, status=status)


def _around(
    request: SignedIn, report: ProgressReport, item: Item | None, waiting: Queue
) -> dict[str, object]:
    """What the page says about one report; without an item it no longer waits."""
    pledge = item.preview.before.pledge if item else report.pledge
    return {
        "report": report,
        "item": item,
        "handled": "" if item else handled_words(report),
        "pledge": pledge,
        "campaign": pledge.campaign,
        "quote": quote_of(item.preview.before) if item else [],
        "returns": returns_of(report),
        **names_in_review(item),
        "desk": on_desk(report, request.user),
        "is_own": report.author_id == request.user.pk,
        "following": waiting.beside(report.pk, 1),
        "preceding": waiting.beside(report.pk, -1),
    }


def _item(items: list[Item], report: ProgressReport | None, today: date) -> Item | None:
    """The report with its preview; None where it no longer waits."""
    if report is None:
        return items[0] if items else None
    found = next((item for item in items if item.report.pk == report.pk), None)
    if found is None and report.state == ReportState.SUBMITTED:
        found = items_of([report], today=today)[0]
    return found
