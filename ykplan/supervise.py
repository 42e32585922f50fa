"""Several processes that live and die together, under one launcher."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

STOP_WITHIN_S = 15
LOOK_EVERY_S = 0.3
LONGEST_PAUSE_S = 30
STEADY_AFTER_S = 60  # who has lived this long starts again without a pause
LARGEST_LOG = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float | None = None
    failures: int = 0

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Family:
    """Children in the order of their start; they are stopped in the opposite order of need."""

    log_folder: Path
    environment: Mapping[str, str]
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def start(self, name: str, command: Sequence[str]) -> Child:
        child = Child(name, command)
        self.children.append(child)
        self._launch(child)
        return child

    def watch(self) -> None:
        """Until somebody asks to stop: bring back who dies."""
        while not self.stopping:
            for child in self.children:
                self._look_after(child)
            time.sleep(LOOK_EVERY_S)

    def stop(self, order: Sequence[str]) -> None:
        self.stopping = True
        for name in order:
            for child in self.children:
                if child.name == name and child.process is not None:
                    end(child.process)

    def _launch(self, child: Child) -> None:
        with self._log_of(child) as log:
            child.process = subprocess.Popen(  # noqa: S603 - our own words, no shell
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                start_new_session=True,  # Ctrl-C reaches the launcher only, which then stops in order
                preexec_fn=die_with(os.getpid()),  # noqa: PLW1509 - the launcher has one thread
            )
        child.started_at = time.monotonic()
        child.restart_at = None

    def _log_of(self, child: Child) -> IO[bytes]:
        self.log_folder.mkdir(parents=True, exist_ok=True)
        path = self.log_folder / f"{child.name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.restart_at is not None:
            if now >= child.restart_at:
                self._launch(child)
            return
        if child.process is None or child.process.poll() is None:
            return
        child.failures = 0 if now - child.started_at > STEADY_AFTER_S else child.failures + 1
        pause = min(2**child.failures - 1, LONGEST_PAUSE_S)
        child.restart_at = now + pause
        end_group(child.process)
        log = self.log_folder / f"{child.name}.log"
        self.say(
            f"{child.name} 意外停止，{pause} 秒后重新启动（日志：{log}）。"
            f"  {child.name} died and restarts in {pause} s."
        )


def die_with(launcher: int) -> Callable[[], None] | None:
    """Run in the child before its program: the kernel kills it when the launcher is gone."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_the_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != launcher:  # it died between the fork and the request
            os._exit(1)

    return ask_the_kernel


def end(process: subprocess.Popen[bytes]) -> None:
    """Politely first; whoever is left of its group after the time is killed."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_WITHIN_S)
    end_group(process)
    process.wait()


def end_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
