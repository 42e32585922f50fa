"""Urge by hand (催办): one row per pledge and day, and its reminders in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from pledges.actions.audit import record, recorded_together
from pledges.actions.reminders import remind_of_nudge
from pledges.errors import StaleError
from pledges.models import Nudge, Pledge, User
from pledges.permissions import can_nudge
from pledges.queries.nudges import MOST_AT_ONCE, Candidate, Choice
from pledges.queries.recipients import Roster
from pledges.wording import in_a_row, moment_words

MOST_AN_HOUR = 300
"""So many pledges one person urges within an hour."""

HOUR = timedelta(hours=1)
NAMED = 3
"""So many left out pledges are named in a sentence; the others are counted."""


@dataclass(frozen=True, slots=True)
class Urged:
    """What came of it: the rows, who is told, and what was left out meanwhile."""

    nudges: list[Nudge]
    people: list[User]
    left_out: list[Candidate]


@transaction.atomic
def urge_pledges(pledges: Iterable[Pledge], *, by: User, words: str, today: date) -> Urged:
    """Urge those that can be urged now, each once a day whoever urges; the letters leave with the next tick.

    Raises PermissionDenied, ValidationError beyond the limits, StaleError where none can be urged (any more).
    """
    if not can_nudge(by):
        raise PermissionDenied
    ids = {pledge.pk for pledge in pledges}
    _require_few(len(ids))
    # One person's urgings go one after the other, so that the limit holds and every row has one maker.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    roster = Roster.on(today)
    before = Choice.of(Pledge.objects.filter(pk__in=ids), roster=roster)
    _require_room(by, len(before.urgable))
    _insert(before, by=by, words=words)
    urged = _urged(before, by=by, roster=roster)
    if not urged.nudges:
        raise StaleError(_("Nothing was urged. %(why)s") % {"why": left_out_words(urged.left_out)})
    with recorded_together():
        for nudge in urged.nudges:
            record("nudge.make", nudge, actor=by, after={"words": nudge.words, "day": nudge.day})
    return urged


def _require_few(number: int) -> None:
    if number > MOST_AT_ONCE:
        raise ValidationError(too_many_words(number))


def _require_room(by: User, wanted: int) -> None:
    """Who urges a whole plan hour after hour is asked to wait."""
    lately = Nudge.objects.filter(by=by, created_at__gt=timezone.now() - HOUR).order_by("created_at")
    made = list(lately.values_list("created_at", flat=True))
    too_many = len(made) + wanted - MOST_AN_HOUR
    if wanted and too_many > 0:
        raise ValidationError(
            _(
                "At most %(most)d pledges an hour: you have urged %(made)d within the last hour. Urge fewer, or wait until %(when)s."
            )
            % {"most": MOST_AN_HOUR, "made": len(made), "when": moment_words(made[too_many - 1] + HOUR)}
        )


def _insert(choice: Choice, *, by: User, words: str) -> None:
    """The database keeps one row per pledge and day: whoever comes second inserts nothing."""
    rows = [
        Nudge(pledge=candidate.pledge, by=by, words=words.strip(), day=choice.day)
        for candidate in choice.urgable
    ]
    Nudge.objects.bulk_create(rows, ignore_conflicts=True)


def _urged(before: Choice, *, by: User, roster: Roster) -> Urged:
    """What is mine of the rows that are there now; what somebody else was first with is left out."""
    wanted = {candidate.pledge.pk for candidate in before.urgable}
    rows = Nudge.objects.filter(pledge__in=wanted, day=before.day).order_by("pledge__number", "pk")
    mine = list(rows.filter(by=by).select_related("pledge"))
    people = dict[int, User]()
    for nudge in mine:
        people |= {reader.person.pk: reader.person for reader in remind_of_nudge(nudge, roster)}
    others = Pledge.objects.filter(pk__in=[found.pledge.pk for found in before.candidates])
    left = others.exclude(pk__in=[nudge.pledge_id for nudge in mine])
    return Urged(mine, list(people.values()), Choice.of(left, roster=roster).left_out)


def left_out_words(left_out: list[Candidate]) -> str:
    """Why some pledges were not urged: the first by name, the others by number."""
    if len(left_out) == 1:
        return left_out[0].why_not
    named = [f"{found.pledge.number}{gettext(': ')}{found.why_not}" for found in left_out[:NAMED]]
    more = len(left_out) - len(named)
    if more:
        named.append(ngettext("And %(more)d more.", "And %(more)d more.", more) % {"more": more})
    return reduce(in_a_row, named)


def too_many_words(number: int) -> str:
    """Why a long list is not urged at once."""
    return _(
        "At most %(most)d pledges are urged at a time; these are %(number)d. Filter the list first, by light or by department."
    ) % {"most": MOST_AT_ONCE, "number": number}
