"""Closing (销号): what is ripe for it, one pledge at a time, and opening it again."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pledges.actions.closings import close_pledge, reopen_pledge
from pledges.errors import StaleError
from pledges.forms.closings import CloseForm, ReopenForm
from pledges.models import Pledge
from pledges.permissions import can_strike_off, reads_ledger
from pledges.queries.board import for_judging
from pledges.queries.closings import (
    Closings,
    closings_in,
    closings_of,
    is_closed,
    newest_closing,
    ripe_in,
    ripeness_of,
)
from pledges.queries.facts import judged
from pledges.queries.pledges import find
from pledges.views.beside import beside
from pledges.views.campaigns import campaign_or_404
from pledges.views.errors import conflict
from pledges.views.paging import around, page_of
from pledges.views.requests import SignedIn
from pledges.views.statuses import UNPROCESSABLE

MOST_RIPE = 200
"""So many pledges that can be closed stand on one page; the others move up as these are closed."""


@require_safe
def closing_list(request: SignedIn, campaign: str) -> HttpResponse:
    """What can be closed today, and everything that was."""
    found = campaign_or_404(request, campaign)
    if not reads_ledger(request.user):
        raise PermissionDenied
    today = localdate()
    ripe = ripe_in(found, request.user, day=today)
    context = around(page_of(closings_in(found, request.user), request.GET)) | {
        "campaign": found,
        "day": today,
        "today": today,
        "closes": can_strike_off(request.user),
        "number": ripe.count(),
        "ripe": judged(for_judging(ripe)[:MOST_RIPE], today=today),
    }
    return render(request, "pledges/closing_list.html", context)


def _strikable(request: SignedIn, code: str) -> Pledge:
    pledge = find(request.user, code)
    if pledge is None:
        raise Http404
    if not can_strike_off(request.user):
        raise PermissionDenied
    return pledge


@require_http_methods(["GET", "HEAD", "POST"])
def pledge_close(request: SignedIn, code: str) -> HttpResponse:
    """Every condition in words, and the button where all are met."""
    pledge = _strikable(request, code)
    if request.method != "POST":
        return _close_page(request, pledge, CloseForm(seen=newest_closing(pledge)))
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _close_page(request, pledge, form, status=UNPROCESSABLE)
    try:
        close_pledge(pledge, by=request.user, today=localdate(), **form.cleaned_data)
    except ValidationError:
        return _close_page(request, pledge, form, status=UNPROCESSABLE)
    except StaleError as error:
        return conflict(request, str(error), kept=form.cleaned_data["words"])
    messages.success(request, _("%(title)s: closed.") % {"title": pledge.title})
    is_from_list = request.POST.get("from") == "list"
    return redirect("closing-list", pledge.campaign.code) if is_from_list else redirect(pledge)


def _close_page(request: SignedIn, pledge: Pledge, form: CloseForm, *, status: int = 200) -> HttpResponse:
    today = localdate()
    ripeness = ripeness_of(pledge, request.user, today=today)
    context = beside(pledge, today=today, line=ripeness.line) | {"ripeness": ripeness, "form": form}
    return render(request, "pledges/pledge_close.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def pledge_reopen(request: SignedIn, code: str) -> HttpResponse:
    """Take figures again, with a reason."""
    pledge = _strikable(request, code)
    if request.method != "POST":
        if not is_closed(pledge):
            return redirect(pledge)
        return _reopen_page(request, pledge, ReopenForm(seen=newest_closing(pledge)))
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _reopen_page(request, pledge, form, status=UNPROCESSABLE)
    try:
        reopen_pledge(pledge, by=request.user, **form.cleaned_data)
    except StaleError as error:
        return conflict(request, str(error), kept=form.cleaned_data["reason"])
    messages.success(request, _("%(title)s: reopened.") % {"title": pledge.title})
    return redirect(pledge)


def _reopen_page(request: SignedIn, pledge: Pledge, form: ReopenForm, *, status: int = 200) -> HttpResponse:
    today = localdate()
    context = {"campaign": pledge.campaign, "pledge": pledge, "day": today, "today": today, "form": form}
    context["closings"] = closings_of(pledge)
    return render(request, "pledges/pledge_reopen.html", context, status=status)


def closings_on(request: SignedIn, pledge: Pledge, *, day: date, is_done: bool) -> dict[str, Any]:
    """What the page of a pledge says about its closings of a day, and whether this person may close or reopen it today."""
    course = Closings.of(pledge, day=day)
    asks = day == localdate() and (is_done or course.is_closed_now)
    strikes = can_strike_off(request.user) if asks else False
    return {
        "closing": course.in_force,
        "closings": course.reopened,
        "is_closed_now": course.is_closed_now,
        "may_close": strikes and is_done and not course.is_closed_now,
        "may_reopen": strikes and course.is_closed_now,
    }
