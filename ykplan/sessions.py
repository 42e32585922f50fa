"""How long somebody stays signed in: from the door, and without a sign of life."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

SEEN = "seen"
IDLE = "idle"
"""In a session: when its person was last heard of; that the one before it ended for want of that."""

WRITTEN_ANEW_S = 60
"""A sign of life is written down at most once a minute: reading pages stays reading."""


def begin_session(*, request: HttpRequest | None = None, **_more: Any) -> None:
    """A fixed hour, not a sliding one: Django renews the age whenever a session is saved."""
    if request is not None and hasattr(request, "session"):
        now = timezone.now()
        request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        request.session[SEEN] = int(now.timestamp())


class IdleMiddleware:
    """A session whose person was not heard of for so long is over, on every address but one.

    A screen that comes anew by itself (`SESSION_WATCHED`) is no sign of life. It is still answered until
    the session's fixed hour, for it shows what it showed before; whoever clicks on it stands at the door.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        # Not before the language is known and the form's token was looked at: whoever finds the database
        # gone here is told so in their language, and gets back what was typed.
        if SESSION_KEY in request.session and not comes_by_itself(request):
            heard_of(request, now=timezone.now())


def heard_of(request: HttpRequest, *, now: datetime) -> None:
    """End the session if this comes too late; else remember it."""
    session, moment = request.session, int(now.timestamp())
    # A session from before this rule, or from a clock that was put back, begins to count now.
    silent = moment - session.get(SEEN, moment)
    if silent > settings.SESSION_IDLE_MINUTES * 60:
        session.flush()
        session[IDLE] = True
    elif SEEN not in session or abs(silent) >= WRITTEN_ANEW_S:
        session[SEEN] = moment


def comes_by_itself(request: HttpRequest) -> bool:
    """Whether a screen asks, not a person."""
    if request.method != "GET" or "HX-Request" not in request.headers:
        return False
    try:
        return resolve(request.path_info).url_name in settings.SESSION_WATCHED
    except Resolver404:
        return False
