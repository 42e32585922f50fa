"""Processes of tests: free ports, waiting, and a look at who is still alive."""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from typing import TypeVar
from urllib.error import HTTPError
from urllib.request import urlopen

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent.parent
# What the test settings put into the environment must not reach a product started from a test.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START")


def bare_environment(**extra: str) -> dict[str, str]:
    return {name: os.environ[name] for name in KEPT if name in os.environ} | extra


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def wait_until(ask: Callable[[], T], *, within: float, what: str) -> T:
    deadline = time.monotonic() + within
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within} s")
        time.sleep(0.05)
    return answer


def status_of(url: str) -> int | None:
    try:
        with urlopen(url, timeout=5) as page:
            return page.status
    except HTTPError as fault:
        return fault.code
    except OSError:
        return None


def processes_with(variable: str, value: str) -> list[int]:
    """Everybody who was started with this variable, however far down the family."""
    mark = f"{variable}={value}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


@contextlib.contextmanager
def ended_afterwards(process: Popen, *, within: float = 30) -> Iterator[Popen]:
    with process:  # closes its pipes
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(within)
            except TimeoutExpired:
                process.kill()
