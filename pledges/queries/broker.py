"""Whether the broker answers. Only who asks this needs celery, so only he imports this."""

from kombu.exceptions import OperationalError

from ykplan.celery import app

PATIENCE = 1
"""Seconds: a black-holed broker must not hold the answer up."""


def broker_answers() -> bool:
    """Asked once and briefly."""
    options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    try:
        with app.connection(transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, timeout=PATIENCE)
            # Connecting is lazy over a socket: only a question shows that somebody answers.
            connection.default_channel.client.ping()
    except (OperationalError, OSError, AttributeError):
        return False
    except Exception as error:  # the transport's own errors have no common root
        if type(error).__module__.startswith(("redis", "kombu", "amqp")):
            return False
        raise
    return True
