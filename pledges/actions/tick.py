"""What the house does every minute. Safe beside any number of other ticks."""

import logging
from collections.abc import Callable, Mapping
from datetime import date

from pledges.actions.standings import record_light_changes

log = logging.getLogger(__name__)

DUTIES: Mapping[str, Callable[..., object]] = {"lights": record_light_changes}


def tick(*, today: date, duties: Mapping[str, Callable[..., object]] = DUTIES) -> list[str]:
    """Do every duty once, whatever becomes of the others. Returns the names of those that failed."""
    failed = []
    for name, duty in duties.items():
        try:
            duty(today=today)
        except Exception:
            log.exception("the duty %s failed", name)
            failed.append(name)
    return failed
