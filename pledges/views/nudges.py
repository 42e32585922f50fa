"""Urge by hand: one pledge, one department or a filtered list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from pledges.actions.nudges import Urged, left_out_words, urge_pledges
from pledges.choices import Light
from pledges.errors import StaleError
from pledges.filters import PledgeFilter
from pledges.forms.nudges import NudgeForm, is_code
from pledges.models import Campaign, User
from pledges.models.plans import PledgeQuerySet
from pledges.permissions import can_nudge
from pledges.queries.board import in_campaign, with_light
from pledges.queries.listing import departments_in, lights_of
from pledges.queries.nudges import (
    MOST_AT_ONCE,
    MOST_LOOKED_AT,
    Choice,
    closed_words,
    letters_on,
    takes_reports,
)
from pledges.queries.recipients import Roster
from pledges.views.campaigns import campaign_or_404
from pledges.views.requests import SignedIn
from pledges.views.statuses import CONFLICT, UNPROCESSABLE
from pledges.wording import in_a_row

ONE = "pledge"
"""The one pledge whose page led here; everything else in the address filters the list."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks to urge, in words, and the page from which it came."""

    pledges: PledgeQuerySet
    words: list[str]
    back: str
    left_out: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
def nudge(request: SignedIn, campaign: str) -> HttpResponse:
    """Show exactly what will be urged and who is told; then do it."""
    found = campaign_or_404(request, campaign)
    if not can_nudge(request.user):
        raise PermissionDenied
    today = localdate()
    asked = _asked(request, found, today)
    if request.method == "POST":
        return _sent(request, found, asked, today)
    for sentence in asked.left_out:
        messages.warning(request, sentence)
    return _page(request, found, asked, asked.pledges, today=today)


def _asked(request: SignedIn, campaign: Campaign, today: date) -> Asked:
    mine = in_campaign(campaign, request.user)
    if code := request.GET.get(ONE):
        one = get_object_or_404(mine, code=code) if is_code(code) else None
        if one is None:
            raise Http404
        return Asked(mine.filter(pk=one.pk), [str(one)], one.get_absolute_url(), [])
    filters = PledgeFilter(
        request.GET,
        with_light(mine, day=today),
        seen=mine,
        campaign=campaign,
        departments=departments_in(mine),
        day=today,
    )
    words = list(filters.words().values())
    return Asked(filters.qs, words, _origin(campaign, request.GET, filters.chosen), filters.left_out())


def _origin(campaign: Campaign, data: QueryDict, chosen: dict) -> str:
    """The page of the one department that is asked for, else the list with its filters."""
    if set(chosen) == {"department"}:
        return reverse("department-detail", args=[campaign.code, chosen["department"]])
    kept = [(name, value) for name in chosen for value in data.getlist(name)]
    address = reverse("pledge-list", args=[campaign.code])
    return f"{address}?{urlencode(kept)}" if kept else address


def _sent(request: SignedIn, campaign: Campaign, asked: Asked, today: date) -> HttpResponse:
    """Urge what the page showed: the codes in the form decide, not the address."""
    form = NudgeForm(request.POST)
    valid = form.is_valid()
    pledges = _posted(request, campaign, form.codes_posted)
    if not valid:
        return _page(request, campaign, asked, pledges, form=form, today=today)
    words = form.cleaned_data["words"]
    try:
        urged = urge_pledges(pledges, by=request.user, words=words, today=today)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, campaign, asked, pledges, form=form, today=today)
    except StaleError as error:
        messages.warning(request, str(error))
        return _page(request, campaign, asked, pledges, today=today, status=CONFLICT, kept=words)
    _say(request, urged, today)
    return redirect(asked.back)


def _posted(request: SignedIn, campaign: Campaign, codes: Iterable[str]) -> PledgeQuerySet:
    """All of the pledges that the form names, or none: one that is not of this campaign spoils the form."""
    wanted = set(codes)
    found = in_campaign(campaign, request.user).filter(code__in=wanted)
    if found.count() != len(wanted):
        raise Http404
    return found


def _say(request: HttpRequest, urged: Urged, today: date) -> None:
    number = len(urged.nudges)
    done = ngettext("%(number)d pledge is urged.", "%(number)d pledges are urged.", number)
    told = told_words(urged.people, today)
    messages.success(request, in_a_row(done % {"number": number}, told))
    if urged.left_out:
        why = left_out_words(urged.left_out)
        messages.warning(request, _("Left out: %(why)s") % {"why": why})


def told_words(people: list[User], today: date) -> str:
    """How many people get a letter, and when."""
    number, day = len(people), letters_on(today)
    if day == today:
        told = ngettext(
            "%(number)d person gets a letter at once.", "%(number)d people get a letter at once.", number
        )
        return told % {"number": number}
    told = ngettext(
        "Today is a day of rest: %(number)d person gets the letter on %(day)s.",
        "Today is a day of rest: %(number)d people get the letter on %(day)s.",
        number,
    )
    return told % {"number": number, "day": date_format(day, _("l, j F"))}


def _page(
    request: SignedIn,
    campaign: Campaign,
    asked: Asked,
    pledges: PledgeQuerySet,
    *,
    today: date,
    form: NudgeForm | None = None,
    status: int = 200,
    kept: str = "",
) -> HttpResponse:
    """The page in one of its states: the form; too much at once; nothing that could be urged."""
    weighed = _weighed(request, campaign, pledges, today)
    if form:
        status = UNPROCESSABLE
    elif choice := weighed.get("choice"):
        form = NudgeForm(codes=[candidate.pledge.code for candidate in choice.urgable])
    context = {"campaign": campaign, "asked": asked, "day": today, "today": today, "kept": kept, "form": form}
    return render(request, "pledges/nudge_form.html", context | weighed, status=status)


def _weighed(request: SignedIn, campaign: Campaign, pledges: PledgeQuerySet, today: date) -> dict:
    """What can be urged; a list without end is only counted."""
    if not takes_reports(campaign, day=today):
        return {"closed": closed_words()}
    number = pledges.count()
    choice = Choice.of(pledges, roster=Roster.on(today)) if number <= MOST_LOOKED_AT else None
    if choice is None or choice.is_too_much:
        too_many = len(choice.urgable) if choice else number
        return {"too_many": too_many, "most": MOST_AT_ONCE, "lights": list(_by_light(request, pledges))}
    return {"choice": choice, "told": told_words(choice.people, today)}


def _by_light(request: SignedIn, pledges: PledgeQuerySet) -> Iterator[tuple[Light, int, str]]:
    """The lights of a list that is too long, each with the address that urges only these."""
    for light, number in lights_of(pledges).items():
        if number and light != Light.DONE:
            data = request.GET.copy()
            data["light"] = light.value
            yield light, number, f"?{data.urlencode()}"
