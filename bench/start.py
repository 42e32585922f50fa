"""Starting: `manage.py check`, and `bin/run` warm until it answers. Floor: Python importing Django."""

import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from tempfile import TemporaryDirectory

from bench.kit import Bench, Figure, medians, timed
from tests.kit.processes import free_port

CHECK_MS, RUN_MS = 1_500, 5_000
PATIENCE_S = 120


def measure(bench: Bench) -> None:
    """Three goes are enough: they take seconds."""
    bench.rounds = min(bench.rounds, 3)
    floor, check = medians(
        lambda: subprocess.run(
            [sys.executable, "-c", "import django; from django.db import models"], check=True
        ),
        lambda: subprocess.run([sys.executable, "manage.py", "check"], check=True, capture_output=True),
        bench=bench,
    )
    bench.add(
        Figure("manage.py check", check, most=CHECK_MS, remark=f"importing Django alone {floor:.0f} ms")
    )
    if bench.is_tiny:
        return
    with TemporaryDirectory() as state:
        _until_it_answers(state)  # makes the database, fills it, collects the static files
        warm = min(timed(lambda: _until_it_answers(state)) for _ in range(bench.rounds))
    bench.add(Figure("bin/run warm, until it answers", warm, most=RUN_MS))


def _until_it_answers(state: str) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"YKPLAN_EMBEDDED": "true", "YKPLAN_STATE": state}
    words = [sys.executable, "manage.py", "up", "--port", str(port)]
    server = subprocess.Popen(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        ends = time.monotonic() + PATIENCE_S
        while not _answers(port):
            if time.monotonic() > ends or server.poll() is not None:
                raise SystemExit("it does not start")
            time.sleep(0.05)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 600  # noqa: PLR2004
    except OSError:
        return False
