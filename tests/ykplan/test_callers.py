"""Who is asking: in the answer, in the log, in the audit, and forgotten afterwards."""

import logging

import pytest
from django.http import HttpResponse
from django.test import override_settings

from ykplan.callers import NOBODY, CallerMiddleware, WithCaller, current_caller


def answer(request):
    """Says what it knows of the caller."""
    log = logging.LogRecord("x", logging.INFO, "x", 1, "done", (), None)
    assert WithCaller().filter(log)
    return HttpResponse(f"{current_caller().ip} {current_caller().request_id}{log.request_id}")


def test_every_request_has_a_number_of_its_own_that_the_answer_tells(rf):
    ask = CallerMiddleware(answer)
    one, other = ask(rf.get("/", REMOTE_ADDR="192.0.2.7")), ask(rf.get("/"))

    number = one.headers["X-Request-ID"]
    assert one.content.decode() == f"192.0.2.7 {number} [{number}]"
    assert other.headers["X-Request-ID"] != number
    assert current_caller() == NOBODY


def test_what_is_no_address_is_not_kept_as_one(rf):
    assert CallerMiddleware(answer)(rf.get("/", REMOTE_ADDR="")).content.startswith(b" ")


@override_settings(TRUSTED_PROXIES=1)
def test_the_address_is_the_one_that_our_proxy_saw(rf):
    request = rf.get("/", headers={"x-forwarded-for": "203.0.113.9, 192.0.2.7"})

    assert CallerMiddleware(answer)(request).content.startswith(b"192.0.2.7 ")


def test_a_caller_is_forgotten_even_when_the_answer_fails(rf):
    def fail(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        CallerMiddleware(fail)(rf.get("/"))

    assert current_caller() == NOBODY


def test_a_line_written_outside_of_a_request_has_no_number():
    log = logging.LogRecord("x", logging.INFO, "x", 1, "done", (), None)

    assert WithCaller().filter(log)
    assert log.request_id == ""
