import logging

import pytest
from django.conf import settings

from tests.kit.processes import ROOT
from ykplan.logs import FOREIGN_LOGGERS, OneLine, WithoutTokens, keep_tokens_out


def test_event_is_one_line_even_with_a_traceback_or_a_line_break_from_a_stranger():
    fault = ValueError("first\nsecond")
    info = (type(fault), fault, None)
    record = logging.LogRecord("pledges", logging.ERROR, "", 0, "Not Found: %s", ("/a\r\nb",), info)

    line = OneLine("{levelname} {message}", style="{").format(record)

    assert line.startswith("ERROR Not Found: /a\\r\\nb\\nValueError: first")
    assert "\n" not in line


def refusal(status: int) -> logging.LogRecord:
    """What Django logs about an answer that is no success."""
    fault = PermissionError("not yours")
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Forbidden: %s", ("/review/",), (type(fault), fault, None)
    )
    record.status_code = status
    return record


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_refusal_is_told_without_a_traceback_and_stays_whole_for_others(status):
    record = refusal(status)

    assert OneLine("{message}", style="{").format(record) == "Forbidden: /review/"
    assert record.exc_info is not None


def test_a_fault_of_ours_keeps_its_traceback():
    assert "PermissionError: not yours" in OneLine("{message}", style="{").format(refusal(500))


@pytest.mark.parametrize("level, heard", [(logging.INFO, False), (logging.WARNING, True)])
def test_the_door_is_silent_about_sign_ins_and_loud_about_lockouts(level, heard):
    configured = settings.LOGGING["loggers"]["axes"]["level"]

    assert (level >= logging.getLevelName(configured)) is heard


SECRET = "4ydEn-jw8GMlnoG9n2bkFVGR0_-WM-NBezaxwRceVlU"
SPOKEN = [
    ("Not Found: %s", (f"/calendar/{SECRET}.ics",)),
    ("Method Not Allowed (%s): %s", ("POST", f"/calendar/{SECRET}.ics")),
    ('"%s" %s %s', (f"GET /calendar/{SECRET}.ics?x=%41 HTTP/1.1", "200", "9")),
    ("Error handling request %s", (f"//host/calendar//{SECRET}.ics/",)),
    (f"100% of /calendar/{SECRET}.ics", ()),
]


@pytest.mark.parametrize("words, values", SPOKEN)
def test_the_key_of_a_calendar_is_masked_in_our_lines_and_in_those_of_others(words, values):
    ours = logging.LogRecord("django.request", logging.WARNING, "", 0, words, values, None)
    foreign = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, words, values, None)

    assert WithoutTokens().filter(foreign) is True
    for line in (OneLine("{message}", style="{").format(ours), logging.Formatter().format(foreign)):
        assert (SECRET in line, "/calendar/***" in line) == (False, True)


def test_other_lines_stay_as_they_are():
    record = logging.LogRecord(
        "gunicorn.error", logging.INFO, "", 0, "Booting worker %s of 100%%", (7,), None
    )
    WithoutTokens().filter(record)

    assert (record.msg, record.args) == ("Booting worker %s of 100%%", (7,))


def test_a_key_in_a_traceback_is_masked():
    fault = ValueError(f"/calendar/{SECRET}.ics")
    record = logging.LogRecord("x", logging.ERROR, "", 0, "x", (), (type(fault), fault, None))

    assert SECRET not in OneLine("{message}", style="{").format(record)


@pytest.fixture
def loggers():
    """The loggers of others, as they were before."""
    found = [logging.getLogger(name) for name in FOREIGN_LOGGERS]
    before = [list(logger.filters) for logger in found]
    yield found
    for logger, filters in zip(found, before, strict=True):
        logger.filters = filters


def test_loggers_of_others_get_the_mask(loggers, caplog):
    keep_tokens_out()
    for logger in loggers:
        handler = logging.Handler()
        handler.lines = []
        handler.emit = lambda record, lines=handler.lines: lines.append(record.getMessage())
        logger.addHandler(handler)
        logger.warning("GET %s", f"/calendar/{SECRET}.ics")
        logger.removeHandler(handler)
        assert handler.lines == ["GET /calendar/***"]


@pytest.mark.static
def test_the_proxy_of_the_example_logs_no_calendar():
    configuration = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    plain, secure = configuration.split("listen 443")
    calendar = secure.partition("location /calendar/ {")[2].partition("}")[0]

    assert ("access_log off;" in plain, "access_log off;" in calendar) == (True, True)
