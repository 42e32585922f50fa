"""What became of reminders and letters: the ledger of a campaign, one letter, and its two buttons."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from pledges.actions.letters import cancel_letter, retry_letter
from pledges.choices import Light, ReminderState
from pledges.errors import StaleError
from pledges.filters import TROUBLE, UNTOLD, LetterFilter, LineFilter
from pledges.models import Campaign, Letter, Pledge
from pledges.permissions import is_reviewer, reads_ledger
from pledges.queries.clock import database_now
from pledges.queries.ledger import (
    LetterRow,
    Totals,
    is_troubled,
    letters_of,
    letters_seen_by,
    lines_of,
    reminders_of,
    rows_of,
    totals_of,
    trouble_of,
    warnings_of,
    worst_of,
)
from pledges.queries.listing import departments_in
from pledges.queries.workdays import office_calendar
from pledges.views.campaigns import campaign_or_404
from pledges.views.errors import conflict
from pledges.views.listing import Tab, chips_of, select_of
from pledges.views.paging import around, page_of
from pledges.views.requests import SignedIn

LINES = "lines"
SELECTS = ("department", "occasion", "state", "fate", "why")
FIELDS = ("q", "day", *SELECTS)
"""Filters that stand in the form, letters' and lines'; the others are only in addresses."""


@require_safe
def letter_list(request: SignedIn, campaign: str) -> HttpResponse:
    """Who was told what, when, why, with what result: what is in trouble first, then letter by letter."""
    found = campaign_or_404(request, campaign)
    if not reads_ledger(request.user):
        raise PermissionDenied
    lines = request.GET.get("show") == LINES
    filters = _line_filter(request.GET, found) if lines else _letter_filter(request.GET, found)
    for sentence in filters.left_out():
        messages.warning(request, sentence)
    now = timezone.now()
    totals = totals_of(found, now=now)
    is_whole = not lines and not filters.chosen
    page = page_of(filters.qs, request.GET, total=totals.letters if is_whole else None)
    rows = {"rows": page.object_list} if lines else _letters(found, page, now, warn=is_whole, totals=totals)
    context = {
        "campaign": found,
        "today": localdate(now),
        "shows_lines": lines,
        "totals": totals,
        "tabs": _tabs(totals, request.GET),
        "open_lights": [light.value for light in Light if light != Light.DONE],
    }
    return render(request, "pledges/letter_list.html", context | _around(request.GET, filters, page) | rows)


def _letters(campaign: Campaign, page: Page, now: datetime, *, warn: bool, totals: Totals) -> dict[str, Any]:
    """The letters of a page; above the first page of all of them, what is in trouble."""
    if not warn or page.number > 1:
        return {"rows": rows_of(page.object_list, campaign, now=now)}
    worst = worst_of(campaign, now=now) if totals.troubled else []
    rows = rows_of([*worst, *page.object_list], campaign, now=now)
    troubled, others = rows[: len(worst)], rows[len(worst) :]
    return {
        "rows": others,
        "warnings": warnings_of(campaign, troubled, office_calendar(), day=localdate(now)),
    }


def _letter_filter(data: QueryDict, campaign: Campaign) -> LetterFilter:
    return LetterFilter(
        data,
        letters_of(campaign),
        departments=departments_in(Pledge.objects.filter(campaign=campaign)),
        lines=reminders_of(campaign),
        trouble=is_troubled(timezone.now()),
    )


def _line_filter(data: QueryDict, campaign: Campaign) -> LineFilter:
    departments = departments_in(Pledge.objects.filter(campaign=campaign))
    return LineFilter(data, reminders_of(campaign), departments=departments)


def _around(data: QueryDict, filters: LetterFilter | LineFilter, page: Page) -> dict[str, Any]:
    """The form, the chips and the pages around the rows."""
    hidden = ("show", "per_page", *(name for name in filters.filters if name not in FIELDS))
    return around(page) | {
        "filters": filters,
        "selects": [select_of(filters, name) for name in SELECTS if name in filters.filters],
        "carried": [(name, data[name]) for name in hidden if data.get(name)],
        "chips": chips_of(data, filters.words()),
    }


def _tabs(totals: Totals, data: QueryDict) -> list[Tab]:
    """The common questions, each with its number; the one that the address asks is marked."""
    asked = {name: data[name] for name in data if name not in {"page", "per_page"} and data[name]}
    questions: list[tuple[str, int, dict[str, str]]] = [
        (_("All letters"), totals.letters, {}),
        (_("In trouble"), totals.troubled, {"state": TROUBLE}),
        (
            pgettext("reminders", "Waiting"),
            totals.waiting,
            {"show": LINES, "fate": ReminderState.WAITING.value},
        ),
        (_("Not told, and why"), totals.untold, {"show": LINES, "fate": UNTOLD}),
    ]
    return [
        Tab(words, f"?{urlencode(asks)}", number, is_current=asked == asks)
        for words, number, asks in questions
    ]


@require_safe
def letter_detail(request: SignedIn, pk: int) -> HttpResponse:
    """One letter: its text as it was sent, and what became of each thing it was to tell."""
    letter = _letter(request, pk)
    lines, now = lines_of(letter), timezone.now()
    row = LetterRow(letter, [], trouble_of(letter, now))
    visible = Pledge.objects.visible_to(request.user).filter(reminders__letter=letter)
    context = {
        "letter": letter,
        "row": row,
        "lines": lines,
        "open": set(visible.values_list("pk", flat=True)),
        "today": localdate(now),
    }
    if lines:  # the banner of invented data stands on a letter that holds some
        context["campaign"] = max((line.campaign for line in lines), key=lambda each: each.is_invented)
    return render(request, "pledges/letter_detail.html", context)


@require_POST
def retry(request: SignedIn, pk: int) -> HttpResponse:
    """Send a letter in trouble again, or hand its lines to the next one."""
    letter = _handled(request, pk)
    again = partial(retry_letter, letter, by=request.user, now=database_now())
    return _done(request, letter, again, _("%(letter)s: is tried again."))


@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Never send a letter, nor tell what it was to tell."""
    letter = _handled(request, pk)
    stop = partial(cancel_letter, letter, by=request.user)
    return _done(request, letter, stop, _("%(letter)s: cancelled."))


def _letter(request: SignedIn, pk: int) -> Letter:
    return get_object_or_404(letters_seen_by(request.user, everybody=reads_ledger(request.user)), pk=pk)


def _handled(request: SignedIn, pk: int) -> Letter:
    """A letter that this person may retry or cancel."""
    letter = _letter(request, pk)
    if not is_reviewer(request.user):
        raise PermissionDenied
    return letter


def _done(request: SignedIn, letter: Letter, act: Callable[[], Letter], words: str) -> HttpResponse:
    """Act, then back to the list or the letter the button stood on; who came second is told what is so."""
    try:
        act()
    except StaleError as error:
        return conflict(request, str(error))
    messages.success(request, words % {"letter": letter})
    campaign = Campaign.objects.filter(code=request.POST.get("campaign", "").replace("\0", "")).first()
    return redirect("letter-list", campaign.code) if campaign else redirect("letter-detail", letter.pk)
