"""The printed page, each promise in its light."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pledges.queries.articles import page_of
from pledges.views.campaigns import campaign_or_404
from pledges.views.days import day_of
from pledges.views.requests import SignedIn


@require_safe
def article(request: SignedIn, campaign: str) -> HttpResponse:
    """The article of a campaign on a day; a sentence where none is kept."""
    found = campaign_or_404(request, campaign)
    day = day_of(request)
    page = page_of(found, request.user, day=day)
    context = {"campaign": found, "day": day, "today": localdate(), "page": page}
    return render(request, "pledges/article.html", context)
