"""Views of one's own: saved, shown above the list and the overview, deleted."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pledges.filters import PledgeFilter
from pledges.forms.saved import LIST, OVERVIEW, SHOW, SavedViewForm, known_query
from pledges.models import Campaign, SavedView
from pledges.queries.board import in_campaign
from pledges.queries.listing import departments_in
from pledges.rules.days import DayFault, parse_day
from pledges.views.campaigns import campaign_or_404
from pledges.views.requests import SignedIn
from pledges.views.statuses import UNPROCESSABLE

ADDRESSES = {LIST: "pledge-list", OVERVIEW: "overview"}
LONGEST_QUERY = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved view as a link."""

    pk: int
    name: str
    url: str
    is_current: bool


def views_context(
    request: SignedIn, campaign: Campaign, filters: PledgeFilter, *, show: str, day: date
) -> dict:
    """The person's views, the one that is open marked, and what would be saved here."""
    here = known_query(filters, show=show)
    views = SavedView.objects.filter(owner=request.user, campaign=campaign)
    shown = [
        Shown(view.pk, view.name, address_of(view, campaign, day=day), view.query == here) for view in views
    ]
    return {
        "saved": shown,
        "saving": request.GET.urlencode() if here and not any(each.is_current for each in shown) else "",
        "saving_show": show,
    }


def address_of(view: SavedView, campaign: Campaign, *, day: date) -> str:
    """Where a view leads: one of our two pages, with its filters, on a day."""
    query = QueryDict(view.query, mutable=True)
    show = query.pop(SHOW, [LIST])[-1]
    if day != localdate():
        query["on"] = day.isoformat()
    return f"{reverse(ADDRESSES.get(str(show), ADDRESSES[LIST]), args=[campaign.code])}?{query.urlencode()}"


@require_POST
def save(request: SignedIn, campaign: str) -> HttpResponse:
    """Keep the filters of a page under a name."""
    found = campaign_or_404(request, campaign)
    asked = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY], mutable=True)
    show = OVERVIEW if request.POST.get(SHOW) == OVERVIEW else LIST
    day = _day_in(asked)
    mine = in_campaign(found, request.user)
    filters = PledgeFilter(asked, mine, seen=mine, campaign=found, departments=departments_in(mine), day=day)
    view = SavedView(owner=request.user, campaign=found, query=known_query(filters, show=show))
    form = SavedViewForm(request.POST, instance=view)
    if not form.is_valid():
        context = {"campaign": found, "form": form, "show": show, "query": asked.urlencode()}
        context |= {"words": filters.words().values(), "back": reverse(ADDRESSES[show], args=[found.code])}
        return render(request, "pledges/saved_form.html", context, status=UNPROCESSABLE)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": form.save().name})
    return redirect(address_of(view, found, day=day))


def _day_in(asked: QueryDict) -> date:
    """The day that was looked at."""
    try:
        return parse_day(str(asked.get("on", "")))
    except DayFault:
        return localdate()


@require_POST
def delete(request: SignedIn, campaign: str, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user, campaign__code=campaign)
    show = QueryDict(view.query).get(SHOW, LIST)
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect(ADDRESSES.get(str(show), ADDRESSES[LIST]), campaign)
