"""Several people at the very same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.core.exceptions import ValidationError
from django.db import connection

from pledges.errors import StaleError


def again(row):
    """The same row as another page holds it."""
    return type(row)._default_manager.get(pk=row.pk)


def at_once(*deeds):
    """Each deed in a connection of its own, all starting together; None or the refusal of each, in order."""
    barrier = Barrier(len(deeds))

    def act(deed):
        try:
            barrier.wait()
            deed()
        except (StaleError, ValidationError) as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(act, deeds))
