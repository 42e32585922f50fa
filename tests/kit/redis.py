"""A real broker of its own, on a unix socket nobody else knows."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.kit.parts import need
from tests.kit.processes import ended_afterwards, wait_until
from ykplan import broker


@dataclass(frozen=True)
class RedisServer:
    socket: Path
    process: subprocess.Popen

    @property
    def broker_url(self) -> str:
        """As celery spells it."""
        return broker.url_of(self.socket)

    @property
    def url(self) -> str:
        """As the redis client spells it."""
        return f"unix://{self.socket}"


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    # In the system's own folder for temporary things: pytest's paths can be too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="ykplan-redis-"))
    command = broker.command(folder / "broker.sock", folder, server=need("redis-server"))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with ended_afterwards(process):
            wait_until((folder / "broker.sock").exists, within=10, what="the broker's socket")
            yield RedisServer(folder / "broker.sock", process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
