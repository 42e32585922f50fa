"""What is to be told in a whole campaign on a day, and is not planned yet, from as few columns as the rules need.

The same as `queries.reminders.asks_about` says of every pledge; that one brings judgements along, for a page or a letter.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from pledges.choices import Dropped, Occasion, Reason, ReminderState, ReportState
from pledges.models import Campaign, Milestone, Pledge, ProgressReport, Reminder
from pledges.queries.duties import newest_reports
from pledges.queries.facts import BarePledge, BareStone, trajectory_by
from pledges.queries.recipients import Addressee, Roster
from pledges.queries.reminders import candidates
from pledges.rules.asking import Agenda, Asked
from pledges.rules.facts import Reading

BATCH = 2_000
"""Pledges asked at a time: bounded memory."""

COLUMNS = tuple(name for name in BarePledge._fields if name != "campaign")


class Wanted(NamedTuple):
    """One thing to tell one person about one pledge. `is_passed`: it was dropped for a while only."""

    key: str
    pledge: BarePledge
    asked: Asked
    milestone_id: int | None
    addressee: Addressee
    is_passed: bool


class Candidate(NamedTuple):
    """A pledge about which something may have to be told, before any figure is looked at."""

    pk: int
    department_id: int
    shared_with_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Planner:
    """Asks all pledges of a campaign that may have something to tell. A constant number of queries each batch."""

    campaign: Campaign
    agenda: Agenda
    roster: Roster

    def batches(self) -> Iterator[list[Wanted]]:
        """What is to be told and not planned, batch by batch."""
        columns = ("pk", "department_id", "shared_with_id", "light_reason")
        found = list(candidates(self.agenda, self.campaign).values_list(*columns))
        for start in range(0, len(found), BATCH):
            yield self._batch([Candidate(*row) for row in found[start : start + BATCH]])

    def _batch(self, found: list[Candidate]) -> list[Wanted]:
        stones = _stones([each.pk for each in found])
        possible = {each.pk: list(self._possible(each, stones[each.pk])) for each in found}
        planned = _planned([key for keys in possible.values() for key in keys])
        # What could be told at most is all there: no figure can add to it.
        ids = [pk for pk, keys in possible.items() if not all(planned.get(key) for key in keys)]
        return list(self._wanted(ids, stones, planned)) if ids else []

    def _possible(self, pledge: Candidate, stones: list[BareStone]) -> Iterator[str]:
        """The keys of all that could be told about a pledge, whatever its figures are."""
        is_second, is_missed = pledge.shared_with_id is not None, pledge.reason == Reason.MISSED
        lag = self.campaign.statistics_lag_days
        days = tuple(stone.due for stone in stones)
        for asked in self.agenda.possible(days, lag_days=lag, is_missed=is_missed, is_second=is_second):
            for addressee in self.roster.addressees(asked.occasion, pledge.department_id):
                yield asked.key_for(pledge.pk, addressee.person.pk)

    def _wanted(
        self, ids: list[int], stones: dict[int, list[BareStone]], planned: dict[str, bool]
    ) -> Iterator[Wanted]:
        for pledge, asked in self._asked(ids, stones):
            milestone = next((each.pk for each in stones[pledge.pk] if each.due == asked.due), None)
            about = None if asked.occasion == Occasion.CYCLE else milestone
            for addressee in self.roster.addressees(asked.occasion, pledge.department_id):
                key = asked.key_for(pledge.pk, addressee.person.pk)
                is_planned = planned.get(key)
                if not is_planned:
                    yield Wanted(key, pledge, asked, about, addressee, is_planned is False)

    def _asked(
        self, ids: list[int], stones: dict[int, list[BareStone]]
    ) -> Iterator[tuple[BarePledge, Asked]]:
        found = Pledge.objects.filter(pk__in=ids).order_by("pk").values_list(*COLUMNS)
        pledges = [BarePledge._make((*row, self.campaign)) for row in found]
        books = {pledge.book_id for pledge in pledges}
        readings, waiting = _readings(books, self.agenda.day), _waiting(books, self.agenda.day)
        for pledge in pledges:
            if pledge.book_id not in waiting:
                trajectory = trajectory_by(pledge, stones[pledge.pk])
                is_second = pledge.shared_with_id is not None
                for asked in self.agenda.asked(trajectory, readings.get(pledge.book_id), is_second=is_second):
                    yield pledge, asked


def _planned(keys: list[str]) -> dict[str, bool]:
    """Which of some keys there are; False for what was dropped for a while only."""
    # As one value: thousands of them one by one cost more than the question.
    among = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    table = Reminder._meta.db_table  # noqa: SLF001  Django's documented door to a model
    words = f"SELECT key, state, dropped FROM {table} WHERE key {among}"  # noqa: S608  names of our own
    with connection.cursor() as cursor:
        cursor.execute(words, [keys if connection.vendor == "postgresql" else json.dumps(keys)])
        return {
            key: state != ReminderState.DROPPED or dropped not in Dropped.passing
            for key, state, dropped in cursor.fetchall()
        }


def _stones(pledges: list[int]) -> dict[int, list[BareStone]]:
    stones = defaultdict(list)
    found = Milestone.objects.filter(pledge__in=pledges).order_by()
    for pledge, *row in found.values_list("pledge_id", *BareStone._fields):
        stones[pledge].append(BareStone(*row))
    return stones


def _readings(books: Iterable[int], day: date) -> dict[int, Reading]:
    """The newest accepted value of each book that was true by a day. Since when it was kept does not matter here."""
    known = ProgressReport.objects.accepted().known_by(day).filter(pledge__in=books).order_by()
    corrected = known.filter(corrects__isnull=False).values("corrects")
    newest = [F("as_of").desc(), F("id").desc()]
    place = Window(RowNumber(), partition_by=F("pledge_id"), order_by=newest)
    found = known.exclude(pk__in=corrected).annotate(place=place).filter(place=1)
    return {
        book: Reading(as_of, value) for book, as_of, value in found.values_list("pledge_id", "as_of", "value")
    }


def _waiting(books: Iterable[int], day: date) -> set[int]:
    """The books whose newest report waited for review in the evening of a day.

    Only those can, of which a report was there that waits now or was reviewed later: few are read.
    """
    after = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    may_wait = Q(state=ReportState.SUBMITTED) | Q(reviewed_at__gte=after)
    found = ProgressReport.objects.filter(may_wait, submitted_at__lt=after, pledge__in=books).order_by()
    newest = newest_reports(set(found.values_list("pledge_id", flat=True)), day=day)
    return {book for book, (_report, state) in newest.items() if state == ReportState.SUBMITTED}
