"""How the house itself is doing: database, broker, the minute tick."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db import DatabaseError
from kombu.exceptions import OperationalError

from pledges.models import Heartbeat

TICK_TOO_OLD = timedelta(minutes=5)
BROKER_PATIENCE = 1
"""Seconds: a black-holed broker must not hold the answer up."""


@dataclass(frozen=True, slots=True)
class Health:
    """`tick_age_s` is None while nothing has ticked yet, `oldest_due_letter_s` while no letter is due."""

    database: bool
    broker: bool
    tick_age_s: int | None
    oldest_due_letter_s: int | None

    @property
    def is_well(self) -> bool:
        ticks = self.tick_age_s is not None and self.tick_age_s <= TICK_TOO_OLD.total_seconds()
        return self.database and self.broker and ticks

    def shown(self) -> dict[str, object]:
        """The body of the answer."""
        return asdict(self)


def health_on(now: datetime) -> Health:
    """Ask database and broker, each once and briefly."""
    database, age = True, None
    try:
        beat = Heartbeat.objects.filter(duty="lights").first()
        age = int((now - beat.beat_at).total_seconds()) if beat else None
    except DatabaseError:
        database = False
    return Health(database, _broker_answers(), age, None)


def _broker_answers() -> bool:
    options = {"socket_timeout": BROKER_PATIENCE, "socket_connect_timeout": BROKER_PATIENCE}
    try:
        with current_app.connection(transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)
            # Connecting is lazy over a socket: only a question shows that somebody answers.
            connection.default_channel.client.ping()
    except (OperationalError, OSError, AttributeError):
        return False
    except Exception as error:  # the transport's own errors have no common root
        if type(error).__module__.startswith(("redis", "kombu", "amqp")):
            return False
        raise
    return True
