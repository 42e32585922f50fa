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
from dataclasses import dataclass, field
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


@dataclass
class Cluster:
    """A server of its own in a folder of its own; it may be stopped and started."""

    programs: Path
    folder: Path
    who: dict[str, Any]
    port: int = field(default_factory=free_port)
    server: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"postgresql://ykplan@127.0.0.1:{self.port}/ykplan"

    @property
    def quiet(self) -> dict[str, Any]:
        return {"stdout": subprocess.DEVNULL, "cwd": self.folder, **self.who}

    @property
    def door(self) -> tuple[str, ...]:
        return ("-h", "127.0.0.1", "-p", str(self.port), "-U", "ykplan")

    def make(self) -> None:
        words = ("--no-sync", "--auth=trust", "--username=ykplan", "--encoding=UTF8", "--locale=C.UTF-8")
        subprocess.run([self.programs / "initdb", *words, self.folder / "data"], check=True, **self.quiet)

    def start(self) -> None:
        place = ("-D", str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder))
        command = [self.programs / "postgres", *place, "-h", "127.0.0.1", *HASTY, *TIDY]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(command, stderr=log, **self.quiet)
        ready = [self.programs / "pg_isready", "-q", *self.door]
        wait_until(lambda: succeeds(ready), within=20, what="PostgreSQL")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT, "fast", ends open connections and leaves no shared memory; SIGQUIT is "immediate", as a crash."""
        if self.server is not None:
            self.server.send_signal(how)
            self.server.wait(30)
            self.server = None


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster with an empty database, which a test may stop."""
    programs = Path(need("postgresql"))
    who = identity()
    with private_folder(who) as folder:
        cluster = Cluster(programs, folder, who)
        cluster.make()
        try:
            cluster.start()
            subprocess.run([programs / "createdb", *cluster.door, "ykplan"], check=True, **cluster.quiet)
            yield cluster
        finally:
            cluster.stop()


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yields the DATABASE_URL of an empty database."""
    with running_cluster() as cluster:
        yield cluster.url


def succeeds(command: list[Any]) -> bool:
    return subprocess.run(command, stderr=subprocess.DEVNULL, cwd="/", check=False).returncode == 0


def main() -> None:
    with running_postgres() as url:
        done = subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": url}, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
