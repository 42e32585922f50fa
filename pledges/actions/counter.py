"""The counter at the mail server: one connection for many letters, and what its answers mean. Knows no rows."""

import logging
from dataclasses import dataclass
from datetime import datetime
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from pledges.actions.compose import compose
from pledges.choices import LetterState
from pledges.models import Letter
from pledges.queries.letters import Content

log = logging.getLogger(__name__)

PERMANENT = 500
"""SMTP answers from here on are final (RFC 5321, 4.2.1)."""

WANTS_PASSWORD = (530, 534, 535, 538)
"""Answers about our own signing in (RFC 4954, 6)."""

POLICY = "5.7."
"""Enhanced codes of security and policy (RFC 3463, 3.8): relaying denied is no fault of the address."""


class MailServerError(Exception):
    """No letter's fault: nobody answers, or the server refuses us all."""


@dataclass(slots=True)
class Post:
    """One connection for many letters, opened at the first and again after a fault."""

    connection: BaseEmailBackend | None = None

    def send(self, letter: Letter, content: Content, *, now: datetime) -> None:
        """Raises MailServerError before anything was said about this letter, SMTP errors and OSError after."""
        message = compose(letter, content, now=now)
        if self.connection is None:
            self.connection = get_connection()
            try:
                self.connection.open()
            except (SMTPException, OSError) as fault:
                self.close()  # it may be half open: greeted, and then no TLS or a wrong password
                raise MailServerError(words_of(fault)) from fault
        message.connection = self.connection
        message.send()

    def close(self) -> None:
        """Whatever the server says to it."""
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except (SMTPException, OSError):
                log.info("the mail server did not say goodbye")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one attempt. `stops`: no letter's fault, so it is not counted and the others are not tried."""

    state: LetterState
    code: int | None = None
    fault: str = ""
    is_ambiguous: bool = False
    stops: bool = False
    refuses_address: bool = False


def words_of(fault: BaseException) -> str:
    """A fault in one line, for the people who look after the mail."""
    if isinstance(fault, SMTPRecipientsRefused):
        fault = SMTPResponseException(*next(iter(fault.recipients.values())))
    if isinstance(fault, SMTPResponseException):
        said = fault.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return " ".join(f"{fault.smtp_code} {text}".split())[:300]
    return " ".join((str(fault) or type(fault).__name__).split())[:300]


def fate_of(fault: Exception) -> Fate:
    """Classify what the mail server did (docs/decisions: which answers are final)."""
    if isinstance(fault, SMTPRecipientsRefused):
        return _fate_of_refused(*next(iter(fault.recipients.values())), words_of(fault))
    if isinstance(fault, SMTPSenderRefused):
        code = fault.smtp_code
        return Fate(LetterState.QUEUED, code, words_of(fault), stops=code >= PERMANENT)
    if isinstance(fault, SMTPDataError):
        code = fault.smtp_code
        return Fate(LetterState.FAILED if code >= PERMANENT else LetterState.QUEUED, code, words_of(fault))
    # A line that broke says the same before and after the dot: the server may have accepted it (RFC 1047).
    return Fate(LetterState.QUEUED, getattr(fault, "smtp_code", None), words_of(fault), is_ambiguous=True)


def _fate_of_refused(code: int, said: bytes | str, words: str) -> Fate:
    """A server that wants a password first refuses us, not the address; so does one whose policy it is (5.7.x)."""
    if code in WANTS_PASSWORD:
        return Fate(LetterState.QUEUED, code, words, stops=True)
    if code < PERMANENT:
        return Fate(LetterState.QUEUED, code, words)
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Fate(LetterState.FAILED, code, words, refuses_address=not text.startswith(POLICY))
