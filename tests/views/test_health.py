"""Is the house running? 200 or 503, quickly, whatever is wrong; nothing about anybody."""

import shutil
import socket
import time
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from pledges.models import Heartbeat
from pledges.queries.health import DUTIES, LEAST_ROOM
from tests.kit.processes import free_port

WELL = {"database": True, "broker": True, "room": True, "oldest_due_letter_s": None}
PATIENCE = 5  # seconds: a probe that waits longer restarts a healthy node


@pytest.fixture
def broker(redis_server, monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_URL", redis_server.broker_url)


@pytest.fixture
def tick(db):
    """A tick that was done so many seconds ago."""

    def ticked(seconds=0):
        moment = timezone.now() - timedelta(seconds=seconds)
        beat = {"beat_at": moment, "day": moment.date()}
        for duty in DUTIES:
            Heartbeat.objects.update_or_create(duty=duty, defaults=beat)

    return ticked


def asked(client):
    started = time.monotonic()
    response = client.get("/healthz")
    assert time.monotonic() - started < PATIENCE
    return response.status_code, response.json()


def test_well_is_200_and_needs_no_sign_in(client, broker, tick):
    tick()

    status, body = asked(client)

    age = body.pop("tick_age_s")
    assert (status, body) == (200, WELL)
    assert 0 <= age <= PATIENCE


def test_the_tick_command_is_what_it_asks_for(client, db, broker):
    call_command("tick")

    assert asked(client)[0] == 200


@pytest.mark.parametrize("seconds, status", [(290, 200), (310, 503)])
def test_a_tick_may_be_five_minutes_old(client, broker, tick, seconds, status):
    tick(seconds)

    assert asked(client)[0] == status


def test_no_tick_yet_is_not_well(client, db, broker):
    assert asked(client) == (503, WELL | {"tick_age_s": None})


def test_a_broker_that_is_not_there_is_named(client, tick, monkeypatch):
    tick()
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")

    status, body = asked(client)

    assert (status, body["database"], body["broker"]) == (503, True, False)


def test_a_broker_that_swallows_everything_holds_nobody_up(client, tick, monkeypatch):
    tick()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        status, body = asked(client)

    assert (status, body["broker"]) == (503, False)


def test_without_a_database_the_rest_is_told_all_the_same(client, db, broker):
    with patch("pledges.queries.health.Heartbeat.objects.filter", side_effect=OperationalError("gone")):
        assert asked(client) == (503, WELL | {"database": False, "tick_age_s": None})


@pytest.mark.parametrize("less, status", [(0, 200), (1, 503)])
def test_a_disk_that_is_nearly_full_is_named(client, broker, tick, less, status):
    tick()
    left = shutil.disk_usage("/")._replace(free=LEAST_ROOM - less)
    with patch("pledges.queries.health.shutil.disk_usage", return_value=left):
        answer, body = asked(client)

    assert (answer, body["room"]) == (status, not less)


def test_a_fault_of_our_own_is_not_taken_for_a_broker_that_is_down(client, tick, broker):
    tick()
    ours = patch("pledges.queries.broker.app.connection", side_effect=ZeroDivisionError)
    with ours, pytest.raises(ZeroDivisionError):
        client.get("/healthz")


def test_the_answer_is_never_kept_and_only_read(client, tick, broker):
    tick()

    assert "no-store" in client.get("/healthz")["Cache-Control"]
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405
