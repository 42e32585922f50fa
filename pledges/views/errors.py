"""What people read when something is not as they expected. Never a traceback, never English by accident."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from pledges.actions.people import note_refusal
from pledges.models import Evidence
from pledges.rules.files import MEGABYTE
from pledges.views.outages import outage
from pledges.views.statuses import CONFLICT
from ykplan.callers import current_caller
from ykplan.outages import outage_in

BAD, NOT_FOUND, FORBIDDEN, NOT_ALLOWED, FAULTY = 400, 404, 403, 405, 500
GONE, TOO_MUCH = 410, 413


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """Too much at once, or nothing that a page of ours sends."""
    return render(request, "pledges/errors/400.html", status=BAD)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """What one may not see does not exist."""
    return render(request, "pledges/errors/404.html", status=NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """Visible, but not for this person to do. Whose request it was is written down."""
    if request.user.is_authenticated:
        note_refusal(request.user, method=request.method or "", path=request.path)
    return render(request, "pledges/errors/403.html", status=FORBIDDEN)


def explain_wrong_method(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Whoever opens the address of a button, by hand or after signing in again, finds a way on, not a blank page."""

    def explained(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != NOT_ALLOWED or response.content:
            return response
        page = render(request, "pledges/errors/405.html", status=NOT_ALLOWED)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return explained


def refuse_too_much(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Gigabytes are refused by what they announce, before a byte of them is read; of strangers, megabytes.

    What announces nothing is not read at all: Django takes only as much as `Content-Length` says.
    """

    def refused(request: HttpRequest) -> HttpResponse:
        few, many = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.MOST_BYTES_AT_ONCE
        announced = request.META.get("CONTENT_LENGTH") or "0"
        size = int(announced) if announced.isascii() and announced.isdecimal() else 0
        if size <= few or (size <= many and request.user.is_authenticated):
            return get_response(request)
        context = {"most": many // MEGABYTE if request.user.is_authenticated else few // MEGABYTE}
        return render(request, "pledges/errors/413.html", context, status=TOO_MUCH)

    return refused


def broken_file(request: HttpRequest, evidence: Evidence, *, is_missing: bool) -> HttpResponse:
    """What lies on the disk is not what was sent, or nothing lies there: it is not handed out."""
    code = GONE if is_missing else CONFLICT
    context = {"evidence": evidence, "is_missing": is_missing, "code": code}
    return render(request, "pledges/errors/file.html", context, status=code)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django names it
    """The page is older than the session; nothing was saved."""
    return render(request, "pledges/errors/csrf.html", status=FORBIDDEN)


def conflict(request: HttpRequest, message: str, *, kept: str = "") -> HttpResponse:
    """Somebody was first; `kept` is what was typed, to copy."""
    return render(request, "pledges/errors/409.html", {"message": message, "kept": kept}, status=CONFLICT)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault, or a database that cannot answer. Rendered without session, database or context: those may be broken.

    The number of the request stands in the log and in the audit, too.
    """
    said = {"number": current_caller().request_id}
    if kind := outage_in(sys.exc_info()[1]):
        return outage(request, kind, **said)
    return HttpResponse(loader.get_template("pledges/errors/500.html").render(said), status=FAULTY)
