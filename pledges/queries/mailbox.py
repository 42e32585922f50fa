"""The letters of the embedded mode: files in a folder instead of mail that leaves the machine."""

import email
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import default
from itertools import groupby
from pathlib import Path

from django.utils.timezone import localdate

SEPARATOR = b"-" * 79
SHOWN = 200
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands outside on a letter. `name` is its address in the mailbox."""

    name: str
    to: str
    subject: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Letter(Envelope):
    """One letter as it would have been sent. `html` is empty where it has no such part."""

    text: str
    html: str


def letters_in(folder: Path) -> list[Envelope]:
    """The newest letters, newest first. Only what stands outside is read: it is a list."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)[:SHOWN]
    found = [envelope for file in files for envelope in reversed(_envelopes_of(file))]
    return sorted(found, key=lambda envelope: envelope.sent_at or LONG_AGO, reverse=True)[:SHOWN]


def by_day(letters: Iterable[Envelope]) -> list[tuple[date | None, list[Envelope]]]:
    """Letters in order, a heap for each day; those without a readable date have None."""

    def day_of(letter: Envelope) -> date | None:
        return localdate(letter.sent_at) if letter.sent_at else None

    return [(day, list(heap)) for day, heap in groupby(letters, key=day_of)]


def letter_named(folder: Path, name: str) -> Letter | None:
    """One letter; a name that is none of ours finds nothing, whatever path it spells."""
    stem, _, index = name.rpartition("-")
    files = {file.stem: file for file in folder.glob("*.log")} if folder.is_dir() else {}
    parts = dict(_parts_of(files[stem])) if stem in files else {}
    return _letter(name, parts[index]) if index in parts else None


def _parts_of(file: Path) -> Iterator[tuple[str, bytes]]:
    """The letters of one file by their place in it: those that went over one connection."""
    for index, part in enumerate(file.read_bytes().split(SEPARATOR)):
        if part.strip():
            yield str(index), part.lstrip()


def _envelopes_of(file: Path) -> list[Envelope]:
    heads = BytesHeaderParser(policy=default)
    return [
        Envelope(f"{file.stem}-{index}", *_outside(heads.parsebytes(raw))) for index, raw in _parts_of(file)
    ]


def _letter(name: str, raw: bytes) -> Letter:
    # From bytes: a letter says its own encoding, and Chinese ones travel in eight bits.
    message = email.message_from_bytes(raw, policy=default)
    return Letter(name, *_outside(message), text=_part(message, "plain"), html=_part(message, "html"))


def _part(message: Message, kind: str) -> str:
    body = message.get_body((kind,)) if isinstance(message, EmailMessage) else None
    return body.get_content() if body else ""


def _outside(message: Message) -> tuple[str, str, datetime | None]:
    return str(message["To"] or ""), str(message["Subject"] or ""), _sent_at(message)


def _sent_at(message: Message) -> datetime | None:
    """None where there is no readable date. A date of zone -0000 is UTC (RFC 5322), which Python calls naive."""
    moment = getattr(message["Date"], "datetime", None)
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
