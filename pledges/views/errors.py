"""What people read when something is not as they expected. Never a traceback, never English by accident."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

NOT_FOUND, FORBIDDEN, CONFLICT, FAULTY = 404, 403, 409, 500


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """What one may not see does not exist."""
    return render(request, "pledges/errors/404.html", status=NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """Visible, but not for this person to do."""
    return render(request, "pledges/errors/403.html", status=FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django names it
    """The page is older than the session; nothing was saved."""
    return render(request, "pledges/errors/csrf.html", status=FORBIDDEN)


def conflict(request: HttpRequest, message: str, *, kept: str = "") -> HttpResponse:
    """Somebody was first; `kept` is what was typed, to copy."""
    return render(request, "pledges/errors/409.html", {"message": message, "kept": kept}, status=CONFLICT)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Our fault. Rendered without session, database or context, for those may be what broke."""
    return HttpResponse(loader.get_template("pledges/errors/500.html").render(), status=FAULTY)
