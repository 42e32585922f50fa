"""The overview of a campaign, its rules, and one department."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pledges.models import Campaign, Department
from pledges.queries.board import board_for, in_campaign
from pledges.queries.departments import department_board
from pledges.views.days import day_of
from pledges.views.requests import SignedIn


@require_safe
def overview(request: SignedIn, campaign: str) -> HttpResponse:
    """One look: how many of what light, what is red and why, whose, what is due."""
    found = get_object_or_404(Campaign, code=campaign)
    day = day_of(request)
    board = board_for(found, request.user, day=day)
    context = {"campaign": found, "day": day, "today": localdate(), "board": board, "counts": board.counts}
    return render(request, "pledges/overview.html", context)


@require_safe
def rules(request: SignedIn, campaign: str) -> HttpResponse:
    """The rules beside the lights, whole, with the numbers of this campaign."""
    found = get_object_or_404(Campaign, code=campaign)
    return render(request, "pledges/rules.html", {"campaign": found, "today": localdate()})


@require_safe
def department_detail(request: SignedIn, campaign: str, department: str) -> HttpResponse:
    """One department: its lights, its discipline in reporting, all its pledges."""
    found = get_object_or_404(Campaign, code=campaign)
    whose = get_object_or_404(Department, code=department)
    day = day_of(request)
    board = department_board(found, whose, request.user, day=day)
    if not board.lines and not in_campaign(found, request.user).filter(department=whose).exists():
        raise Http404
    context = {"campaign": found, "department": whose, "day": day, "today": localdate(), "board": board}
    return render(request, "pledges/department_detail.html", context)
