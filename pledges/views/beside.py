"""A form beside the pledge as it stands today."""

from datetime import date
from typing import Any

from pledges.models import Pledge
from pledges.queries.facts import Line, judged_one


def beside(pledge: Pledge, *, today: date, line: Line | None = None) -> dict[str, Any]:
    """What stands around the form; `line` where the pledge has been judged already."""
    line = line or judged_one(pledge, today=today)
    return {"campaign": pledge.campaign, "pledge": pledge, "line": line, "day": today, "today": today}
