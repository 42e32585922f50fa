"""What stands before every view: where the administration is reached from, and passwords that are due."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django_htmx.http import HttpResponseClientRedirect

from pledges.models import User
from pledges.queries.passwords import must_change
from pledges.views.errors import not_found
from ykplan.proxies import client_ip, is_within

OPEN_BEFORE = {
    "password-change",
    "sign-out",
    "sign-out-everywhere",
    "set_language",
    "healthz",
    "calendar-feed",
}
"""What is open to somebody who has to change the password first; none of it shows or changes a pledge to them."""


def hide_administration(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Seen from outside the networks of the administrators, the administration does not exist."""

    def hidden(request: HttpRequest) -> HttpResponse:
        is_asked = bool(settings.ADMIN_NETWORKS) and request.path_info.startswith(reverse("admin:index"))
        if is_asked and not is_within(client_ip(request), settings.ADMIN_NETWORKS):
            return not_found(request)
        return get_response(request)

    return hidden


class PasswordFirstMiddleware:
    """A password that is due is changed before anything else; what was typed elsewhere stays in the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead to the page of the password; a fragment of a page leads the whole page there."""
        match = request.resolver_match
        if match and not match.namespace and match.url_name in OPEN_BEFORE:
            return None
        if not isinstance(request.user, User) or not must_change(request.user, today=localdate()):
            return None
        if "HX-Request" in request.headers:
            return HttpResponseClientRedirect(reverse("password-change"))
        return redirect("password-change")
