"""Blockers (堵点): raised on a pledge, removed by who is responsible, listed as the four lists (四清单)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from pledges.actions.blockers import raise_blocker, remove_blocker
from pledges.errors import StaleError
from pledges.forms.blockers import BlockerForm, RemovalForm
from pledges.models import Blocker, Campaign, Department, Pledge
from pledges.permissions import can_raise, can_remove, reads_ledger, removable_by
from pledges.queries.blockers import (
    GROUPS,
    OPEN,
    Hitch,
    Stage,
    blockers_in,
    counts_in,
    departments_with,
    heap_of,
    hitches_of,
    in_group,
)
from pledges.queries.closings import is_closed
from pledges.queries.pledges import find
from pledges.views.beside import beside
from pledges.views.campaigns import campaign_or_404
from pledges.views.errors import conflict
from pledges.views.listing import Tab
from pledges.views.paging import around, page_of
from pledges.views.requests import SignedIn
from pledges.views.statuses import UNPROCESSABLE

MOST_ON_PAPER = 500
"""So many blockers are printed at most: whoever has more in the way prints one department after the other."""

Chosen = Department | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which blockers of a campaign are looked at: a group, who is responsible, whose pledges."""

    group: str
    responsible: list[Department]
    hindered: list[Department]
    department: Chosen
    of: Chosen

    def query(self, **changes: str) -> str:
        """The address of this list, or of one beside it."""
        kept = {
            "stage": self.group,
            "department": self.department.code if self.department else "",
            "of": self.of.code if self.of else "",
        } | changes
        said = {name: value for name, value in kept.items() if value}
        return f"?{urlencode(said)}" if said else "?"

    @property
    def is_filtered(self) -> bool:
        return bool(self.group or self.department or self.of)


@require_safe
def blocker_list(request: SignedIn, campaign: str) -> HttpResponse:
    """The blockers of a campaign: open ones first, the longest overdue on top."""
    found = campaign_or_404(request, campaign)
    asked, today = _asked(request, found), localdate()
    everything = _everything(request, found, asked, today)
    page = page_of(in_group(everything, asked.group), request.GET)
    context = _about_list(found, asked, today) | around(page)
    context |= {
        "tabs": _tabs(asked, counts_in(everything, day=today)),
        "rows": hitches_of(page.object_list, day=today),
        "removable": [blocker.pk for blocker in removable_by(request.user, page.object_list)],
        "is_own": not reads_ledger(request.user),
        "paper_query": asked.query(),
    }
    return render(request, "pledges/blocker_list.html", context)


@require_safe
def blocker_paper(request: SignedIn, campaign: str) -> HttpResponse:
    """The same blockers as the sheet that offices print: weakness, remedy, day, department."""
    found = campaign_or_404(request, campaign)
    asked, today = _asked(request, found), localdate()
    rows = in_group(_everything(request, found, asked, today), asked.group)
    number = rows.count()
    context = _about_list(found, asked, today) | {
        "rows": hitches_of(rows[:MOST_ON_PAPER], day=today),
        "number": number,
        "most": MOST_ON_PAPER,
        "is_cut": number > MOST_ON_PAPER,
        "list_query": asked.query(),
    }
    return render(request, "pledges/blocker_paper.html", context)


def _asked(request: SignedIn, campaign: Campaign) -> Asked:
    """What is asked for and known; whoever asks for something else is told that it is left out."""
    responsible, hindered = departments_with(campaign, request.user)
    group = request.GET.get("stage", "")
    return Asked(
        group=group if group in GROUPS else "",
        responsible=responsible,
        hindered=hindered,
        department=_chosen(request, "department", responsible),
        of=_chosen(request, "of", hindered),
    )


def _chosen(request: SignedIn, name: str, departments: list[Department]) -> Chosen:
    asked = request.GET.get(name, "")
    chosen = next((each for each in departments if each.code == asked), None)
    if asked and chosen is None:
        messages.warning(request, _("There are no blockers of this department; all are shown."))
    return chosen


def _everything(request: SignedIn, campaign: Campaign, asked: Asked, today: date) -> Any:
    department, of = (each.code if each else "" for each in (asked.department, asked.of))
    return blockers_in(campaign, request.user, day=today, department=department, of=of)


def _about_list(campaign: Campaign, asked: Asked, today: date) -> dict[str, Any]:
    return {"campaign": campaign, "day": today, "today": today, "asked": asked, "group": asked.group}


def _tabs(asked: Asked, numbers: dict[str, int]) -> list[Tab]:
    """Each number with the address of the list that it counts."""
    words = {
        "": pgettext("filter", "All"),
        OPEN: pgettext("blockers", "Open"),
        Stage.OVERDUE.value: pgettext("blockers", "Overdue"),
        Stage.REMOVED.value: pgettext("blockers", "Removed"),
    }
    return [
        Tab(said, asked.query(stage=name), numbers[name or "every"], name == asked.group)
        for name, said in words.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def blocker_create(request: SignedIn, code: str) -> HttpResponse:
    """Say what stands in the way of a pledge, what removes it, by when, and whose turn it is."""
    pledge = find(request.user, code)
    if pledge is None:
        raise Http404
    if not can_raise(request.user, pledge):
        raise PermissionDenied
    form = _new_form(pledge, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _create_page(request, pledge, form)
    try:
        raised = _raised(request, pledge, form)
    except StaleError as error:
        return conflict(request, str(error), kept=form.cleaned_data["weakness"])
    if raised is None:
        return _create_page(request, pledge, form, status=UNPROCESSABLE)
    done = _("The blocker stands in the work of %(department)s.")
    messages.success(request, done % {"department": raised.department})
    return redirect(place_of(raised))


def _new_form(pledge: Pledge, data: QueryDict | None) -> BlockerForm:
    return BlockerForm(data, departments=Department.objects.all(), usual=pledge.department.code)


def _raised(request: SignedIn, pledge: Pledge, form: BlockerForm) -> Blocker | None:
    """The blocker of a form; None where the form says why not."""
    if not form.is_valid():
        return None
    try:
        return raise_blocker(pledge, by=request.user, today=localdate(), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _create_page(request: SignedIn, pledge: Pledge, form: BlockerForm, *, status: int = 200) -> HttpResponse:
    context = beside(pledge, today=localdate()) | {"form": form, "is_closed": is_closed(pledge)}
    return render(request, "pledges/blocker_form.html", context, status=status)


def place_of(blocker: Blocker) -> str:
    """Where a blocker stands on the page of its pledge."""
    return f"{blocker.pledge.get_absolute_url()}#blocker-{blocker.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
def blocker_remove(request: SignedIn, pk: int) -> HttpResponse:
    """It is in the way no more, with words how. Of a foreign pledge the page says the name and no more."""
    related = ("department", "raised_by", "removed_by", "pledge__campaign", "pledge__department")
    visible = Blocker.objects.visible_to(request.user).select_related(*related)
    blocker = get_object_or_404(visible, pk=pk)
    if not can_remove(request.user, blocker):
        raise PermissionDenied
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _remove_page(request, blocker, form)
    if not form.is_valid():
        return _remove_page(request, blocker, form, status=UNPROCESSABLE)
    outcome = form.cleaned_data["outcome"]
    try:
        remove_blocker(blocker, by=request.user, outcome=outcome)
    except StaleError as error:
        return conflict(request, str(error), kept=outcome)
    messages.success(request, _("Removed: %(weakness)s") % {"weakness": blocker.weakness})
    return redirect(place_of(blocker)) if _sees(request, blocker) else redirect("work")


def _sees(request: SignedIn, blocker: Blocker) -> bool:
    return Pledge.objects.visible_to(request.user).filter(pk=blocker.pledge_id).exists()


def _remove_page(
    request: SignedIn, blocker: Blocker, form: RemovalForm, *, status: int = 200
) -> HttpResponse:
    today = localdate()
    hitch = Hitch(blocker, today, _sees(request, blocker))
    context = {"campaign": blocker.pledge.campaign, "pledge": blocker.pledge, "day": today, "today": today}
    context |= {"hitch": hitch, "form": form}
    return render(request, "pledges/blocker_remove.html", context, status=status)


def blockers_on(request: SignedIn, pledge: Pledge, *, day: date, closed: bool) -> dict[str, Any]:
    """What the page of a pledge says about what is in its way, and what this person may do about it today."""
    heap = heap_of(pledge, day=day)
    context: dict[str, Any] = {"blockers": heap}
    if day == localdate():
        may = removable_by(request.user, [hitch.blocker for hitch in heap.open])
        context["to_remove"] = [blocker.pk for blocker in may]
        # Whoever opens this page sees the pledge; only a closed one takes no blockers.
        context["may_raise"] = not closed and can_raise(request.user, pledge)
    return context
