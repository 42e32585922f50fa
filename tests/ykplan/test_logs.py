import logging

from ykplan.logs import OneLine


def test_event_is_one_line_even_with_a_traceback_or_a_line_break_from_a_stranger():
    fault = ValueError("first\nsecond")
    info = (type(fault), fault, None)
    record = logging.LogRecord("pledges", logging.ERROR, "", 0, "Not Found: %s", ("/a\r\nb",), info)

    line = OneLine("{levelname} {message}", style="{").format(record)

    assert line.startswith("ERROR Not Found: /a\\r\\nb\\nValueError: first")
    assert "\n" not in line
