import logging

import pytest
from django.conf import settings

from ykplan.logs import OneLine


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
