"""The notices that a pledge will get if nothing is said: the planner asked for the days to come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from pledges.choices import CampaignKind, Occasion
from pledges.queries.facts import Line, thresholds_of
from pledges.queries.reminders import Ask, asks_of
from pledges.rules.lights import judge
from pledges.rules.reporting import LATE_REPORTING
from pledges.rules.workdays import Calendar

HORIZON = timedelta(days=92)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told on a day to come."""

    occasion: Occasion
    letter_on: date
    due: date
    step: int | None

    def get_occasion_display(self) -> str:
        """As a reminder says it, so that both are shown by the same words."""
        return str(self.occasion.label)


def coming_notices(line: Line, calendar: Calendar, *, limit: int = SHOWN) -> list[Notice]:
    """The next notices after the day of the judgement; what is told again and again is named once.

    The very question that planning asks, put for every working day ahead, so that the page and the letters
    cannot differ. No query.
    """
    return list(islice(_notices(line, calendar), limit))


def _notices(line: Line, calendar: Calendar) -> Iterator[Notice]:
    if line.pledge.campaign.kind == CampaignKind.SYNTHETIC:
        return
    today, met = line.verdict.judged_on, set[tuple]()
    last = min(today + HORIZON, line.pledge.campaign.ends_on + LATE_REPORTING)
    for day in calendar.between(today, last):
        for ask in _asks_on(line, day, calendar):
            if ask.letter_on == day and not ask.is_overtaken and _kind(ask) not in met:
                met.add(_kind(ask))
                yield Notice(ask.occasion, day, ask.due, ask.step)


def _kind(ask: Ask) -> tuple:
    return ask.occasion, ask.due, ask.step


def _asks_on(line: Line, day: date, calendar: Calendar) -> Iterator[Ask]:
    """What planning would find on a day if nothing were said until then."""
    thresholds = thresholds_of(line.pledge.campaign)
    verdict = judge(line.trajectory, line.reading, today=day, thresholds=thresholds)
    return asks_of(replace(line, verdict=verdict), None, calendar=calendar)
