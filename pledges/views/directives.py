"""Directives (批示): left on a pledge, answered by its department, closed by the leader's office."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pledges.actions.directives import answer_directive, close_directive, direct, usual_day
from pledges.choices import Role
from pledges.errors import StaleError
from pledges.forms.directives import AnswerForm, DirectiveForm
from pledges.models import Department, Directive, Pledge, User
from pledges.permissions import (
    answerable_by,
    can_answer,
    can_close,
    can_direct,
    closable_by,
    holds,
    reads_ledger,
)
from pledges.queries.directives import (
    GROUPS,
    OPEN,
    UNANSWERED,
    Sheaf,
    Slip,
    Stage,
    counts_in,
    departments_with,
    directives_in,
    in_group,
    sheaf_of,
    with_standings,
)
from pledges.queries.pledges import find
from pledges.queries.workdays import office_calendar
from pledges.views.beside import beside
from pledges.views.campaigns import campaign_or_404
from pledges.views.errors import conflict
from pledges.views.listing import Tab
from pledges.views.paging import around, page_of
from pledges.views.requests import SignedIn
from pledges.views.statuses import UNPROCESSABLE

SAW_ANSWER = "answered"
"""What the page with the button to close has shown, as the form sends it."""


@require_safe
def directive_list(request: SignedIn, campaign: str) -> HttpResponse:
    """The directives of a campaign, open ones first, the longest overdue on top."""
    found = campaign_or_404(request, campaign)
    if not reads_ledger(request.user):
        raise PermissionDenied
    today = localdate()
    departments = departments_with(found, request.user)
    chosen = _chosen(request, departments)
    everything = directives_in(found, request.user, day=today, department=chosen.code if chosen else "")
    context = {"campaign": found, "day": today, "today": today, "departments": departments, "chosen": chosen}
    context |= _listed(request.GET, everything, today, kept=f"&department={chosen.code}" if chosen else "")
    return render(request, "pledges/directive_list.html", context)


def _chosen(request: SignedIn, departments: list[Department]) -> Department | None:
    """The department that is asked for; whoever asks for another is told that all are shown."""
    asked = request.GET.get("department", "")
    chosen = next((each for each in departments if each.code == asked), None)
    if asked and chosen is None:
        messages.warning(request, _("There are no directives for this department; all are shown."))
    return chosen


def _listed(data: QueryDict, everything: Any, today: date, *, kept: str) -> dict[str, Any]:
    """One page of the group that is asked for, and the numbers of all groups."""
    group = data.get("stage", "")
    group = group if group in GROUPS else ""
    numbers = counts_in(everything)
    page = page_of(in_group(everything, group), data)
    return around(page) | {
        "group": group,
        "tabs": _tabs(numbers, group, kept),
        "rows": with_standings([Slip(directive, today) for directive in page.object_list]),
    }


def _tabs(numbers: dict[str, int], group: str, kept: str) -> list[Tab]:
    """Each number with the address of the list that it counts."""
    words = {
        "": pgettext("filter", "All"),
        OPEN: pgettext("directives", "Open"),
        UNANSWERED: pgettext("directives", "Not answered"),
        Stage.OVERDUE: pgettext("directives", "Overdue"),
        Stage.ANSWERED: pgettext("directives", "Answered, to be closed"),
        Stage.CLOSED: pgettext("directives", "Closed"),
    }
    return [Tab(said, f"?stage={name}{kept}", numbers[name], name == group) for name, said in words.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def directive_create(request: SignedIn, code: str) -> HttpResponse:
    """Leave a word on a pledge with a day to answer."""
    pledge = find(request.user, code)
    if pledge is None:
        raise Http404
    if not can_direct(request.user):
        raise PermissionDenied
    today = localdate()
    if request.method != "POST":
        return _create_page(request, pledge, new_form(today), today)
    form = DirectiveForm(request.POST)
    made = _made(request, pledge, form, today)
    if made is None:
        return _create_page(request, pledge, form, today, status=UNPROCESSABLE)
    done = _("The directive stands on top of the work of %(department)s.")
    messages.success(request, done % {"department": pledge.department})
    return redirect(place_of(made))


def _made(request: SignedIn, pledge: Pledge, form: DirectiveForm, today: date) -> Directive | None:
    """The directive of a form; None where the form says why not."""
    if not form.is_valid():
        return None
    try:
        return direct(pledge, by=request.user, today=today, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _create_page(
    request: SignedIn, pledge: Pledge, form: DirectiveForm, today: date, status: int = 200
) -> HttpResponse:
    context = beside(pledge, today=today) | {"form": form}
    return render(request, "pledges/directive_form.html", context, status=status)


def new_form(today: date) -> DirectiveForm:
    """An empty form with the usual day to answer. One query."""
    return DirectiveForm(answer_by=usual_day(today, office_calendar()))


def place_of(directive: Directive) -> str:
    """Where a directive stands on the page of its pledge."""
    return f"{directive.pledge.get_absolute_url()}#directive-{directive.pk}"


def _visible(request: SignedIn, pk: int) -> Directive:
    related = ("by", "answered_by", "closed_by", "pledge__campaign", "pledge__department")
    visible = Directive.objects.visible_to(request.user).select_related(*related)
    return get_object_or_404(visible, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def directive_answer(request: SignedIn, pk: int) -> HttpResponse:
    """The department's answer, once."""
    directive = _visible(request, pk)
    if not can_answer(request.user, directive):
        raise PermissionDenied
    if request.method != "POST":
        return _answer_page(request, directive, AnswerForm())
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, directive, form, status=UNPROCESSABLE)
    answer = form.cleaned_data["answer"]
    try:
        answer_directive(directive, by=request.user, answer=answer)
    except StaleError as error:
        return conflict(request, str(error), kept=answer)
    messages.success(request, _("Answered: %(title)s") % {"title": directive.pledge.title})
    return redirect("work") if holds(request.user, Role.REPORTER) else redirect(place_of(directive))


def _answer_page(
    request: SignedIn, directive: Directive, form: AnswerForm, status: int = 200
) -> HttpResponse:
    today = localdate()
    context = beside(directive.pledge, today=today) | {"slip": Slip(directive, today), "form": form}
    return render(request, "pledges/directive_answer.html", context, status=status)


@require_POST
def directive_close(request: SignedIn, pk: int) -> HttpResponse:
    """Closed by the leader's office; nothing changes any more."""
    directive = _visible(request, pk)
    if not can_close(request.user, directive):
        raise PermissionDenied
    try:
        close_directive(directive, by=request.user, saw_answer=request.POST.get(SAW_ANSWER) == "1")
    except StaleError as error:
        return conflict(request, str(error))
    messages.success(request, _("The directive is closed."))
    return redirect(place_of(directive))


def directives_on(user: User, pledge: Pledge, *, day: date) -> dict[str, Any]:
    """What the page of a pledge says about its directives, and what this person may do about them today."""
    sheaf, today = sheaf_of(pledge, day=day), localdate()
    context: dict[str, Any] = {"directives": sheaf}
    if day == today:
        context |= _buttons(user, pledge, sheaf)
        context["directive_form"] = new_form(today) if can_direct(user) else None
    return context


def _buttons(user: User, pledge: Pledge, sheaf: Sheaf) -> dict[str, Any]:
    """The open directives that this person may answer, and those that they may close."""
    waiting = [slip.directive for slip in sheaf.open if not slip.is_answered]
    return {
        "to_answer": [each.pk for each in answerable_by(user, pledge, waiting)],
        "to_close": [each.pk for each in closable_by(user, [slip.directive for slip in sheaf.open])],
    }
