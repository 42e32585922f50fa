"""My work: what a reporter has to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pledges.choices import Role
from pledges.permissions import holds, is_reviewer
from pledges.queries.directives import unanswered_by
from pledges.queries.work import work_for
from pledges.views.days import day_of
from pledges.views.requests import SignedIn


@require_safe
def work(request: SignedIn) -> HttpResponse:
    """The reporter's list. Whoever reports nothing is told where their own work is."""
    day = day_of(request)
    context: dict[str, object] = {"day": day, "today": localdate()}
    if holds(request.user, Role.REPORTER):
        context["work"] = work_for(request.user, day=day)
    else:
        context["reviews"] = is_reviewer(request.user)
        context["directives"] = unanswered_by(request.user, roles=[Role.HEAD], day=day)
    return render(request, "pledges/work.html", context)
