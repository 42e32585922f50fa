"""The planned reminders of a campaign as rows: inserted if absent, many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db import transaction

from pledges.actions.pouring import Spout, Values
from pledges.actions.rows import in_batches
from pledges.choices import Dropped, ReminderState
from pledges.models import Campaign, Reminder
from pledges.queries.planning import Wanted

BATCH = 5_000
"""Rows written at a time: short transactions, bounded memory."""

COLUMNS = (
    *("key", "occasion", "step", "pledge_id", "label", "milestone_id", "due"),
    *("recipient_id", "on_behalf_of_id", "letter_on", "state"),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What all rows share is worked out once."""

    spout: Spout
    shared: Values

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        spout = Spout.into(Reminder, *COLUMNS)
        return cls(spout, spout.cast(Reminder(campaign=campaign)))

    def insert(self, wanted: Iterable[Wanted]) -> None:
        """Insert what is not there yet; what was dropped for a while only waits again."""
        for some in in_batches(wanted, BATCH):
            with transaction.atomic():
                new = [_row(each) for each in some if not each.is_passed]
                if new:
                    self.spout.pour_absent(new, self.shared)
                _remember([each.key for each in some if each.is_passed and not each.asked.is_overtaken])


def _remember(keys: list[str]) -> None:
    """What was true for a while only is told after all: a report that was withdrawn, a deadline moved back."""
    if keys:
        passed = Reminder.objects.filter(state=ReminderState.DROPPED, dropped__in=Dropped.passing)
        again = {"state": ReminderState.WAITING, "dropped": "", "letter": None}
        passed.filter(key__in=keys).update(**again)


def _row(wanted: Wanted) -> Values:
    key, pledge, asked, milestone, addressee, _is_passed = wanted
    deputised = addressee.on_behalf_of.pk if addressee.on_behalf_of else None
    state = ReminderState.SKIPPED if asked.is_overtaken else ReminderState.WAITING
    about = (asked.occasion.value, asked.step, pledge.pk, f"{pledge.number} {pledge.title}")
    return (key, *about, milestone, asked.due, addressee.person.pk, deputised, asked.letter_on, state.value)
