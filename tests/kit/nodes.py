"""Two web nodes as their unit file starts them, and people who come to them through one proxy."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.kit.processes import ROOT, wait_until
from tests.kit.served import PATIENCE_S, Answer, Site
from tests.kit.units import command_of

UNIT = "ykplan-web@.service"
APP = "tests.kit.hesitant"
STOPPED_WITHIN_S = 60
NOBODY_THERE = (FileNotFoundError, ConnectionRefusedError)
"""Nothing was said to anybody: another node can be asked, whatever it was."""


class UnixConnection(HTTPConnection):
    def __init__(self, door: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE_S)
        self.door = door

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.door))


@dataclass(frozen=True)
class Door(Site):
    """One node, called on its socket."""

    socket: Path = Path()

    def line(self) -> HTTPConnection:
        return UnixConnection(self.socket)


@dataclass
class Node:
    """A web server of its own, with a state folder of its own."""

    folder: Path
    env: dict[str, str]
    process: subprocess.Popen | None = None

    @property
    def door(self) -> Door:
        return Door(0, self.folder / "web.log", self.folder / "web.sock")

    def start(self) -> None:
        words = command_of(
            UNIT, self.folder.name, places={f"/run/ykplan-web-{self.folder.name}": self.folder}
        )
        command = [APP if word == "ykplan.wsgi" else word for word in words]
        with self.door.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def answers(self) -> bool:
        assert self.process.poll() is None, self.door.log.read_text()[-2000:]
        try:
            return self.door.get("/sign-in/").status == 200
        except (OSError, HTTPException):
            return False

    def wait(self) -> None:
        wait_until(self.answers, within=PATIENCE_S, what=f"node {self.folder.name}")

    def ask_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """As systemd does it: asked, and waited for."""
        self.ask_to_stop()
        return self.process.wait(STOPPED_WITHIN_S)

    def restart(self) -> None:
        self.stop()
        self.start()
        self.wait()

    def kill(self) -> None:
        """All of it at once, as when the machine is gone."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.door.socket.unlink(missing_ok=True)


@contextmanager
def two_nodes(env: dict[str, str]) -> Iterator[list[Node]]:
    """All they share is what the environment names: database, broker, mail server, and the folder of evidence."""
    # In the system's own folder for temporary things: pytest's paths can be too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="ykplan-nodes-"))
    places = {"EVIDENCE_ROOT": folder / "evidence", "STATIC_ROOT": settings.STATIC_ROOT, "HESITATE": folder}
    shared = env | {"TRUSTED_PROXIES": "1"} | {name: str(place) for name, place in places.items()}
    nodes = []
    try:
        with ExitStack() as stack:
            for name in "ab":
                node = Node(folder / name, shared | {"YKPLAN_STATE": str(folder / name)})
                node.folder.mkdir()
                node.start()
                stack.callback(node.kill)
                nodes.append(node)
            for node in nodes:
                node.wait()
            yield nodes
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Proxy(Site):
    """Asks another node where nobody is there, as nginx does. Where an answer breaks off, a person sends the form again."""

    doors: tuple[Door, ...] = ()
    broken: list[str] = field(default_factory=list)
    """The requests whose answer broke off."""

    def ask(self, method: str, address: str, *more: Any, **told: Any) -> Answer:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            for door in self.doors:
                try:
                    return door.ask(method, address, *more, **told)
                except NOBODY_THERE:
                    continue
                except (OSError, HTTPException):
                    self.broken.append(f"{method} {address}")
            time.sleep(0.02)
        raise AssertionError("no node answers")
