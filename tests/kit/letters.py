"""Letters and reminders as rows, for tests that look at what became of them."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from pledges.choices import Dropped, LetterState, Occasion, ReminderState
from pledges.models import Letter, Pledge, Reminder, User
from pledges.queries.ledger import rows_of, warnings_of, worst_of
from pledges.rules.workdays import Calendar

MORNING = datetime(2022, 7, 1, 1, tzinfo=UTC)
"""Nine o'clock of a Friday in Shanghai."""
numbers = count(1)


def a_letter(
    recipient: User, state: LetterState = LetterState.SENT, *, at: datetime = MORNING, **more: Any
) -> Letter:
    """A letter of the moment's day."""
    number = next(numbers)
    if state == LetterState.SENDING:
        more = {"lease_until": at + timedelta(minutes=10), "lease_token": uuid4()} | more
    return Letter.objects.create(
        key=f"daily|{number}",
        message_id=f"<{number:010}@example.com>",
        recipient=recipient,
        state=state,
        **{
            "day": at.date(),
            "due_at": at,
            "next_try_at": at,
            "sent_at": at if state == LetterState.SENT else None,
            "subject": f"第 {number} 封",
            "text": "还差 1 家。",
            "email": recipient.email,
        }
        | more,
    )


def a_line(
    pledge: Pledge,
    recipient: User,
    letter: Letter | None = None,
    state: ReminderState = ReminderState.WAITING,
    **more: Any,
) -> Reminder:
    """A reminder about a pledge, in a letter or in none."""
    if letter is not None and letter.state == LetterState.SENT and state == ReminderState.WAITING:
        state = ReminderState.TOLD
    if state == ReminderState.DROPPED:
        more = {"dropped": Dropped.MET} | more
    return Reminder.objects.create(
        key=f"{uuid4()}",
        campaign=pledge.campaign,
        pledge=pledge,
        recipient=recipient,
        letter=letter,
        state=state,
        **{
            "label": str(pledge),
            "occasion": Occasion.OVERDUE,
            "due": date(2022, 6, 30),
            "letter_on": letter.day if letter else MORNING.date(),
        }
        | more,
    )


DAY = timedelta(days=1)
KNOWN = Calendar(known_years=frozenset({2022, 2023}))


def warned(campaign, calendar=KNOWN, now=MORNING):
    """Everything that stands on top of the ledger."""
    letters = rows_of(worst_of(campaign, now=now), campaign, now=now)
    return warnings_of(campaign, letters, calendar, day=now.date())
