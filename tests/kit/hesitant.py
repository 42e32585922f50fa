"""The product's door for a web server, with a clerk who waits on request: `gunicorn tests.kit.hesitant`.

While the file `wait` lies in the folder HESITATE names, a report that is about to be told to the audit waits;
`here` says that one does. WITHOUT takes a protection away; with PATIENCE_S a slow machine waits longer for its turn.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connections

from ykplan.wsgi import application

__all__ = ["application"]

FOLDER = Path(os.environ["HESITATE"])


def hesitating(tell: Callable[..., Any]) -> Callable[..., Any]:
    def told(*args: Any, **more: Any) -> Any:
        while (FOLDER / "wait").exists():
            (FOLDER / "here").touch()
            time.sleep(0.02)
        return tell(*args, **more)

    return told


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
