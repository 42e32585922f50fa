"""The product's door for a web server, with a clerk who waits on request: `gunicorn tests.kit.hesitant`.

While the file `wait` lies in the folder HESITATE names, a report that is about to be told to the audit waits;
`here` says that one does. While `hold` lies there, the answer to a form that has been taken waits; `held` says that one does.
WITHOUT takes a protection away; with PATIENCE_S a slow machine waits longer for its turn.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connections

from ykplan import wsgi

__all__ = ["application"]

FOLDER = Path(os.environ["HESITATE"])


def hesitating(tell: Callable[..., Any]) -> Callable[..., Any]:
    def told(*args: Any, **more: Any) -> Any:
        wait_while("wait", "here")
        return tell(*args, **more)

    return told


def wait_while(order: str, sign: str) -> None:
    while (FOLDER / order).exists():
        (FOLDER / sign).touch()
        time.sleep(0.02)


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """All is done and committed; nobody has been told."""
    answer = wsgi.application(environ, start_response)
    if environ["REQUEST_METHOD"] == "POST":
        wait_while("hold", "held")
    return answer


def prepare(without: str) -> None:
    from pledges.actions import reports  # noqa: PLC0415  the door above has set the product up
    from pledges.views import errors  # noqa: PLC0415

    reports.record = hesitating(reports.record)
    database = connections.settings["default"]
    if patience := os.environ.get("PATIENCE_S"):
        database["OPTIONS"]["timeout"] = float(patience)
    if without == "words":
        errors.outage_in = lambda _error: None
    elif without == "health checks":
        database["CONN_HEALTH_CHECKS"] = False
    elif without == "locks":
        database["OPTIONS"]["transaction_mode"] = None


prepare(os.environ.get("WITHOUT", ""))
