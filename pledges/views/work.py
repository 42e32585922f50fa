"""My work: what a department has to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pledges.permissions import is_reviewer, serves_department
from pledges.queries.extensions import requests_of
from pledges.queries.work import work_for
from pledges.views.days import day_of
from pledges.views.requests import SignedIn


@require_safe
def work(request: SignedIn) -> HttpResponse:
    """The list of a reporter or head. Whoever serves no department is told where their own work is."""
    day = day_of(request)
    context: dict[str, object] = {"day": day, "today": localdate()}
    if serves_department(request.user):
        context["work"] = work_for(request.user, day=day)
    else:
        context["reviews"] = is_reviewer(request.user)
    context["requests"] = requests_of(request.user, now=timezone.now()) if day == localdate() else []
    return render(request, "pledges/work.html", context)
