"""What is to be told about which pledge on a day, before it is known to whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from pledges.choices import Light, Occasion, Reason, ReportState
from pledges.models import Campaign, Milestone, Pledge
from pledges.queries.board import for_judging, with_light
from pledges.queries.duties import (
    close_without_report,
    missed_milestone,
    newest_reports,
    taking_reports,
    unmet_milestones,
)
from pledges.queries.facts import Line, judged
from pledges.rules.cycles import next_close
from pledges.rules.reminders import Ladder, days_ahead, digest_day, escalates_on, farthest_due, steps_by
from pledges.rules.workdays import Calendar

BATCH = 500
"""Pledges judged at a time: bounded memory."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to tell about one pledge. `is_overtaken`: a newer notice of the same deadline is told instead."""

    occasion: Occasion
    line: Line
    due: date
    letter_on: date
    milestone: Milestone | None = None
    step: int | None = None
    is_overtaken: bool = False

    @property
    def key(self) -> str:
        """Occasion, pledge, step or day, deadline: the same ask has the same key whoever works it out.

        A pledge has one milestone a day, so a milestone that is read anew keeps the keys of its deadline.
        """
        step = {
            Occasion.OVERDUE: self.letter_on.isoformat(),
            Occasion.DIGEST: self.letter_on.isoformat(),
            Occasion.ESCALATED: "",
        }.get(self.occasion, str(self.step))
        return f"{self.occasion}|p{self.line.pledge.pk}|{step}|{self.due.isoformat()}"

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


def asks_of(line: Line, state: ReportState | None, *, calendar: Calendar) -> Iterator[Ask]:
    """Everything to be told about a pledge on the day of its judgement; nothing while a report of it waits."""
    if state == ReportState.SUBMITTED:
        return
    ladder = ladder_of(line.pledge.campaign)
    yield from _ahead(line, ladder, calendar)
    missed = missed_milestone(line, stretch=False)  # a stretch goal that is missed is no failure
    if missed:
        yield from _overdue(line, missed, ladder, calendar)
    elif not missed_milestone(line):
        yield from _cycle(line, ladder, calendar)


def _ahead(line: Line, ladder: Ladder, calendar: Calendar) -> Iterator[Ask]:
    day, opens = line.verdict.judged_on, line.pledge.campaign.starts_on
    for stone in unmet_milestones(line):
        steps = steps_by(stone.due, ladder.lead_days, day, calendar, opens=opens)
        for step in steps:
            yield Ask(
                Occasion.AHEAD,
                line,
                stone.due,
                step.letter_on,
                milestone=stone,
                step=step.days_ahead,
                is_overtaken=step != steps[-1],
            )


def _cycle(line: Line, ladder: Ladder, calendar: Calendar) -> Iterator[Ask]:
    closes = close_without_report(line)
    if closes is None:
        return
    day, opens = line.verdict.judged_on, line.pledge.campaign.starts_on
    steps = steps_by(closes, ladder.cycle_lead_days, day, calendar, opens=opens)
    for step in steps:
        yield Ask(
            Occasion.CYCLE,
            line,
            closes,
            step.letter_on,
            step=step.days_ahead,
            is_overtaken=step != steps[-1],
        )


def _overdue(line: Line, stone: Milestone, ladder: Ladder, calendar: Calendar) -> Iterator[Ask]:
    """A line every working day, then one step up, then the leadership's weekly letter."""
    day, ends = line.verdict.judged_on, _ended(line, stone)
    yield Ask(Occasion.OVERDUE, line, stone.due, calendar.on_or_after(day), milestone=stone)
    to_head = escalates_on(ends, ladder.head_after, calendar)
    if to_head and to_head <= day:
        yield Ask(Occasion.ESCALATED, line, stone.due, to_head, milestone=stone)
    to_leaders, weekly = escalates_on(ends, ladder.leaders_after, calendar), digest_day(day, calendar)
    # What two departments promised together stands in the leadership's letter once.
    if to_leaders and weekly and to_leaders <= weekly <= day and line.pledge.shared_with_id is None:
        yield Ask(Occasion.DIGEST, line, stone.due, weekly, milestone=stone)


def _ended(line: Line, stone: Milestone) -> date:
    """The last day on which a milestone was not overdue: its own, or the end of a statistic's grace."""
    is_out = line.reading is not None and line.reading.as_of >= stone.due
    return stone.due if is_out else stone.due + timedelta(days=line.trajectory.lag_days)


def asks_on(day: date, *, calendar: Calendar, campaign: Campaign) -> Iterator[Ask]:
    """Everything to be told on a working day, batch by batch; nothing on a day of rest, or when no figures are taken."""
    if not calendar.is_workday(day) or not taking_reports(day).filter(pk=campaign.pk).exists():
        return
    ids = list(_candidates(campaign, day=day, calendar=calendar))
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


def _candidates(campaign: Campaign, *, day: date, calendar: Calendar) -> Iterable[int]:
    """The pledges about which something may have to be told: work that grows with what is due, not with the plan."""
    ladder = ladder_of(campaign)
    closes = next_close(day, report_day=campaign.report_day, cycle_months=campaign.cycle_months)
    last = farthest_due(day, ladder.lead_days, calendar)
    about = Q(milestones__due__gte=day, milestones__due__lte=last) | Q(light_reason=Reason.MISSED)
    if steps_by(closes, ladder.cycle_lead_days, day, calendar, opens=campaign.starts_on):
        about |= ~Q(light=Light.DONE)
    lit = with_light(Pledge.objects.filter(campaign=campaign), day=day)
    return lit.filter(about).order_by("pk").values_list("pk", flat=True).distinct()
