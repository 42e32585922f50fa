"""Put what people must be told into letters: one a day per person, and what cannot wait at once."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from pledges.actions.audit import record
from pledges.actions.reminders import readdress_events
from pledges.actions.rows import in_batches
from pledges.choices import Dropped, LetterKind, LetterState, Occasion, ReminderState
from pledges.errors import StaleError
from pledges.models import Letter, Reminder, User
from pledges.models.outbox import LetterQuerySet, ReminderQuerySet
from pledges.queries.workdays import office_calendar
from pledges.rules.reminders import cannot_wait
from pledges.rules.workdays import Calendar

ID_LENGTH = 40


def message_id(key: str) -> str:
    """The same for every copy of a letter, so that a second one is recognised; tells nothing about anybody."""
    digest = salted_hmac("ykplan.letter", key, algorithm="sha256").hexdigest()
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ")
    return f"<{digest[:ID_LENGTH]}@{domain}>"


def gather_letters(*, now: datetime) -> int:
    """Give every reminder whose time has come a letter. Safe to repeat, and beside others.

    A person's letter of the day is made at their hour, or earlier when something happened that is told
    at once; it takes along all that is due that day. After it has left, only what cannot wait for the
    next one gets a letter of its own. Nothing happens on a day of rest. Returns the number of people.
    """
    day, hour = localdate(now), localtime(now).hour
    expire_letters(now=now)
    release_corrected()
    calendar = office_calendar()
    if not calendar.is_workday(day):
        return 0
    readdress_events(today=day)
    waiting = _ready(day, hour).order_by("recipient").values_list("recipient", flat=True).distinct()
    people = 0
    for recipients in in_batches(list(waiting)):
        with transaction.atomic():
            _give_daily_letters(recipients, now=now, day=day)
            rest = _attach(recipients, day=day)
            people += len(recipients) - len(rest)
            people += sum(_give_extra_letter(person, now=now, day=day, calendar=calendar) for person in rest)
    return people


def _without_letter(day: date) -> ReminderQuerySet:
    """What waits for a letter; who pauses is told only what was urged or directed by hand."""
    wants_letters = Q(recipient__paused_until__isnull=True) | Q(recipient__paused_until__lt=day)
    found = Reminder.objects.waiting().filter(letter__isnull=True, letter_on__lte=day)
    return found.filter(wants_letters | Q(occasion__in=Occasion.by_hand))


def _ready(day: date, hour: int) -> ReminderQuerySet:
    """What may go now: events at once, everything else from the person's hour on."""
    return _without_letter(day).filter(Q(occasion__in=Occasion.events) | Q(recipient__send_hour__lte=hour))


def _letter(key: str, kind: LetterKind, recipient: int, *, now: datetime, day: date) -> Letter:
    return Letter(
        key=key,
        kind=kind,
        recipient_id=recipient,
        day=day,
        due_at=now,
        next_try_at=now,
        message_id=message_id(key),
    )


def _give_daily_letters(recipients: Iterable[int], *, now: datetime, day: date) -> None:
    """One key per person and day: whoever comes second finds the letter there."""
    letters = [
        _letter(f"daily|{person}|{day.isoformat()}", LetterKind.DAILY, person, now=now, day=day)
        for person in recipients
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)


def locked(letters: LetterQuerySet) -> LetterQuerySet:
    """The same letters, held against senders until the transaction ends; those being sent are left out."""
    # SQLite has one writer at a time and ignores the clause; it must not be asked to skip.
    return letters.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _attach(recipients: list[int], *, day: date) -> list[int]:
    """Put what waits into the letters that have not left. Returns the people whose letter has."""
    queued = Letter.objects.filter(recipient__in=recipients, day=day, state=LetterState.QUEUED)
    # Held, so that no sender takes a letter between the look and the attaching.
    held = dict(locked(queued).order_by("-id").values_list("recipient", "pk"))
    mine = Letter.objects.filter(pk__in=held.values(), recipient=OuterRef("recipient")).values("pk")[:1]
    _without_letter(day).filter(recipient__in=held).update(letter=Subquery(mine))
    return [person for person in recipients if person not in held]


def _give_extra_letter(person: int, *, now: datetime, day: date, calendar: Calendar) -> bool:
    """A letter beside that of the day: for what happened since, or is due before the next one comes."""
    waiting = _without_letter(day).filter(recipient=person).order_by("pk")
    urgent = [
        reminder.pk
        for reminder in waiting
        if reminder.occasion in Occasion.events or cannot_wait(reminder.due, day, calendar)
    ]
    if not urgent:
        return False
    key = f"extra|{person}|{day.isoformat()}|{urgent[0]}"
    letter = _letter(key, LetterKind.EXTRA, person, now=now, day=day)
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    made = locked(Letter.objects.filter(key=key, state=LetterState.QUEUED)).first()
    if made is None:
        return False
    waiting.filter(pk__in=urgent).update(letter=made)
    return True


@transaction.atomic
def expire_letters(*, now: datetime) -> int:
    """A letter that did not leave on its day is not sent later: its lines go into the next one.

    Without this a mail server that comes back after days would bring a person several letters at once.
    """
    over = Letter.objects.due(now) | Letter.objects.filter(state=LetterState.QUEUED)
    ids = list(locked(over.filter(day__lt=localdate(now))).values_list("pk", flat=True))
    Reminder.objects.waiting().filter(letter__in=ids).update(letter=None)
    expired = {"state": LetterState.EXPIRED, "lease_token": None, "lease_until": None}
    return Letter.objects.filter(pk__in=ids).update(**expired)


@transaction.atomic
def release_corrected() -> int:
    """Lines stuck in a letter whose address was wrong go into the next one, once the address is another."""
    failed = Letter.objects.filter(state=LetterState.FAILED).exclude(recipient__email="")
    ids = list(locked(failed.exclude(email=F("recipient__email"))).values_list("pk", flat=True))
    Reminder.objects.waiting().filter(letter__in=ids).update(letter=None)
    return Letter.objects.filter(pk__in=ids).update(state=LetterState.EXPIRED)


@transaction.atomic
def retry_letter(letter: Letter, *, by: User, now: datetime) -> Letter:
    """Try a letter in trouble again: today's at once, an older one's lines in the next letter.

    So do those of who wants no letters at present.

    Raises StaleError where it is in trouble no more.
    """
    _require(letter, LetterState.troubled)
    before = {"state": letter.state}
    User.objects.filter(pk=letter.recipient_id).update(refused_email="")
    today, pause = localdate(now), letter.recipient.paused_until
    if letter.day == today and (pause is None or pause < today):
        again = {"state": LetterState.QUEUED, "next_try_at": now, "attempts": 0}
    else:
        Reminder.objects.waiting().filter(letter=letter).update(letter=None)
        again = {"state": LetterState.EXPIRED}
    Letter.objects.filter(pk=letter.pk).update(**again, handled_by=by)
    letter.refresh_from_db()
    record("letter.retry", letter, actor=by, before=before, after=_said(letter))
    return letter


@transaction.atomic
def cancel_letter(letter: Letter, *, by: User) -> Letter:
    """Do not send a letter, nor tell what it would have told. Raises StaleError once it is on its way."""
    _require(letter, {LetterState.QUEUED, *LetterState.troubled})
    before = {"state": letter.state}
    waiting = Reminder.objects.waiting().filter(letter=letter)
    waiting.update(state=ReminderState.DROPPED, dropped=Dropped.CANCELLED)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.CANCELLED, handled_by=by)
    letter.refresh_from_db()
    record("letter.cancel", letter, actor=by, before=before, after=_said(letter))
    return letter


def _said(letter: Letter) -> dict[str, object]:
    return {"state": letter.state, "recipient": letter.recipient_id, "day": letter.day}


def _require(letter: Letter, states: Iterable[str]) -> None:
    """Hold a letter against senders, if it is still in one of the states."""
    held = locked(Letter.objects.filter(pk=letter.pk, state__in=list(states))).exists()
    if not held:
        letter.refresh_from_db()
        raise StaleError(_("This letter is already: %(state)s.") % {"state": letter.get_state_display()})
