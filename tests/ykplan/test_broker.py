import uuid
from pathlib import Path

import pytest
from redis import Redis

from ykplan import broker
from ykplan.celery import TICK, TICK_EXPIRES_S, app

pytestmark = pytest.mark.static


def test_server_of_the_machine_comes_before_the_bundled_one(monkeypatch):
    monkeypatch.setattr(broker.shutil, "which", {"redis-server": "/usr/bin/redis-server"}.get)
    assert broker.find_server() == "/usr/bin/redis-server"

    monkeypatch.setattr(broker.shutil, "which", lambda _: None)
    assert broker.find_server() == broker.bundled_server()


def test_bundled_server_is_a_program():
    assert Path(broker.bundled_server()).stat().st_mode & 0o100


def test_socket_whose_path_is_too_long_for_the_kernel_moves(tmp_path):
    assert broker.socket_path(Path("/var/lib/ykplan")) == Path("/var/lib/ykplan/broker.sock")

    moved = broker.socket_path(tmp_path / ("x" * 100))

    assert len(str(moved)) <= broker.LONGEST_SOCKET_PATH
    assert moved.parent.stat().st_mode & 0o777 == 0o700
    moved.parent.rmdir()


def test_broker_keeps_what_it_is_told_and_opens_to_its_owner_only(redis_server):
    with Redis.from_url(redis_server.url) as client:
        told = {
            name: client.config_get(name)[name] for name in ("appendonly", "maxmemory-policy", "port", "save")
        }

    assert told == {"appendonly": "yes", "maxmemory-policy": "noeviction", "port": "0", "save": ""}
    assert redis_server.socket.stat().st_mode & 0o777 == 0o700


def test_bell_travels_through_a_real_broker(redis_server):
    queue = f"bell-{uuid.uuid4()}"
    with app.connection_for_write(redis_server.broker_url) as connection:
        app.send_task(TICK, connection=connection, queue=queue, expires=TICK_EXPIRES_S)
        message = connection.SimpleQueue(queue).get(timeout=5)
        message.ack()

    assert message.headers["task"] == "pledges.tasks.tick"
    assert message.headers["expires"] is not None


def test_schedule_is_one_entry_a_minute_that_expires_before_the_next():
    assert app.conf.beat_schedule == {
        "tick": {"task": "pledges.tasks.tick", "schedule": 60, "options": {"expires": 55}}
    }
