"""A mail server that does as it is told: right, wrong, or not at all.

In a test:  `with post_office() as post: post.manners.dot = "451 later"; …; post.letters`
As a process of its own:  `python -m tests.kit.smtp LOG [--kill-accepted 0.4:300] [--kill-mail 0.4:300]`
prints its port; the log has a line of JSON per accepted letter, on disk before the answer is sent.
"""

import json
import os
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from tests.kit.reaper import Reaper

DROP_EVERYTHING_AFTER_S = 60
SENDER_PREFIX = "pid-"
"""A sender that may be killed greets as `pid-1234.test`."""


class Fault(Enum):
    """What is worse than a wrong answer."""

    DROP = "the line goes dead"
    HANG = "no answer, and the line stays open"


@dataclass(frozen=True)
class Envelope:
    """What the server knows when it answers."""

    sender: str = ""
    recipient: str = ""
    raw: bytes = b""
    pid: int = 0

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(BytesHeaderParser(policy=policy.default).parsebytes(self.raw)["Message-ID"])


Answer = str | Fault
Manner = Answer | Callable[[Envelope], Answer]


@dataclass
class Manners:
    """The answer to each step of the conversation. A letter is accepted unless the dot is answered 4xx or 5xx."""

    banner: Manner = "220 post.test"
    ehlo: Manner = "250-post.test\r\n250 8BITMIME"
    auth: Manner = "535 5.7.8 wrong password"
    mail: Manner = "250 ok"
    rcpt: Manner = "250 ok"
    data: Manner = "354 go on"
    body: Manner = ""  # DROP and HANG come in mid-letter
    dot: Manner = "250 kept"
    quit: Manner = "221 bye"


def in_turn(*answers: Answer, then: Answer) -> Callable[[Envelope], Answer]:
    """The first answer to the first letter, the second to the second, and so on."""
    left = list(answers)
    return lambda _envelope: left.pop(0) if left else then


def only_for(address: str, answer: Answer, *, otherwise: Answer = "250 ok") -> Callable[[Envelope], Answer]:
    return lambda envelope: answer if envelope.recipient == address else otherwise


@dataclass
class PostOffice:
    """Listens on a free port. `letters` is what it accepted, `commands` what it was told, in order."""

    manners: Manners = field(default_factory=Manners)
    log: Path | None = None
    gap_s: float = 0.0  # between having a letter on disk and saying so
    at_mail: Reaper = field(default_factory=Reaper)
    after_dot: Reaper = field(default_factory=Reaper)
    letters: list[Envelope] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    visits: int = 0

    def __post_init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._door.getsockname()[1]
        self._lock = threading.Lock()
        self._lines: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._welcome, daemon=True)]
        self._file = self.log.open("ab") if self.log else None
        self._threads[0].start()

    @property
    def recipients(self) -> list[str]:
        return [envelope.recipient for envelope in self.letters]

    def told(self, verb: str) -> list[str]:
        """Every command with this verb, in order; clients write verbs in either case."""
        return [words for words in self.commands if words.partition(" ")[0].upper() == verb]

    @property
    def message_ids(self) -> list[str]:
        return [envelope.message_id for envelope in self.letters]

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        with self._lock:
            for line in self._lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        if self._file:
            self._file.close()

    def keep(self, envelope: Envelope) -> None:
        with self._lock:
            self.letters.append(envelope)
            if self._file:
                words = {"to": envelope.recipient, "id": envelope.message_id, "pid": envelope.pid}
                self._file.write(json.dumps(words).encode() + b"\n")
                self._file.flush()
                os.fsync(self._file.fileno())

    def _welcome(self) -> None:
        while True:
            try:
                line, _address = self._door.accept()
            except OSError:
                return
            line.settimeout(DROP_EVERYTHING_AFTER_S)
            thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
            with self._lock:
                self.visits += 1
                self._lines.add(line)
                self._threads = [known for known in self._threads if known.is_alive()] + [thread]
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        # A peer that is killed in mid-sentence is what this server is for.
        with suppress(OSError, Hangup), line, line.makefile("rb") as heard:
            Talk(self, line, heard).hold()
        with self._lock:
            self._lines.discard(line)


class Hangup(Exception):  # noqa: N818 - no error, the end of a talk
    """The talk is over."""


@dataclass
class Talk:
    """One connection, from the banner to the end."""

    office: PostOffice
    line: socket.socket
    heard: BinaryIO
    envelope: Envelope = field(default_factory=Envelope)

    def hold(self) -> None:
        self.answer(self.office.manners.banner)
        while said := self.heard.readline():
            words = said.decode("utf-8", "replace").rstrip("\r\n")
            self.office.commands.append(words)
            verb = words[:4].upper()
            getattr(self, f"on_{verb.lower()}", self.on_unknown)(words)

    def answer(self, manner: Manner) -> str:
        answer = manner(self.envelope) if callable(manner) else manner
        if answer is Fault.HANG:
            self.line.recv(1, socket.MSG_PEEK)  # until the peer hangs up
            raise Hangup
        if answer is Fault.DROP:
            raise Hangup
        if answer:
            self.line.sendall(answer.encode() + b"\r\n")
        if answer.startswith("421"):
            raise Hangup
        return answer

    def on_ehlo(self, words: str) -> None:
        name = words[5:].strip()
        if name.startswith(SENDER_PREFIX):
            pid = int(name.removeprefix(SENDER_PREFIX).partition(".")[0])
            self.envelope = Envelope(pid=pid)
        self.answer(self.office.manners.ehlo)

    on_helo = on_ehlo

    def on_auth(self, words: str) -> None:
        self.answer(self.office.manners.auth)

    def on_mail(self, words: str) -> None:
        self.envelope = Envelope(sender=address_in(words), pid=self.envelope.pid)
        if self.office.at_mail.strikes(self.envelope.pid):
            raise Hangup
        self.answer(self.office.manners.mail)

    def on_rcpt(self, words: str) -> None:
        self.envelope = Envelope(self.envelope.sender, address_in(words), pid=self.envelope.pid)
        self.answer(self.office.manners.rcpt)

    def on_data(self, words: str) -> None:
        if not self.answer(self.office.manners.data).startswith("3"):
            return
        first = self.heard.readline()
        self.answer(self.office.manners.body)
        lines = [first, *iter(self.heard.readline, b".\r\n")]
        raw = b"".join(line.removeprefix(b".") for line in lines)
        envelope = self.envelope
        self.envelope = Envelope(envelope.sender, envelope.recipient, raw, envelope.pid)
        self._take()

    def _take(self) -> None:
        manner = self.office.manners.dot
        answer = manner(self.envelope) if callable(manner) else manner
        if isinstance(answer, Fault) or answer.startswith("2"):
            self.office.keep(self.envelope)
            if self.office.after_dot.strikes(self.envelope.pid):
                raise Hangup
            time.sleep(self.office.gap_s)
        self.answer(answer)

    def on_rset(self, words: str) -> None:
        self.answer("250 ok")

    on_noop = on_rset

    def on_quit(self, words: str) -> None:
        self.answer(self.office.manners.quit)
        raise Hangup

    def on_unknown(self, words: str) -> None:
        self.answer("502 what?")


def address_in(words: str) -> str:
    return words.partition("<")[2].partition(">")[0]


def sent_secrets(commands: list[str]) -> list[str]:
    """What was said of a password, in the clear or in base64."""
    said = []
    for words in commands:
        for word in words.split():
            said.append(word)
            with suppress(ValueError):
                said.append(b64decode(word, validate=True).decode("utf-8", "replace"))
    return said


@contextmanager
def post_office(**told) -> Iterator[PostOffice]:
    office = PostOffice(**told)
    try:
        yield office
    finally:
        office.close()


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("log", type=Path)
    parser.add_argument("--kill-accepted", type=Reaper.told, default=Reaper())
    parser.add_argument("--kill-mail", type=Reaper.told, default=Reaper())
    parser.add_argument("--gap", type=float, default=0.003)
    told = parser.parse_args()
    reapers = {"at_mail": told.kill_mail, "after_dot": told.kill_accepted}
    with post_office(log=told.log, gap_s=told.gap, **reapers) as office:
        print(office.port, flush=True)  # noqa: T201 - whoever started it waits for this line
        sys.stdin.read()  # until whoever started it is gone
        print(office.at_mail.kills, office.after_dot.kills, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
