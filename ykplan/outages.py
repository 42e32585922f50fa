"""What a database says when it cannot answer just now, told apart from a fault of ours.

Only what the server or the library itself reports counts: an SQLSTATE, a result code of SQLite, or a
connection that is gone. A table that is not there, a wrong column or a broken rule stays a fault.
"""

from enum import StrEnum

from django.db import Error, OperationalError


class Outage(StrEnum):
    """LOST: nobody answers. BUSY: others were first for too long. FULL: there is no room to write."""

    LOST = "lost"
    BUSY = "busy"
    FULL = "full"


# Classes and codes of appendix A of PostgreSQL's manual, the longest that fits first.
SQLSTATES = {
    "08": Outage.LOST,  # connection
    "57P": Outage.LOST,  # shut down, crashed, starting, dropped, idle for too long
    "25006": Outage.LOST,  # read only: a standby answers
    "25P03": Outage.LOST,  # ended while it stood idle in a transaction
    "58030": Outage.LOST,  # the disk itself
    "53": Outage.BUSY,  # connections, memory
    "57014": Outage.BUSY,  # took longer than STATEMENT_TIMEOUT_MS
    "55P03": Outage.BUSY,  # waited too long for a lock
    "40": Outage.BUSY,  # deadlock, serialization
    "53100": Outage.FULL,
}
RESULT_CODES = {
    "SQLITE_BUSY": Outage.BUSY,
    "SQLITE_LOCKED": Outage.BUSY,
    "SQLITE_FULL": Outage.FULL,
    "SQLITE_IOERR": Outage.LOST,
    "SQLITE_CANTOPEN": Outage.LOST,
    "SQLITE_READONLY": Outage.LOST,
}


UNSPOKEN = ""
"""Of an error that is no driver's."""


def outage_in(error: BaseException | None) -> Outage | None:
    """Why the database could not answer; None for everything that is a fault of ours."""
    while error is not None:
        if isinstance(error, Error) and (found := _said_by(error)):
            return found
        error = error.__cause__
    return None


def _said_by(error: Error) -> Outage | None:
    """The driver's own error stands behind that of the framework."""
    driver = error.__cause__
    if name := getattr(driver, "sqlite_errorname", None):
        return _longest(RESULT_CODES, name)
    state = getattr(driver, "sqlstate", UNSPOKEN)
    if state:
        return _longest(SQLSTATES, state)
    # Without a code no server has spoken: the line went dead, or nobody opened.
    return Outage.LOST if state is None and isinstance(error, OperationalError) else None


def _longest(codes: dict[str, Outage], said: str) -> Outage | None:
    fitting = [code for code in codes if said.startswith(code)]
    return codes[max(fitting, key=len)] if fitting else None
