"""The whole product on one machine, for a look or a small office: `bin/run` ends here."""

import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from pledges.actions.rehearsal import demo_accounts
from ykplan import broker, prepare
from ykplan.supervise import Family

PYTHON = (sys.executable, "-m")
STOP_ORDER = ("web", "worker", "beat", "broker")
ANSWERS_WITHIN_S = 60
BROKER_READY_WITHIN_S = 10
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


class Command(BaseCommand):
    help = "Start everything on this machine: data, broker, web, worker and beat."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=port_number, default=8000, help="where the pages are (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="who may reach them (only this machine)")

    def handle(self, *, host: str, port: int, **_: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "up 只用于本机试用（YKPLAN_EMBEDDED=true，见 bin/run）；正式部署见 deploy/README.md。\n"
                "up is the embedded mode: start bin/run, or see deploy/README.md for production."
            )
        address = f"http://{bracketed(ANY_ADDRESS.get(host, host))}:{port}"
        with only_one(settings.STATE_DIR, address):
            refuse_busy_port(host, port)
            self._prepare()
            self._run(host, port, address)

    def say(self, sentence: str) -> None:
        # The terminal may be gone; the children still have to be stopped in order.
        try:
            self.stdout.write(sentence)
            self.stdout.flush()
        except OSError:
            pass

    def _prepare(self) -> None:
        try:
            prepare.prepare_data(self.say)
            prepare.prepare_static()
        except Exception as fault:
            log = settings.STATE_DIR / "log" / "prepare.log"
            raise CommandError(
                f"准备失败：{first_line(fault)}（日志：{log}）。\nPreparing failed: {first_line(fault)}"
            ) from fault
        finally:
            connections.close_all()

    def _run(self, host: str, port: int, address: str) -> None:
        family = Family(settings.STATE_DIR / "log", dict(os.environ), self.say)
        stop_on_signals(family)
        try:
            broker_url = start_broker(family)
            family.environment = environment(host, address, broker_url)
            start_web(family, host, port)
            is_answering = answers(address, family)
            # After the pages: three that start at once would each take as long as all three.
            start_bells(family)
            self._greet(address) if is_answering else self._regret(family)
            family.watch()
        finally:
            self.say("正在停止…  Stopping.")
            family.stop(STOP_ORDER)
            self.say("已停止。  Stopped.")

    def _greet(self, address: str) -> None:
        self.say(f"\n  {address}\n")
        for role, username, password in demo_accounts():
            self.say(f"  {role}\t{username}\t{password}")
        self.say("\n按 Ctrl-C 停止。  Press Ctrl-C to stop.")
        connections.close_all()

    def _regret(self, family: Family) -> None:
        if not family.stopping:
            self.say(f"页面没有应答，请看日志：{family.log_folder}。  No answer from the pages; see the log.")


def port_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:  # noqa: PLR2004 - the last port
        raise ValueError(text)
    return int(text)


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def first_line(fault: Exception) -> str:
    return (str(fault).strip() or type(fault).__name__).splitlines()[0]


@contextmanager
def only_one(state: Path, address: str) -> Iterator[None]:
    """Two launchers on one folder would share a database, a broker and a schedule."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (state / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            lock.seek(0)
            running = lock.read().strip()
            raise CommandError(
                f"已经在运行：{running}（数据目录 {state}）。\n"
                f"Already running at {running}, with the state folder {state}."
            ) from fault
        lock.truncate(0)
        lock.write(address)
        lock.flush()
        yield


def refuse_busy_port(host: str, port: int) -> None:
    try:
        family, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(where)
            door.listen(1)
    except OSError as fault:
        raise CommandError(
            f"无法使用 {host}:{port}（{fault.strerror}），端口可能被占用，请用 --port 换一个。\n"
            f"Cannot use {host}:{port} ({fault.strerror}). The port may be busy: choose another with --port."
        ) from fault


def start_broker(family: Family) -> str:
    """The broker the operator named, or our own on a private socket."""
    if os.environ.get("BROKER_URL"):
        return os.environ["BROKER_URL"]
    folder = settings.STATE_DIR / "broker"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = broker.socket_path(settings.STATE_DIR)
    path.unlink(missing_ok=True)  # left by a launcher that was killed
    try:
        child = family.start("broker", broker.command(path, folder))
    except broker.NoBrokerError as fault:
        raise CommandError(str(fault)) from fault
    deadline = time.monotonic() + BROKER_READY_WITHIN_S
    while not path.exists() and time.monotonic() < deadline and child.is_alive():
        time.sleep(0.02)
    return broker.url_of(path)


def environment(host: str, address: str, broker_url: str) -> dict[str, str]:
    known = os.environ.get("ALLOWED_HOSTS") or ",".join(host_names(host))
    return {
        **os.environ,
        "BROKER_URL": broker_url,
        "ALLOWED_HOSTS": known,
        "PUBLIC_BASE_URL": os.environ.get("PUBLIC_BASE_URL") or address,
    }


def host_names(host: str) -> list[str]:
    """Names a browser may use. A page reached by any other name is refused, see ALLOWED_HOSTS."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host in ANY_ADDRESS:
        own = socket.gethostname()
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(own, None)}
        return [*names, own, *(bracketed(name) for name in sorted(found))]
    return [*names, bracketed(host)]


def start_web(family: Family, host: str, port: int) -> None:
    family.start("web", [
        *PYTHON, "gunicorn", "ykplan.wsgi", "--bind", f"{bracketed(host)}:{port}",
        *("--workers", "2", "--threads", "4", "--worker-class", "gthread", "--preload"),
        *("--graceful-timeout", "10", "--no-control-socket"),
    ])  # fmt: skip


def start_bells(family: Family) -> None:
    if family.stopping:
        return
    celery = (*PYTHON, "celery", "--app", "ykplan", "--quiet")
    family.start("worker", [
        *celery, "worker", "--pool", "threads", "--concurrency", "2",
        *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    ])  # fmt: skip
    family.start("beat", [
        *celery, "beat", "--schedule", str(settings.STATE_DIR / "beat-schedule"), "--loglevel", "INFO",
    ])  # fmt: skip


def answers(address: str, family: Family) -> bool:
    deadline = time.monotonic() + ANSWERS_WITHIN_S
    while time.monotonic() < deadline and not family.stopping:
        try:
            with urlopen(f"{address}/sign-in/", timeout=5) as page:  # noqa: S310 - our own http address
                return bool(page.status == 200)  # noqa: PLR2004
        except HTTPError:
            return False
        except (URLError, OSError):
            time.sleep(0.1)
    return False


def stop_on_signals(family: Family) -> None:
    def ask(*_: Any) -> None:
        family.stopping = True

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, ask)
