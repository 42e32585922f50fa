"""Whether the house has fallen silent: the tick that does not ring, the mail that does not move."""

from dataclasses import dataclass
from datetime import datetime

from pledges.models import Heartbeat
from pledges.queries.health import LETTER_TOO_OLD, TICK_TOO_OLD

LIMITS = {"lights": TICK_TOO_OLD, "reminders": TICK_TOO_OLD, "letters": LETTER_TOO_OLD}
"""The duties that are listened to, the graver first: without the tick nothing moves at all."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The duty that is silent, and since when; None where it was never done."""

    duty: str
    since: datetime | None


def silence_on(now: datetime) -> Silence | None:
    """The gravest silence of a moment, None where the house can be heard. One query."""
    beats = dict(Heartbeat.objects.filter(duty__in=LIMITS).values_list("duty", "beat_at"))
    for duty, limit in LIMITS.items():
        since = beats.get(duty)
        if since is None or now - since > limit:
            return Silence(duty, since)
    return None
