"""The whole product, started and ended the way a person does it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.processes import (
    ROOT,
    bare_environment,
    ended_afterwards,
    free_port,
    processes_with,
    status_of,
    wait_until,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.static,  # brings its own database, so it is the same on every database
    pytest.mark.xdist_group("run"),  # one folder, one at a time
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the Linux kernel who is alive"),
]


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """One folder for all: the first start prepares it, the others find it ready."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def start(state):
    """Starts `manage.py up`; whatever a test leaves behind is ended."""
    left = []

    def launch(port, **extra):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(port)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=bare_environment(YKPLAN_EMBEDDED="true", YKPLAN_STATE=str(state), **extra),
        )  # fmt: skip
        left.append(process)
        return process

    yield launch
    for process in left:
        with ended_afterwards(process):
            pass


def family_of(state):
    return processes_with("YKPLAN_STATE", str(state))


def wait_for_pages(port):
    url = f"http://127.0.0.1:{port}/sign-in/"
    wait_until(lambda: status_of(url) == 200, within=90, what="the first page")


def wait_for_nobody(state):
    wait_until(lambda: family_of(state) == [], within=20, what="the end of every process")


def test_up_shows_pages_names_the_accounts_and_ctrl_c_leaves_no_process(start, state):
    port = free_port()
    process = start(port)
    wait_for_pages(port)
    wait_until(lambda: len(family_of(state)) >= 6, within=20, what="the whole family")

    process.send_signal(signal.SIGINT)
    printed, complained = process.communicate(timeout=60)

    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}" in printed
    assert complained == ""
    assert family_of(state) == []


def test_letters_lie_in_the_mailbox_within_a_minute(start, state):
    """On a working day the first tick writes them, on a day of rest they are of the working day before."""
    port = free_port()
    start(port)
    wait_for_pages(port)

    wait_until(lambda: list((state / "mail").glob("*.log")), within=60, what="a letter in the mailbox")


def test_sigterm_leaves_no_process(start, state):
    port = free_port()
    process = start(port)
    wait_for_pages(port)

    process.terminate()

    assert process.wait(60) == 0
    assert family_of(state) == []


def test_kill_9_of_the_launcher_leaves_no_process_and_the_next_start_works(start, state):
    port = free_port()
    process = start(port)
    wait_for_pages(port)

    process.kill()
    process.wait()

    wait_for_nobody(state)
    start(port)
    wait_for_pages(port)


def test_child_that_dies_comes_back(start, state):
    port = free_port()
    start(port)
    wait_for_pages(port)
    beat = wait_until(lambda: children_named("beat", state), within=20, what="beat")

    os.kill(beat[0], signal.SIGKILL)

    again = wait_until(
        lambda: [pid for pid in children_named("beat", state) if pid not in beat],
        within=20,
        what="beat again",
    )
    assert len(again) == 1


def children_named(name, state):
    found = []
    for pid in family_of(state):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"celery" in words and name.encode() in words:
            found.append(pid)
    return found


def test_busy_port_is_refused_before_anything_starts(start, state):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]

        printed, complained = start(port).communicate(timeout=60)

    assert f"127.0.0.1:{port}" in complained
    assert "Traceback" not in complained
    assert printed == ""
    assert family_of(state) == []


def test_second_start_on_the_same_folder_names_the_first(start):
    port = free_port()
    start(port)
    wait_for_pages(port)

    printed, complained = start(free_port()).communicate(timeout=60)

    assert f"http://127.0.0.1:{port}" in complained
    assert "Traceback" not in complained
    assert printed == ""


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1"])
def test_port_that_is_no_port_is_refused_in_one_line(start, port):
    _, complained = start(port).communicate(timeout=60)

    assert "--port" in complained
    assert "Traceback" not in complained
