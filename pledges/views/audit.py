"""What happened: to one pledge, for all who see it; everywhere, for the auditors."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pledges.actions.audit import record
from pledges.forms.audit import AuditForm
from pledges.models import AuditEvent, Pledge
from pledges.permissions import reads_audit
from pledges.queries.audit_log import events_like
from pledges.queries.deeds import Deed, deed_of, deeds_on, newest_deeds
from pledges.queries.pledges import find
from pledges.views.days import day_of
from pledges.views.paging import around, page_of
from pledges.views.requests import SignedIn


@require_safe
def pledge_history(request: SignedIn, code: str) -> HttpResponse:
    """Who did what with a pledge, when and why: all of it, page by page."""
    pledge = find(request.user, code)
    if pledge is None:
        raise Http404
    day = day_of(request)
    page = page_of(deeds_on(pledge, until=day), request.GET)
    context = {
        "campaign": pledge.campaign,
        "pledge": pledge,
        "day": day,
        "today": localdate(),
        "deeds": [deed_of(event, pledge) for event in page],
    }
    return render(request, "pledges/pledge_history.html", around(page) | context)


def history_on(pledge: Pledge, *, day: Any) -> dict[str, Any]:
    """The newest of it, for the page of the pledge."""
    deeds, has_older = newest_deeds(pledge, until=day)
    return {"deeds": deeds, "has_older_deeds": has_older}


@require_safe
def audit_list(request: SignedIn) -> HttpResponse:
    """The whole audit, for those who hold the right by name. That it was read is on record, too."""
    if not reads_audit(request.user):
        raise PermissionDenied
    form = AuditForm(request.GET)
    asked = form.asked()
    page = page_of(events_like(**asked), request.GET)
    record("audit.read", actor=request.user, after=asked | {"page": page.number})
    context = {"form": form, "is_filtered": bool(asked), "rows": [_row(event) for event in page]}
    return render(request, "pledges/audit_list.html", around(page) | context)


def _row(event: AuditEvent) -> tuple[Deed, str]:
    """A row, and its contents to read."""
    contents = json.dumps(json.loads(event.payload), ensure_ascii=False, indent=1) if event.payload else ""
    return Deed(event, []), contents
