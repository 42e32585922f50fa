"""One event, one line: a log that grep and journalctl can read."""

import logging


class OneLine(logging.Formatter):
    """Folds line breaks, those of a traceback and those a stranger typed into an address."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\r", "\\r").replace("\n", "\\n")
