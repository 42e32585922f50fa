"""Hand letters to the mail server: take, check, write, send, note what became of it.

The order is the promise: a letter is taken under a lease, sent, and only then marked. Whoever dies in
between leaves a lease that runs out, so nothing is lost; a second copy carries the same Message-ID.
No transaction is open while the mail server is spoken to.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from uuid import uuid4

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.timezone import localdate

from pledges.actions.compose import compose
from pledges.actions.letters import locked
from pledges.choices import Dropped, LetterState, ReminderState
from pledges.models import Letter, Reminder, User
from pledges.queries.letters import Content, Office, content_of
from pledges.queries.workdays import office_calendar

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MOST_ATTEMPTS = 12
PERMANENT = 500
"""SMTP answers from here on are final (RFC 5321, 4.2.1)."""

MARGIN = timedelta(seconds=150)
"""A letter is not begun so shortly before its lease ends; one takes 120 s at most (CELERY_TASK_TIME_LIMIT)."""

ROUND_S = 45
"""A round ends after so many seconds, so that a tick is over before the next one rings."""


class MailServerError(Exception):
    """No letter's fault: nobody answers, or the server refuses us all."""


@dataclass(slots=True)
class Post:
    """One connection for many letters, opened at the first and again after a fault."""

    connection: BaseEmailBackend | None = None

    def send(self, letter: Letter, content: Content) -> None:
        """Raises MailServerError before anything was said about this letter, SMTP errors and OSError after."""
        message = compose(letter, content)
        if self.connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (SMTPException, OSError) as fault:
                raise MailServerError(words_of(fault)) from fault
            self.connection = connection
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
    """What became of one attempt. `stops`: the others need not be tried either."""

    state: LetterState
    code: int | None = None
    fault: str = ""
    is_ambiguous: bool = False
    stops: bool = False


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
        code = next(iter(fault.recipients.values()))[0]
        return Fate(LetterState.FAILED if code >= PERMANENT else LetterState.QUEUED, code, words_of(fault))
    if isinstance(fault, SMTPSenderRefused):
        return Fate(LetterState.QUEUED, fault.smtp_code, words_of(fault), stops=True)
    if isinstance(fault, SMTPDataError):
        code = fault.smtp_code
        return Fate(LetterState.FAILED if code >= PERMANENT else LetterState.QUEUED, code, words_of(fault))
    if isinstance(fault, SMTPServerDisconnected | OSError):
        # The same words before and after the dot: the server may have accepted it (RFC 1047).
        return Fate(LetterState.QUEUED, None, words_of(fault), is_ambiguous=True)
    return Fate(LetterState.QUEUED, getattr(fault, "smtp_code", None), words_of(fault))


def claim(*, now: datetime, limit: int) -> list[Letter]:
    """Take up to so many letters of today for the length of the lease. Nobody else gets them meanwhile."""
    token = uuid4()
    with transaction.atomic():
        due = Letter.objects.due(now).filter(day=localdate(now)).order_by("due_at", "pk")
        ids = list(locked(due).values_list("pk", flat=True)[:limit])
        Letter.objects.filter(pk__in=ids).update(
            # Whose lease ran out may have sent it: that is an unclear try, counted and shown.
            ambiguous=F("ambiguous") + Case(When(state=LetterState.SENDING, then=Value(1)), default=Value(0)),
            state=LetterState.SENDING,
            lease_token=token,
            lease_until=now + timedelta(seconds=settings.LETTER_LEASE_S),
            attempts=F("attempts") + 1,
        )
    return list(Letter.objects.filter(lease_token=token).select_related("recipient").order_by("due_at", "pk"))


def send_letters(*, clock: Clock, post: Post | None = None, within: float = ROUND_S) -> Counter[str]:
    """Send what is due until nothing is left or the round is over. Returns how many letters took which way."""
    ends, fates = time.monotonic() + within, Counter[str]()
    post = post or Post()
    office = Office.on(localdate(clock()), office_calendar())
    if not office.calendar.is_workday(office.day):
        return fates
    try:
        while time.monotonic() < ends and (letters := claim(now=clock(), limit=settings.LETTER_BATCH)):
            if not _send_batch(letters, _Round(post, office, clock, ends, fates)):
                break
    finally:
        post.close()
    return fates


@dataclass(frozen=True, slots=True)
class _Round:
    post: Post
    office: Office
    clock: Clock
    ends: float
    fates: Counter[str] = field(default_factory=Counter)


def _send_batch(letters: list[Letter], turn: _Round) -> bool:
    """Send a batch; what cannot be begun any more is given back. False where the mail server is the trouble."""
    for index, letter in enumerate(letters):
        is_short = turn.clock() > letter.lease_until - min(MARGIN, _half_lease())  # type: ignore[operator]
        if is_short or time.monotonic() > turn.ends:
            _give_back(letters[index:], turn.clock())
            return True
        fate = _deliver(letter, turn)
        turn.fates[fate.state] += 1
        if fate.stops:
            _give_back(letters[index + 1 :], turn.clock() + BACKOFF[0])
            return False
    return True


def _half_lease() -> timedelta:
    return timedelta(seconds=settings.LETTER_LEASE_S / 2)


def _deliver(letter: Letter, turn: _Round) -> Fate:
    """One letter: weigh, write, send, settle."""
    try:
        content = content_of(letter, turn.office)
        fate = _fate_without_sending(letter, content) or _send(letter, content, turn)
    except Exception as fault:  # a letter that cannot be written must not hold up the others
        log.exception("letter %s could not be written", letter.pk)
        content, fate = None, Fate(LetterState.QUEUED, None, words_of(fault))
    _settle(letter, content, fate, turn.clock())
    return fate


def _fate_without_sending(letter: Letter, content: Content) -> Fate | None:
    """What needs no mail server: nothing left to say, or no address to say it to."""
    if not content.sections:
        return Fate(LetterState.DROPPED)
    person = letter.recipient
    if not person.email:
        return Fate(LetterState.FAILED, None, "no e-mail address")
    if person.email == person.refused_email:
        return Fate(LetterState.FAILED, None, "the mail server refused this address before")
    return None


def _send(letter: Letter, content: Content, turn: _Round) -> Fate:
    try:
        turn.post.send(letter, content)
    except MailServerError as fault:
        return Fate(LetterState.QUEUED, None, words_of(fault), stops=True)
    except (SMTPException, OSError) as fault:
        turn.post.close()
        return fate_of(fault)
    return Fate(LetterState.SENT)


@transaction.atomic
def _settle(letter: Letter, content: Content | None, fate: Fate, now: datetime) -> None:
    """Write down what became of a letter, if it is still ours; a lease that was lost leaves it to its new holder."""
    state, next_try = fate.state, now
    if state == LetterState.QUEUED:
        if letter.attempts >= MOST_ATTEMPTS:
            state = LetterState.FAILED
        next_try += BACKOFF[min(letter.attempts, len(BACKOFF)) - 1]
    held = Letter.objects.filter(pk=letter.pk, lease_token=letter.lease_token)
    settled = held.update(
        state=state,
        lease_token=None,
        lease_until=None,
        next_try_at=next_try,
        ambiguous=F("ambiguous") + int(fate.is_ambiguous),
        smtp_code=fate.code,
        last_error=fate.fault,
        sent_at=now if state == LetterState.SENT else None,
        email=letter.email or letter.recipient.email,
        subject=letter.subject,
        text=letter.text,
    )
    if not settled:
        log.warning("the lease of letter %s ran out before it was settled", letter.pk)
    elif content is not None:
        _settle_reminders(letter, content, state)
        if state == LetterState.FAILED and fate.code and fate.code >= PERMANENT:
            User.objects.filter(pk=letter.recipient_id).update(refused_email=letter.recipient.email)


def _settle_reminders(letter: Letter, content: Content, state: LetterState) -> None:
    for why in Dropped:
        ids = [reminder.pk for reminder, reason in content.dropped.items() if reason == why]
        if ids:
            waiting = Reminder.objects.waiting().filter(pk__in=ids)
            waiting.update(state=ReminderState.DROPPED, dropped=why)
    if state == LetterState.SENT:
        told = [line.reminder.pk for line in content.lines]
        Reminder.objects.waiting().filter(pk__in=told, letter=letter).update(state=ReminderState.TOLD)


def _give_back(letters: list[Letter], next_try: datetime) -> None:
    """Letters that were taken and not begun: no attempt is counted against them."""
    for letter in letters:
        Letter.objects.filter(pk=letter.pk, lease_token=letter.lease_token).update(
            state=LetterState.QUEUED,
            lease_token=None,
            lease_until=None,
            next_try_at=next_try,
            attempts=F("attempts") - 1,
        )
