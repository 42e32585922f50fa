"""The letters of the embedded mode: files in a folder instead of mail that leaves the machine."""

import email
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

SEPARATOR = "-" * 79
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
    parts = file.read_text(encoding="utf-8", errors="replace").split(SEPARATOR)
    return [_letter(f"{file.stem}-{index}", part) for index, part in enumerate(parts) if part.strip()]


def _letter(name: str, raw: str) -> Letter:
    message = email.message_from_string(raw.lstrip(), policy=default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    date = message["Date"]
    return Letter(
        name=name,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=parsedate_to_datetime(str(date)) if date else None,
        text=body.get_content() if body else "",
    )
