"""The product's own processes against the database of the running test, and somebody who kills them.

`python -m tests.kit.senders` is a family of senders and planners, forked from one warm parent. Whoever
dies is replaced at once. Deaths come from the mail server (it knows the pid) and, at random moments,
from the parent. SIGTERM ends it; its last line says how many died.
"""

import gc
import json
import mmap
import os
import random
import resource
import signal
import struct
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

import django
from django.conf import settings
from django.core.mail import get_connection
from django.db import connection, connections, transaction
from django.utils.timezone import localdate

from tests.kit.processes import ROOT, bare_environment
from tests.kit.sending_orders import ORDERS, never_give_up
from tests.kit.smtp import SENDER_PREFIX
from ykplan.supervise import die_with

LOOK_EVERY_S = 0.002
REST_S = 0.02
PLANNERS_REST_S = 0.3
WARM_UP_S = 0.5
# The database and the environment of the running test ---------------------------------------

PRODUCTION = {
    "SECRET_KEY": "tests-only-" + "abcdefghij" * 5,
    "ALLOWED_HOSTS": "testserver",
    "PUBLIC_BASE_URL": "http://testserver",
    "ALLOW_PLAIN_HTTP": "true",
    "DEFAULT_FROM_EMAIL": "ykplan@example.gov.cn",
    "PYTHONPATH": str(ROOT),
}


def database_url() -> str:
    """Where the test's own rows are, spelled for a process that is started now."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    password = f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else ""
    return f"postgresql://{told['USER']}{password}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def product_environment(*, mail_port: int, broker_url: str, **more: str) -> dict[str, str]:
    """Production as an operator would set it up, with the test's database and mail server."""
    places = {"DATABASE_URL": database_url(), "BROKER_URL": broker_url}
    return bare_environment(**PRODUCTION, **places, EMAIL_URL=f"smtp://127.0.0.1:{mail_port}", **more)


def environment_of_tests() -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}


# A clock that a test sets while its processes run -------------------------------------------


class SharedClock:
    """Real seconds, another day: every process that opens the file reads the same time."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(struct.pack("d", 0))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)

    def set_to(self, moment: datetime) -> None:
        self._memory[:8] = struct.pack("d", moment.timestamp() - time.time())

    def __call__(self) -> datetime:
        (ahead,) = struct.unpack("d", self._memory[:8])
        return datetime.fromtimestamp(time.time() + ahead, UTC)

    def close(self) -> None:
        self._memory.close()


# The family ---------------------------------------------------------------------------------


def stay_with_your_parent() -> None:
    if ask_the_kernel := die_with(os.getppid()):
        ask_the_kernel()


@dataclass
class Family:
    """Children that are forked from this process, and killed by it now and then."""

    work: dict[str, Callable[[], None]]
    budget: dict[str, int]
    least: int  # deaths; where letters were sent too quickly, idle senders make up for it
    pause_s: dict[str, float]
    dice: random.Random = field(default_factory=lambda: random.Random(11))
    alive: dict[int, str] = field(default_factory=dict)
    deaths: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    stopping: bool = False

    def fork(self, role: str) -> None:
        pid = os.fork()
        if pid:
            self.alive[pid] = role
            return
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            stay_with_your_parent()
            self.work[role]()
        finally:
            sys.stderr.flush()
            os._exit(1)

    def live(self) -> None:
        """Until told to stop: replace who died, kill who is to die."""
        due = dict.fromkeys(self.budget, time.monotonic())
        while not self.stopping or self.deaths.total() < self.least:
            while self._bury():
                pass
            for role, moment in due.items():
                if time.monotonic() > moment:
                    self._kill_one(role)
                    due[role] = time.monotonic() + self.dice.expovariate(1 / self.pause_s[role])
            time.sleep(LOOK_EVERY_S)

    def end(self) -> None:
        for pid in self.alive:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in self.alive:
            os.waitpid(pid, 0)

    def _bury(self) -> bool:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return False
        role = self.alive.pop(pid)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.deaths[role] += 1
        else:
            self.faults += 1
        self.fork(role)
        return True

    def _kill_one(self, role: str) -> None:
        if not self.budget[role] and not (self.stopping and role == "sender"):
            return
        pid = self.dice.choice([pid for pid, played in self.alive.items() if played == role])
        self.budget[role] -= 1
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


# What the children do -----------------------------------------------------------------------


def introduce_yourself() -> None:
    """The greeting of every conversation says who may be killed."""
    from django.core.mail.utils import DNS_NAME  # noqa: PLC0415

    DNS_NAME._fqdn = f"{SENDER_PREFIX}{os.getpid()}.test"


def send_for_ever(clock: SharedClock) -> None:
    from pledges.actions import post  # noqa: PLC0415

    introduce_yourself()
    while True:
        post.send_letters(clock=clock)
        time.sleep(REST_S)


def plan_for_ever(clock: SharedClock) -> None:
    """Plans every time as after a change, so that planners meet each other all day long."""
    from pledges.actions import letters, reminders  # noqa: PLC0415

    while True:
        reminders.plan_again(today=localdate(clock()))
        reminders.plan_reminders(today=localdate(clock()))
        letters.gather_letters(now=clock())
        time.sleep(PLANNERS_REST_S)


def main() -> None:
    told = arguments()
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", told.mail_port
    settings.LETTER_LEASE_S, settings.LETTER_BATCH = told.lease, told.batch
    clock = SharedClock(told.clock)
    warm_up(clock)
    never_give_up()
    ORDERS[told.order]()
    family = Family(
        work={"sender": partial(send_for_ever, clock), "planner": partial(plan_for_ever, clock)},
        budget={"sender": told.kill_senders, "planner": told.kill_planners},
        least=told.least,
        pause_s={"sender": told.pause_senders, "planner": told.pause_planners},
    )
    signal.signal(signal.SIGTERM, lambda *_: setattr(family, "stopping", True))
    for role, number in (("planner", told.planners), ("sender", told.senders)):
        for _one in range(number):
            family.fork(role)
    family.live()
    family.end()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
    work_s = sum(one.ru_utime + one.ru_stime for one in spent)
    became = {"deaths": family.deaths, "faults": family.faults, "work_s": work_s}
    print(json.dumps(became), flush=True)  # noqa: T201 - whoever sent SIGTERM waits for this line


def arguments() -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("clock", type=Path)
    for name in ("mail-port", "senders", "planners", "kill-senders", "kill-planners", "least", "batch"):
        parser.add_argument(f"--{name}", type=int)
    for name in ("lease", "pause-senders", "pause-planners"):
        parser.add_argument(f"--{name}", type=float)
    parser.add_argument("--order", choices=ORDERS)
    return parser.parse_args()


def warm_up(clock: SharedClock) -> None:
    """One round into nowhere: a child that is forked now has everything imported and compiled.

    A connection would be shared with the children, so it is closed again.
    """
    from pledges.actions import letters, post, reminders  # noqa: PLC0415

    nowhere = get_connection("django.core.mail.backends.locmem.EmailBackend")
    with transaction.atomic():
        reminders.plan_reminders(today=localdate(clock()))
        letters.gather_letters(now=clock())
        post.send_letters(clock=clock, post=post.Post(nowhere), within=WARM_UP_S)
        transaction.set_rollback(True)
    connections.close_all()
    gc.freeze()


if __name__ == "__main__":
    main()
