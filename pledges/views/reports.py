"""Saying how a pledge stands: the form, what a number would do, and taking a report back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pledges.actions.reports import withdraw_report
from pledges.choices import Role
from pledges.errors import StaleError
from pledges.forms.reports import ReportForm
from pledges.models import Pledge, ProgressReport
from pledges.permissions import can_report, can_withdraw, holds
from pledges.queries.board import for_judging
from pledges.queries.closings import is_closed
from pledges.queries.pledges import quote_of
from pledges.queries.previews import Background, background_of
from pledges.views.errors import conflict
from pledges.views.evidence import draft_of, files_with, forget_form, take_files
from pledges.views.requests import SignedIn
from pledges.views.statuses import CONFLICT, OK, UNPROCESSABLE


def _reportable(request: SignedIn, code: str) -> Pledge:
    """The pledge, for those who may report on it."""
    pledge = get_object_or_404(for_judging(Pledge.objects.visible_to(request.user)), code=code)
    if not can_report(request.user, pledge):
        raise PermissionDenied
    return pledge


@require_http_methods(["GET", "HEAD", "POST"])
def report_create(request: SignedIn, code: str) -> HttpResponse:
    """The form; sent, it makes one report that waits for review."""
    pledge = _reportable(request, code)
    if request.method == "POST":
        return _sent(request, pledge)
    if is_closed(pledge):
        messages.warning(request, _("%(title)s: closed, it takes no reports.") % {"title": pledge.title})
        return redirect(pledge)
    today = localdate()
    background = background_of(pledge, today=today)
    form = ReportForm(pledge=pledge, author=request.user, today=today, again=background.returned)
    return _page(request, form, background)


def _sent(request: SignedIn, pledge: Pledge) -> HttpResponse:
    form = ReportForm(request.POST, pledge=pledge, author=request.user, today=localdate())
    chosen = take_files(request, form)
    if chosen.is_all:
        status = UNPROCESSABLE if chosen.faults else OK
        return _refused(request, draft_of(request, form, chosen), status)
    if not form.is_valid() or chosen.faults:
        chosen.tell(form)
        if form.errors.keys() & form.aside:
            form.renew()
        return _refused(request, form, UNPROCESSABLE)
    try:
        report = form.save()
    except StaleError as error:
        form.add_error(None, str(error))
        form.renew()
        return _refused(request, form, CONFLICT)
    if report is None:
        return _refused(request, form, UNPROCESSABLE)
    forget_form(request, pledge)
    messages.success(request, _("%(title)s: reported. It now waits for review.") % {"title": pledge.title})
    # A superuser may report for others but has no work list of their own.
    return redirect("work") if holds(request.user, Role.REPORTER) else redirect(pledge)


def _refused(request: SignedIn, form: ReportForm, status: int) -> HttpResponse:
    """The same page with what is to be mended; nothing that was typed is lost."""
    return _page(request, form, background_of(form.pledge, today=form.today), status=status)


def _page(request: SignedIn, form: ReportForm, background: Background, *, status: int = 200) -> HttpResponse:
    waiting = background.waiting
    context = {
        "form": form,
        **files_with(request, form),
        "pledge": form.pledge,
        "campaign": form.pledge.campaign,
        "background": background,
        "line": background.line,
        "preview": form.preview(),
        "quote": quote_of(background.line),
        "withdrawable": waiting if waiting and can_withdraw(request.user, waiting) else None,
        "day": form.today,
        "today": form.today,
    }
    return render(request, "pledges/report_form.html", context, status=status)


@require_POST
def report_preview(request: SignedIn, code: str) -> HttpResponse:
    """What the typed number would do, as a piece of the page. Changes nothing."""
    pledge = _reportable(request, code)
    today = localdate()
    form = ReportForm(request.POST, pledge=pledge, author=request.user, today=today)
    form.is_valid()
    preview = form.preview()
    complaints = form.complaints(preview)
    context = {"preview": preview, "complaints": complaints, "pledge": pledge, "day": today, "today": today}
    return render(request, "pledges/parts/live.html", context)


@require_POST
def report_withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Take back one's own report while nobody has reviewed it."""
    report = get_object_or_404(
        ProgressReport.objects.visible_to(request.user).select_related("pledge"), pk=pk
    )
    try:
        withdraw_report(report, author=request.user)
    except StaleError as error:
        return conflict(request, str(error))
    messages.success(request, _("%(title)s: withdrawn.") % {"title": report.pledge.title})
    return redirect("work") if holds(request.user, Role.REPORTER) else redirect(report.pledge)
