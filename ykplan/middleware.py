"""Small habits of every answer: in which language, whether it may be kept, and that looking needs no writing."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions import middleware as sessions
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from ykplan.outages import outage_in

Answer = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger(__name__)


class SessionMiddleware(sessions.SessionMiddleware):
    """Who only looks is answered, also where the session cannot be written: on a full disk, pages go on.

    All that is lost is what the session would have remembered: the campaign that was looked at last.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except Error as fault:
            if request.method not in {"GET", "HEAD"} or outage_in(fault) is None:
                raise
            log.exception("the session was not kept")
            return response


class LanguageMiddleware:
    """Chinese, unless the reader chose otherwise with the switch.

    The browser's own preference is not asked: many machines in Chinese offices run an English
    system, and their users did not ask for English.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response


class NoStoreMiddleware:
    """Pages of a signed-in person stay out of every cache: office machines are shared."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
