"""A private PostgreSQL cluster on a free port, gone afterwards.

`python -m tests.kit.postgres COMMAND...` runs the command with DATABASE_URL pointing to it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.kit.parts import need
from tests.kit.processes import free_port, wait_until

USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
# The cluster lives for minutes; what a power cut would do to it does not matter.
HASTY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
# Every test that is rolled back leaves its rows behind as dead ones.
TIDY = ("-c", "autovacuum_naptime=5s")


def identity() -> dict[str, Any]:
    """Arguments for a process: another user where we are root, ourselves otherwise."""
    if os.geteuid() != 0:
        return {}
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = next(known[name] for name in USERS if name in known)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def private_folder(who: dict[str, Any]) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ykplan-pg-"))
    if who:
        os.chown(folder, who["user"], who["group"])
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yields the DATABASE_URL of an empty database."""
    programs = Path(need("postgresql"))
    who = identity()
    with private_folder(who) as folder:
        quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **who}
        data = str(folder / "data")
        initdb = [programs / "initdb", "--no-sync", "--auth=trust", "--username=ykplan", "--encoding=UTF8"]
        subprocess.run([*initdb, "--locale=C.UTF-8", data], check=True, **quiet)
        port = free_port()
        place = ("-D", data, "-p", str(port), "-k", str(folder), "-h", "127.0.0.1")
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([programs / "postgres", *place, *HASTY, *TIDY], stderr=log, **quiet)
        try:
            createdb = [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "ykplan", "ykplan"]
            wait_until(lambda: succeeds(createdb), within=20, what="PostgreSQL")
            yield f"postgresql://ykplan@127.0.0.1:{port}/ykplan"
        finally:
            server.send_signal(signal.SIGINT)  # "fast": ends open connections, leaves no shared memory
            server.wait(30)


def succeeds(command: list[Any]) -> bool:
    return subprocess.run(command, stderr=subprocess.DEVNULL, cwd="/", check=False).returncode == 0


def main() -> None:
    with running_postgres() as url:
        done = subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": url}, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
