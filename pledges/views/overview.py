"""The overview of a campaign, its rules, and one department."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from pledges.choices import Fate
from pledges.filters import PledgeFilter, month_days, month_words
from pledges.forms.saved import ON_OVERVIEW, OVERVIEW
from pledges.models import Department
from pledges.permissions import reads_ledger
from pledges.queries.blockers import tally_of
from pledges.queries.board import in_campaign
from pledges.queries.closings import closed_in
from pledges.queries.departments import department_board
from pledges.queries.evidence import coverage_of
from pledges.queries.extensions import extensions_in, states_in
from pledges.queries.listing import departments_in
from pledges.queries.nudges import takes_reports
from pledges.queries.overview import MANY_DEPARTMENTS, Overview, Scope, overview_of, worst_of
from pledges.queries.reminders import ladder_of
from pledges.queries.sheets import reportable
from pledges.views.campaigns import campaign_or_404
from pledges.views.comparing import comparison_of
from pledges.views.days import day_of
from pledges.views.listing import Select, chips_of, selects_of
from pledges.views.requests import SignedIn
from pledges.views.saved import views_context
from pledges.wording import ahead_words

PAGE_SIZE = 25
"""So many departments stand on a page where there are too many for one."""

WHOLE = "all"
WALL_DEPARTMENTS, WALL_ALERTS = 15, 7
"""As many as are legible from five metres."""


@require_safe
def overview(request: SignedIn, campaign: str) -> HttpResponse:
    """One look: how many of what light, what changed, what is red and why, whose, what is due."""
    found = campaign_or_404(request, campaign)
    scope, context = _looked_at(request, found)
    for sentence in context["filters"].left_out():
        messages.warning(request, sentence)
    board = overview_of(scope, whole_map=request.GET.get("map") == WHOLE)
    context |= {"board": board, "counts": board.counts, "fates": list(Fate)}
    context["selects"] = _selects(context["filters"], board)
    context["months"] = {month: month_words(month, found) for month in board.map.months}
    context["this_month"] = (scope.day.year, scope.day.month)
    context |= _page_of(board, request.GET)
    context |= views_context(request, found, context["filters"], show=OVERVIEW, day=scope.day)
    return render(request, "pledges/overview.html", context)


@require_safe
def wall(request: SignedIn, campaign: str) -> HttpResponse:
    """The same for a screen on the wall: legible from five metres, shown anew every five minutes."""
    found = campaign_or_404(request, campaign)
    if not reads_ledger(request.user):
        raise PermissionDenied
    scope, context = _looked_at(request, found)
    board = overview_of(scope)
    context |= {
        "board": board,
        "counts": board.counts,
        "rows": worst_of(board.ranking, most=WALL_DEPARTMENTS, shown=WALL_DEPARTMENTS),
        "lines": board.attention[:WALL_ALERTS],
        "now": now(),
    }
    return render(request, "pledges/wall.html", context)


def _looked_at(request: SignedIn, campaign: Any) -> tuple[Scope, dict]:
    """Which pledges of which days, under the filters of the address; and what the page says of it.

    The campaign says as well whether any of its counts are kept.
    """
    day = day_of(request)
    mine = in_campaign(campaign, request.user)
    asked = QueryDict(mutable=True)
    for name in ON_OVERVIEW:
        if values := [value for value in request.GET.getlist(name) if value]:
            asked.setlist(name, values)
    # Without filters the ranking names every department itself, which spares a query.
    departments = departments_in(mine) if asked else []
    filters = PledgeFilter(asked, mine, seen=mine, campaign=campaign, departments=departments, day=day)
    comparison = comparison_of(request, campaign, day=day)
    month = month_days(filters.chosen["due"])[0] if "due" in filters.chosen else None
    only = (month.year, month.month) if month else None
    is_whole = campaign.is_kept and not filters.chosen and request.user.is_city_wide
    scope = Scope(campaign, filters.in_each, filters.once, day, comparison.than, only, is_whole)
    about = {"campaign": campaign, "day": day, "today": localdate()}
    compared = {"comparison": comparison, "than": comparison.than}
    return scope, about | compared | _filtered(request, filters)


def _filtered(request: SignedIn, filters: PledgeFilter) -> dict:
    """What the page says of its filters."""
    day = request.GET.get("on", "")
    return {
        "filters": filters,
        "asked": {name: str(value) for name, value in filters.chosen.items()},
        "chips": chips_of(request.GET, filters.words()),
        "today_url": _address(request, {name: str(value) for name, value in filters.chosen.items()}),
        "clear_url": _address(request, {"on": day} if day else {}),
    }


def _selects(filters: PledgeFilter, board: Overview) -> list[Select]:
    """The fields of the filters; a list of departments only as long as it can be looked through."""
    departments = filters.departments or sorted(
        (row.department for row in board.ranking), key=lambda each: (each.order, each.pk)
    )
    filters.filters["department"].extra["choices"] = [(each.code, each.name) for each in departments]
    names = ON_OVERVIEW if 1 < len(departments) <= MANY_DEPARTMENTS else ON_OVERVIEW[1:]
    return selects_of(filters, names, {f"{year}-{month:02}" for year, month in board.map.months})


def _address(request: SignedIn, query: dict[str, str]) -> str:
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _page_of(board: Overview, data: QueryDict) -> dict:
    """The departments of one page; all of them where they fit on it."""
    size = PAGE_SIZE if len(board.ranking) > MANY_DEPARTMENTS else max(len(board.ranking), 1)
    paginator = Paginator(board.ranking, size)
    page = paginator.get_page(data.get("page"))
    return {"page": page, "pages": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)}


@require_safe
def rules(request: SignedIn, campaign: str) -> HttpResponse:
    """The rules beside the lights, whole, with the numbers of this campaign."""
    found = campaign_or_404(request, campaign)
    ladder = ladder_of(found)
    context = {
        "campaign": found,
        "today": localdate(),
        "ladder": ladder,
        "lead_words": ahead_words(ladder.lead_days),
        "cycle_words": ahead_words(ladder.cycle_lead_days),
    }
    return render(request, "pledges/rules.html", context)


@require_safe
def department_detail(request: SignedIn, campaign: str, department: str) -> HttpResponse:
    """One department: its lights, its discipline in reporting, all its pledges."""
    found = campaign_or_404(request, campaign)
    whose = get_object_or_404(Department, code=department)
    day = day_of(request)
    board = department_board(found, whose, request.user, day=day)
    if not board.lines and not in_campaign(found, request.user).filter(department=whose).exists():
        raise Http404
    context = {"campaign": found, "department": whose, "day": day, "today": localdate(), "board": board}
    context["takes_reports"] = takes_reports(found, day=day)
    context["may_fill"] = reportable(request.user, found, day=localdate()).filter(department=whose).exists()
    context["closed"] = closed_in(found, request.user, whose, day=day)
    asked = states_in(extensions_in(found, request.user, department=whose.code))
    context["asked"] = asked | {"every": asked[""]}
    context["blockers"] = tally_of(found, request.user, whose, day=localdate())
    theirs = in_campaign(found, request.user).filter(department=whose)
    context["coverage"] = coverage_of(theirs, until=day)
    return render(request, "pledges/department_detail.html", context)
