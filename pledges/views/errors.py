"""What people read when something is not as they expected. Never a traceback, never English by accident."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

BAD, NOT_FOUND, FORBIDDEN, NOT_ALLOWED, CONFLICT, FAULTY = 400, 404, 403, 405, 409, 500


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """Too much at once, or nothing that a page of ours sends."""
    return render(request, "pledges/errors/400.html", status=BAD)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """What one may not see does not exist."""
    return render(request, "pledges/errors/404.html", status=NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """Visible, but not for this person to do."""
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


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django names it
    """The page is older than the session; nothing was saved."""
    return render(request, "pledges/errors/csrf.html", status=FORBIDDEN)


def conflict(request: HttpRequest, message: str, *, kept: str = "") -> HttpResponse:
    """Somebody was first; `kept` is what was typed, to copy."""
    return render(request, "pledges/errors/409.html", {"message": message, "kept": kept}, status=CONFLICT)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Our fault. Rendered without session, database or context, for those may be what broke."""
    return HttpResponse(loader.get_template("pledges/errors/500.html").render(), status=FAULTY)
