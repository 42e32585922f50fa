"""What is to be told about which pledge on a day, before it is known to whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from pledges.choices import Light, Occasion, Reason, ReportState
from pledges.models import Campaign, Milestone, Pledge
from pledges.queries.board import for_judging, with_light
from pledges.queries.duties import newest_reports, taking_reports
from pledges.queries.facts import Line, judged, thresholds_of
from pledges.rules.asking import Agenda, Asked
from pledges.rules.reminders import Ladder, days_ahead, farthest_due
from pledges.rules.workdays import Calendar

BATCH = 500
"""Pledges judged at a time: bounded memory."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to tell about one pledge, with its judgement."""

    line: Line
    asked: Asked
    milestone: Milestone | None = None

    @property
    def occasion(self) -> Occasion:
        return self.asked.occasion

    @property
    def due(self) -> date:
        return self.asked.due

    @property
    def letter_on(self) -> date:
        return self.asked.letter_on

    @property
    def step(self) -> int | None:
        return self.asked.step

    @property
    def is_overtaken(self) -> bool:
        return self.asked.is_overtaken

    @property
    def key(self) -> str:
        return self.asked.key_of(self.line.pledge.pk)

    def key_for(self, person_id: int) -> str:
        """One reminder per person."""
        return f"{self.key}|{person_id}"


def ladder_of(campaign: Campaign) -> Ladder:
    """The steps of a campaign, from its settings."""
    return Ladder(
        lead_days=days_ahead(campaign.lead_days),
        cycle_lead_days=days_ahead(campaign.cycle_lead_days),
        head_after=campaign.head_after_days,
        leaders_after=campaign.leaders_after_days,
    )


def agenda_of(campaign: Campaign, *, day: date, calendar: Calendar) -> Agenda:
    """What a campaign tells on a day, by its settings."""
    return Agenda(
        day=day,
        calendar=calendar,
        ladder=ladder_of(campaign),
        thresholds=thresholds_of(campaign),
        opens=campaign.starts_on,
        ends=campaign.ends_on,
    )


def asks_of(line: Line, state: ReportState | None, *, calendar: Calendar) -> Iterator[Ask]:
    """Everything to be told about a pledge on the day of its judgement; nothing while a report of it waits."""
    if state == ReportState.SUBMITTED:
        return
    agenda = agenda_of(line.pledge.campaign, day=line.verdict.judged_on, calendar=calendar)
    stones = {stone.due: stone for stone in line.pledge.milestones.all()}
    is_second = line.pledge.shared_with_id is not None
    for asked in agenda.asked(line.trajectory, line.reading, is_second=is_second):
        yield Ask(line, asked, None if asked.occasion == Occasion.CYCLE else stones[asked.due])


def asks_on(day: date, *, calendar: Calendar, campaign: Campaign) -> Iterator[Ask]:
    """Everything to be told on a working day, batch by batch; nothing on a day of rest, or when no figures are taken."""
    if not calendar.is_workday(day) or not taking_reports(day).filter(pk=campaign.pk).exists():
        return
    found = candidates(agenda_of(campaign, day=day, calendar=calendar), campaign)
    ids = list(found.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield from asks_about(ids[start : start + BATCH], day=day, calendar=calendar)


def asks_about(pledges: Iterable[int], *, day: date, calendar: Calendar) -> Iterator[Ask]:
    """Everything to be told about some pledges on a day. Constant number of queries."""
    wanted = for_judging(Pledge.objects.filter(pk__in=list(pledges))).order_by("number", "pk")
    lines = judged(wanted, today=day)
    newest = newest_reports({line.pledge.book_id for line in lines}, day=day)
    for line in lines:
        _report, state = newest.get(line.pledge.book_id, (None, None))
        yield from asks_of(line, state, calendar=calendar)


def candidates(agenda: Agenda, campaign: Campaign) -> Any:
    """The pledges about which something may have to be told: work that grows with what is due, not with the plan."""
    day = agenda.day
    last = farthest_due(day, agenda.ladder.lead_days, agenda.calendar)
    ahead = Milestone.objects.filter(due__gte=day, due__lte=last)
    about = Q(pk__in=ahead.values("pledge")) | Q(light_reason=Reason.MISSED)
    if agenda.cycle_steps:
        about |= ~Q(light=Light.DONE)
    lit = with_light(Pledge.objects.filter(campaign=campaign), day=day)
    return lit.filter(about).order_by("pk")
