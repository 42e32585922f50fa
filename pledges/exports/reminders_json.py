"""The letters of a day for machines: a rehearsal that sends nothing."""

import json
from collections.abc import Hashable, Iterator
from datetime import date
from typing import Any

from pledges.choices import Occasion
from pledges.exports.plans_json import plain
from pledges.models import Campaign, User
from pledges.queries.recipients import Roster, post_of
from pledges.queries.reminders import Ask, asks_on
from pledges.rules.workdays import Calendar


def reminders_json(campaign: Campaign, *, day: date, calendar: Calendar) -> Iterator[str]:
    """`[{recipient, email, letter_on, lines[{pledge, due, step, light, to_green}]}]` for one day.

    What the facts known by that day ask for on exactly that day, whether or not it was told already.
    `step` is the number of days ahead, `report-3` for the regular report, or a word: overdue, escalated,
    digest. Lines that nobody would be told stand under a recipient of null, one for each post that is empty.
    """
    letters: dict[Hashable, dict[str, Any]] = {}
    roster = Roster.on(day)
    for ask in asks_on(day, calendar=calendar, campaign=campaign):
        if ask.is_overtaken or ask.letter_on != day:
            continue
        for key, person in _readers(ask, roster):
            letter = letters.setdefault(key, _letter(person, day))
            letter["lines"].append(_line(ask))
    yield json.dumps(list(letters.values()), ensure_ascii=False, indent=1, allow_nan=False)
    yield "\n"


def _readers(ask: Ask, roster: Roster) -> Iterator[tuple[Hashable, User | None]]:
    department = ask.line.pledge.department_id
    found = roster.addressees(ask.occasion, department)
    if not found:
        yield post_of(ask.occasion, department), None
    for addressee in found:
        if not roster.is_paused(addressee.person):
            yield addressee.person.pk, addressee.person


def _letter(person: User | None, day: date) -> dict[str, Any]:
    return {
        "recipient": person.username if person else None,
        "email": person.email if person else None,
        "letter_on": day.isoformat(),
        "lines": [],
    }


def _line(ask: Ask) -> dict[str, Any]:
    verdict = ask.line.verdict
    return {
        "pledge": ask.line.pledge.code,
        "due": ask.due.isoformat(),
        "step": _step(ask),
        "light": verdict.light.value,
        "to_green": plain(verdict.to_green),
    }


def _step(ask: Ask) -> int | str:
    if ask.occasion == Occasion.AHEAD and ask.step is not None:
        return ask.step
    return f"report-{ask.step}" if ask.occasion == Occasion.CYCLE else ask.occasion.value
