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
from smtplib import SMTPException
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.actions.counter import Fate, MailServerError, Post, fate_of, words_of
from pledges.actions.letters import locked
from pledges.choices import Dropped, LetterState, ReminderState
from pledges.models import Letter, Reminder, User
from pledges.models.outbox import LetterQuerySet
from pledges.queries.letters import Content, Known, Office, content_of
from pledges.queries.workdays import office_calendar

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MOST_ATTEMPTS = 12
MARGIN = timedelta(seconds=150)
"""A letter is not begun so shortly before its lease ends; one takes 120 s at most (CELERY_TASK_TIME_LIMIT)."""

FRESH_S = 2
"""Facts by which letters are weighed are no older: a slow mail server does not make a letter tell of the past."""

ROUND_S = 45
"""A round ends after so many seconds, so that a tick is over before the next one rings."""


def claim(*, now: datetime, limit: int) -> list[Letter]:
    """Take up to so many letters of today for the length of the lease. Nobody else gets them meanwhile.

    Fresh letters are taken together, one that was tried before alone and after them: a letter that
    kills whoever sends it takes no other along, and is given up in the end.
    """
    token = uuid4()
    with transaction.atomic():
        due = Letter.objects.due(now).filter(day=localdate(now))
        _give_up(due)
        found = list(locked(due).order_by("attempts", "due_at", "pk").values_list("pk", "attempts")[:limit])
        fresh = [pk for pk, attempts in found if attempts == 0]
        Letter.objects.filter(pk__in=fresh or [pk for pk, _attempts in found[:1]]).update(
            # Whose lease ran out may have sent it: that is an unclear try, counted and shown.
            ambiguous=F("ambiguous") + Case(When(state=LetterState.SENDING, then=Value(1)), default=Value(0)),
            state=LetterState.SENDING,
            lease_token=token,
            lease_until=now + timedelta(seconds=settings.LETTER_LEASE_S),
            attempts=F("attempts") + 1,
        )
    return list(Letter.objects.filter(lease_token=token).select_related("recipient").order_by("due_at", "pk"))


def _give_up(due: LetterQuerySet) -> None:
    """Letters that were tried so often that whoever tries them does not live to settle them."""
    ids = list(locked(due.filter(attempts__gte=MOST_ATTEMPTS)).values_list("pk", flat=True))
    if ids:
        words = _("given up after %(number)d tries") % {"number": MOST_ATTEMPTS}
        failed = {"state": LetterState.FAILED, "lease_token": None, "lease_until": None, "last_error": words}
        Letter.objects.filter(pk__in=ids).update(**failed)


def send_letters(*, clock: Clock, post: Post | None = None, within: float = ROUND_S) -> Counter[str]:
    """Send what is due until nothing is left or the round is over. Returns how many letters took which way."""
    ends, fates = time.monotonic() + within, Counter[str]()
    post = post or Post()
    day, calendar = localdate(clock()), office_calendar()
    if not calendar.is_workday(day):
        return fates
    turn = None
    try:
        while time.monotonic() < ends:
            # After midnight the letters are of another day, and so are the facts they are weighed by.
            now = clock()
            letters = claim(now=now, limit=settings.LETTER_BATCH) if localdate(now) == day else []
            if not letters:
                break
            # Who is at their desk is asked only when there is something to send.
            turn = turn or _Round(post, Office.on(day, calendar), clock, ends, fates)
            if not _send_batch(letters, turn):
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
    known = _Known(turn)
    for index, letter in enumerate(letters):
        is_short = turn.clock() > letter.lease_until - min(MARGIN, _half_lease())  # type: ignore[operator]
        if is_short or time.monotonic() > turn.ends:
            _give_back(letters[index:], turn.clock())
            return True
        fate = _deliver(letter, known.of(letters[index:]), turn)
        turn.fates[fate.state] += 1
        if fate.stops:
            _give_back(letters[index + 1 :], turn.clock() + BACKOFF[0])
            return False
    return True


def _half_lease() -> timedelta:
    return timedelta(seconds=settings.LETTER_LEASE_S / 2)


@dataclass(slots=True)
class _Known:
    """The facts that letters are weighed by: asked for a batch together, and anew before they are stale."""

    turn: _Round
    facts: Known | None = None
    stale: float = 0.0

    def of(self, letters: list[Letter]) -> Known | None:
        """What is known about the letters still to be sent; None where each must ask for itself."""
        if time.monotonic() >= self.stale:
            self.stale = time.monotonic() + FRESH_S
            try:
                self.facts = Known.about(letters, self.turn.office)
            except Exception:  # one of them cannot be weighed: it must not hold up the others
                log.exception("letters could not be weighed together")
                self.facts = None
        return self.facts


def _deliver(letter: Letter, known: Known | None, turn: _Round) -> Fate:
    """One letter: weigh, write, send, settle."""
    try:
        content = content_of(letter, turn.office, known)
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
        return Fate(LetterState.FAILED, None, _("no e-mail address"))
    if person.email == person.refused_email:
        return Fate(LetterState.FAILED, None, _("the mail server refused this address before"))
    return None


def _send(letter: Letter, content: Content, turn: _Round) -> Fate:
    try:
        turn.post.send(letter, content, now=turn.clock())
    except MailServerError as fault:
        return Fate(LetterState.QUEUED, None, words_of(fault), stops=True)
    except (SMTPException, OSError) as fault:
        turn.post.close()
        return fate_of(fault)
    return Fate(LetterState.SENT)


@transaction.atomic
def _settle(letter: Letter, content: Content | None, fate: Fate, now: datetime) -> None:
    """Write down what became of a letter, if it is still ours; a lease that was lost leaves it to its new holder."""
    state, next_try = _next_step(letter, fate, now)
    held = Letter.objects.filter(pk=letter.pk, lease_token=letter.lease_token)
    settled = held.update(
        state=state,
        lease_token=None,
        lease_until=None,
        next_try_at=next_try,
        attempts=F("attempts") - int(fate.stops),
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
        if fate.refuses_address:
            User.objects.filter(pk=letter.recipient_id).update(refused_email=letter.recipient.email)


def _next_step(letter: Letter, fate: Fate, now: datetime) -> tuple[LetterState, datetime]:
    """What fails is tried again after longer and longer times, then left to a person."""
    if fate.state != LetterState.QUEUED:
        return fate.state, now
    is_given_up = letter.attempts >= MOST_ATTEMPTS and not fate.stops
    pause = BACKOFF[min(letter.attempts, len(BACKOFF)) - 1]
    return LetterState.FAILED if is_given_up else LetterState.QUEUED, now + pause


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
