"""One event, one line: a log that grep and journalctl can read."""

import copy
import logging
import re

FAULTY = 500
FEED_TOKEN = re.compile(r"(?<=/calendar/)[^\s\"']+")
FOREIGN_LOGGERS = ("gunicorn.access", "gunicorn.error", "django.server")


def without_tokens(line: str) -> str:
    """Whoever has the address of a calendar may read it, so a log must not have it."""
    return FEED_TOKEN.sub("***", line)


class WithoutTokens(logging.Filter):
    """For loggers whose lines somebody else formats."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        if FEED_TOKEN.search(told):
            record.msg, record.args = without_tokens(told), ()
        return True


def keep_tokens_out() -> None:
    """Also where an operator switches an access log on."""
    for name in FOREIGN_LOGGERS:
        logging.getLogger(name).addFilter(WithoutTokens())


class OneLine(logging.Formatter):
    """Folds line breaks, those of a traceback and those a stranger typed into an address; masks tokens."""

    def format(self, record: logging.LogRecord) -> str:
        if getattr(record, "status_code", FAULTY) < FAULTY:
            record = _without_traceback(record)
        return without_tokens(super().format(record)).replace("\r", "\\r").replace("\n", "\\n")


def _without_traceback(record: logging.LogRecord) -> logging.LogRecord:
    """A refused request is told in one sentence: it is how the product works, not a fault of ours.

    A copy, for other handlers get the same record.
    """
    told = copy.copy(record)
    told.exc_info = told.exc_text = None
    return told
