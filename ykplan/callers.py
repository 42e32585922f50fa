"""Who is asking just now: the address and the number of the request, for the log and the audit."""

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from ykplan.proxies import client_ip, is_address


@dataclass(frozen=True)
class Caller:
    """Nobody in particular, outside of a request."""

    ip: str = ""
    request_id: str = ""


NOBODY = Caller()
_caller: ContextVar[Caller] = ContextVar("caller", default=NOBODY)


def current_caller() -> Caller:
    return _caller.get()


class CallerMiddleware:
    """Every request gets a number of its own; the page of a fault shows it, the log has it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        ip = client_ip(request)
        # Behind a unix socket there is no address; what is no address is not kept as one.
        caller = Caller(ip if is_address(ip) else "", secrets.token_hex(8))
        token = _caller.set(caller)
        try:
            response = self.get_response(request)
        finally:
            _caller.reset(token)
        response.headers["X-Request-ID"] = caller.request_id
        return response


class WithCaller(logging.Filter):
    """Lines written while a request is answered carry its number."""

    def filter(self, record: logging.LogRecord) -> bool:
        number = current_caller().request_id
        record.request_id = f" [{number}]" if number else ""
        return True
