"""More time for a deadline (延期申请): asked on the page of a pledge, decided in the supervision office's queue."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pledges.actions.extensions import (
    ask_extension,
    grant_extension,
    handled_words,
    refuse_extension,
    withdraw_extension,
)
from pledges.choices import ExtensionState, Role
from pledges.errors import StaleError
from pledges.forms.extensions import AskForm, DecisionForm
from pledges.models import Department, Extension, Milestone, Pledge
from pledges.permissions import can_decide, can_extend, can_take_back, decidable_by, holds, is_reviewer
from pledges.queries.extensions import (
    WITH_PEOPLE,
    Course,
    asked_by,
    at_first,
    departments_asking,
    extensions_in,
    if_granted,
    obstacle_words,
    states_in,
    why_not_granted,
)
from pledges.queries.facts import all_readings, judged_one
from pledges.queries.pledges import Dossier, find
from pledges.views.beside import beside
from pledges.views.campaigns import campaign_or_404
from pledges.views.errors import conflict
from pledges.views.listing import Tab
from pledges.views.paging import around, page_of
from pledges.views.requests import SignedIn
from pledges.views.statuses import UNPROCESSABLE

GRANT, REFUSE = "grant", "refuse"


@require_safe
def extension_list(request: SignedIn, campaign: str) -> HttpResponse:
    """The requests of a campaign that a person may see: what waits on top, then everything decided."""
    found = campaign_or_404(request, campaign)
    today = localdate()
    departments = departments_asking(found, request.user)
    chosen = next((each for each in departments if each.code == request.GET.get("department")), None)
    everything = extensions_in(found, request.user, department=chosen.code if chosen else "")
    context: dict[str, Any] = {"campaign": found, "day": today, "today": today}
    context |= {"departments": departments, "chosen": chosen}
    context |= _listed(request.GET, everything, chosen) | {"decides": is_reviewer(request.user)}
    context["to_decide"] = _to_decide(request, context["rows"])
    return render(request, "pledges/extension_list.html", context)


def _listed(data: QueryDict, everything: Any, chosen: Department | None) -> dict[str, Any]:
    """One page of the state that is asked for, and the numbers of all states."""
    state = data.get("state", "")
    state = state if state in ExtensionState else ""
    numbers, kept = states_in(everything), f"&department={chosen.code}" if chosen else ""
    words = {"": pgettext("filter", "All"), **{each.value: str(each.label) for each in ExtensionState}}
    found = everything.filter(state=state) if state else everything
    return around(page_of(found, data)) | {
        "state": state,
        "tabs": [Tab(said, f"?state={key}{kept}", numbers[key], key == state) for key, said in words.items()],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def extension_ask(request: SignedIn, code: str, milestone: int) -> HttpResponse:
    """Ask for a later day for one milestone."""
    pledge = find(request.user, code)
    found = Milestone.objects.filter(pledge=pledge).select_related("pledge__campaign", "pledge__department")
    stone = get_object_or_404(found, pk=milestone)
    if not can_extend(request.user, stone.pledge):
        raise PermissionDenied
    if request.method != "POST":
        return _ask_page(request, stone, AskForm(due=stone.due))
    form = AskForm(request.POST, due=stone.due)
    if not form.is_valid():
        return _ask_page(request, stone, form, status=UNPROCESSABLE)
    try:
        ask_extension(stone, by=request.user, today=localdate(), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return _ask_page(request, stone, form, status=UNPROCESSABLE)
    except StaleError as error:
        return conflict(request, str(error), kept=form.cleaned_data["reason"])
    messages.success(request, _("Asked. Until it is decided, the deadline stays as it is."))
    return redirect(f"{stone.pledge.get_absolute_url()}#extensions")


def _ask_page(request: SignedIn, stone: Milestone, form: AskForm, *, status: int = 200) -> HttpResponse:
    """The form beside the pledge as it stands; without the form where nothing can be asked for."""
    today, pledge = localdate(), stone.pledge
    line = judged_one(pledge, today=today)
    course = Course.of(pledge)
    deadline = course.deadline(stone, line)
    obstacle = deadline.obstacle(today=today)
    context = beside(pledge, today=today, line=line) | {
        "stone": stone,
        "deadline": deadline,
        "form": form,
        "why_not": obstacle_words(obstacle) if obstacle else "",
        "granted": course.granted(stone),
    }
    return render(request, "pledges/extension_form.html", context, status=status)


def _visible(request: SignedIn, pk: int) -> Extension:
    visible = Extension.objects.visible_to(request.user).select_related(*WITH_PEOPLE)
    return get_object_or_404(visible.prefetch_related("milestone__pledge__milestones"), pk=pk)


@require_POST
def extension_withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Take one's own request back while nobody has decided."""
    extension = _visible(request, pk)
    try:
        withdraw_extension(extension, by=request.user)
    except StaleError as error:
        if extension.state != ExtensionState.WITHDRAWN:
            return conflict(request, str(error))
    messages.success(request, _("%(title)s: withdrawn.") % {"title": extension.milestone.pledge.title})
    return redirect("work") if holds(request.user, Role.REPORTER) else redirect(extension.milestone.pledge)


@require_http_methods(["GET", "HEAD", "POST"])
def extension_decide(request: SignedIn, pk: int) -> HttpResponse:
    """One request with what granting it would do; granted or refused in one step."""
    extension = _visible(request, pk)
    if not can_decide(request.user, extension):
        raise PermissionDenied
    if request.method != "POST":
        return _decision_page(request, extension, DecisionForm())
    form, wanted = DecisionForm(request.POST), request.POST.get("decision")
    if wanted not in {GRANT, REFUSE}:
        form.add_error(None, _("Choose: grant it or refuse it."))
    if not form.is_valid():
        return _decision_page(request, extension, form, status=UNPROCESSABLE)
    return _decided(request, extension, form, grants=wanted == GRANT)


def _decided(request: SignedIn, extension: Extension, form: DecisionForm, *, grants: bool) -> HttpResponse:
    answer = form.cleaned_data["answer"]
    try:
        if grants:
            grant_extension(extension, by=request.user, answer=answer, today=localdate())
        else:
            refuse_extension(extension, by=request.user, answer=answer)
    except ValidationError as error:
        if not grants:  # what stands against granting is said on the page anyway
            form.add_error(None, error)
        return _decision_page(request, extension, form, status=UNPROCESSABLE)
    except StaleError as error:
        wanted = ExtensionState.GRANTED if grants else ExtensionState.REFUSED
        # A double click is no conflict: the first of the two has done what both want.
        if (extension.state, extension.decided_by_id) != (wanted, request.user.pk):
            return conflict(request, str(error), kept=answer)
    words = _("%(title)s: extension granted.") if grants else _("%(title)s: extension refused.")
    messages.success(request, words % {"title": extension.milestone.pledge.title})
    return redirect("extension-list", extension.milestone.pledge.campaign.code)


def _decision_page(
    request: SignedIn, extension: Extension, form: DecisionForm, *, status: int = 200
) -> HttpResponse:
    today, pledge = localdate(), extension.milestone.pledge
    line = judged_one(pledge, today=today)
    waits = extension.state == ExtensionState.ASKED
    course = Course.of(pledge, asks=waits)
    stone = extension.milestone
    why_not = why_not_granted(extension, stone, course.deadline(stone, line)) if waits else ""
    context = beside(pledge, today=today, line=line) | {
        "extension": extension,
        "form": form,
        "waits": waits,
        "earlier": [each for each in course.extensions if each.pk != extension.pk],
        "handled": "" if waits else handled_words(extension),
        "granted_line": if_granted(extension, line, course) if waits and not why_not else None,
        "why_not": why_not,
        "first_line": at_first(line, all_readings(pledge, line.trajectory, until=today)),
    }
    return render(request, "pledges/extension_decide.html", context, status=status)


def extensions_on(request: SignedIn, pledge: Pledge, dossier: Dossier, *, closed: bool) -> dict[str, Any]:
    """What the page of a pledge says about its deadlines, and what this person may do about them today."""
    user, today, line = request.user, localdate(), dossier.line
    asks = line.verdict.judged_on == today and can_extend(user, pledge)
    course = Course.of(pledge, closed=closed, asks=asks)
    context: dict[str, Any] = {
        "extensions": asked_by(course.extensions, line.verdict.judged_on),
        "first_line": at_first(line, dossier.readings),
    }
    if line.verdict.judged_on == today:
        stones = pledge.milestones.all() if asks else ()
        free = (each for each in stones if not course.deadline(each, line).obstacle(today=today))
        context["to_extend"] = [each.pk for each in free]
        context["to_take_back"] = [each.pk for each in course.extensions if can_take_back(user, each)]
        context["to_decide"] = _to_decide(request, course.extensions)
    return context


def _to_decide(request: SignedIn, extensions: Iterable[Extension]) -> list[int]:
    waiting = [each for each in extensions if each.state == ExtensionState.ASKED]
    return [each.pk for each in decidable_by(request.user, waiting)]
