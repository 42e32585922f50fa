"""The letters of the embedded mode: files in a folder instead of mail that leaves the machine."""

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path

SEPARATOR = b"-" * 79
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it would have been sent. `name` is its address in the mailbox."""

    name: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str


def letters_in(folder: Path) -> list[Letter]:
    """The newest letters, newest first."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)[:SHOWN]
    return [letter for file in files for letter in reversed(_letters_of(file))][:SHOWN]


def letter_named(folder: Path, name: str) -> Letter | None:
    """One letter; a name that is none of ours finds nothing, whatever path it spells."""
    return next((letter for letter in letters_in(folder) if letter.name == name), None)


def _letters_of(file: Path) -> list[Letter]:
    parts = file.read_bytes().split(SEPARATOR)
    return [_letter(f"{file.stem}-{index}", part) for index, part in enumerate(parts) if part.strip()]


def _letter(name: str, raw: bytes) -> Letter:
    # From bytes: a letter says its own encoding, and Chinese ones travel in eight bits.
    message = email.message_from_bytes(raw.lstrip(), policy=default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return Letter(
        name=name,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=_sent_at(message),
        text=body.get_content() if body else "",
    )


def _sent_at(message: Message) -> datetime | None:
    """None where there is no readable date. A date of zone -0000 is UTC (RFC 5322), which Python calls naive."""
    moment = getattr(message["Date"], "datetime", None)
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
