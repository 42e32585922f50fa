"""One event, one line: a log that grep and journalctl can read."""

import copy
import logging

FAULTY = 500


class OneLine(logging.Formatter):
    """Folds line breaks, those of a traceback and those a stranger typed into an address."""

    def format(self, record: logging.LogRecord) -> str:
        if getattr(record, "status_code", FAULTY) < FAULTY:
            record = _without_traceback(record)
        return super().format(record).replace("\r", "\\r").replace("\n", "\\n")


def _without_traceback(record: logging.LogRecord) -> logging.LogRecord:
    """A refused request is told in one sentence: it is how the product works, not a fault of ours.

    A copy, for other handlers get the same record.
    """
    told = copy.copy(record)
    told.exc_info = told.exc_text = None
    return told
