"""What must be told about one pledge on a day, whoever is told. Pure: no database, no clock, no people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pledges.choices import Occasion
from pledges.rules.cycles import next_close
from pledges.rules.facts import Reading, Thresholds
from pledges.rules.lights import first_missed, is_kept
from pledges.rules.reminders import Ladder, digest_day, escalates_on, steps_by
from pledges.rules.trajectory import Trajectory, Waypoint, meets
from pledges.rules.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to tell. `is_overtaken`: a newer notice of the same deadline is told instead."""

    occasion: Occasion
    due: date
    letter_on: date
    step: int | None = None
    is_overtaken: bool = False
    _ends: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Worked out once: the same thing is asked of thousands of pledges."""
        step = {
            Occasion.OVERDUE: self.letter_on.isoformat(),
            Occasion.DIGEST: self.letter_on.isoformat(),
            Occasion.ESCALATED: "",
        }.get(self.occasion, str(self.step))
        object.__setattr__(self, "_ends", f"{step}|{self.due.isoformat()}")

    def key_of(self, pledge_id: int) -> str:
        """Occasion, pledge, step or day, deadline: the same thing has the same key whoever works it out.

        A pledge has one milestone a day, so a milestone that is read anew keeps the keys of its deadline.
        """
        return f"{self.occasion.value}|p{pledge_id}|{self._ends}"

    def key_for(self, pledge_id: int, person_id: int) -> str:
        """One for each person."""
        return f"{self.key_of(pledge_id)}|{person_id}"


def unmet_ahead(trajectory: Trajectory, reading: Reading | None, day: date) -> Iterator[Waypoint]:
    """The milestones to come that the newest value does not reach yet, in order of their days."""
    if is_kept(trajectory, reading):
        return
    is_open = reading is None or trajectory.is_ceiling
    for stone in trajectory.milestones:
        if stone.day >= day and (is_open or not meets(trajectory, stone.value, reading.value)):  # type: ignore[union-attr]
            yield stone


def unserved_close(
    trajectory: Trajectory, reading: Reading | None, day: date, *, thresholds: Thresholds, ends: date
) -> date | None:
    """The closing day of the running cycle where no figure serves it; None where none is asked for.

    Without a line, and with nothing said yet, a pledge owes no regular report: only its milestone counts.
    """
    cycle = {"report_day": thresholds.report_day, "cycle_months": thresholds.cycle_months}
    closes = next_close(day, **cycle)
    if closes > ends or is_kept(trajectory, reading):
        return None
    if reading is None:
        return closes if trajectory.has_line(thresholds.small_count) else None
    heard = reading.as_of + timedelta(days=trajectory.lag_days)
    return closes if next_close(heard, **cycle) < closes else None


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a campaign tells on a day, asked for one pledge after the other.

    Days and steps are the same for all pledges with the same deadline: they are worked out once.
    """

    day: date
    calendar: Calendar
    ladder: Ladder
    thresholds: Thresholds
    opens: date
    ends: date
    _known: dict[tuple[object, ...], list[Asked]] = field(default_factory=dict, compare=False, repr=False)

    def asked(
        self, trajectory: Trajectory, reading: Reading | None, *, is_second: bool = False
    ) -> Iterator[Asked]:
        """Everything to be told about a pledge; `is_second` of two that promise the same thing."""
        for stone in unmet_ahead(trajectory, reading, self.day):
            yield from self._steps(Occasion.AHEAD, stone.day, self.ladder.lead_days)
        missed = first_missed(trajectory, reading, self.day)
        if missed is None:
            yield from self._cycle(trajectory, reading)
        elif not trajectory.stretch:  # a stretch goal that is missed is no failure
            is_out = reading is not None and reading.as_of >= missed.day
            lag = timedelta(days=0 if is_out else trajectory.lag_days)
            yield from self._overdue(missed.day, missed.day + lag, is_second=is_second)

    def possible(
        self, dues: tuple[date, ...], *, lag_days: int, is_missed: bool, is_second: bool
    ) -> list[Asked]:
        """All that could be told about a pledge with such deadlines, whatever its figures are.

        `is_missed`: a deadline has passed unmet; `lag_days` for which the figure may be published late.
        """
        known = dues, lag_days, is_missed, is_second
        if known not in self._known:
            found = [] if is_missed else list(self.cycle_steps)
            for due in dues:
                if due >= self.day:
                    found += self._steps(Occasion.AHEAD, due, self.ladder.lead_days)
                elif is_missed:
                    for ended in {due, due + timedelta(days=lag_days)}:
                        found += self._overdue(due, ended, is_second=is_second)
            self._known[known] = found
        return self._known[known]

    @property
    def cycle_steps(self) -> list[Asked]:
        """The notices of the running cycle's closing day whose day has come."""
        known = (Occasion.CYCLE,)
        if known not in self._known:
            rule = self.thresholds
            closes = next_close(self.day, report_day=rule.report_day, cycle_months=rule.cycle_months)
            self._known[known] = self._steps(Occasion.CYCLE, closes, self.ladder.cycle_lead_days)
        return self._known[known]

    def _cycle(self, trajectory: Trajectory, reading: Reading | None) -> Iterable[Asked]:
        steps = self.cycle_steps
        if not steps:
            return ()
        closes = unserved_close(trajectory, reading, self.day, thresholds=self.thresholds, ends=self.ends)
        return steps if closes else ()

    def _steps(self, occasion: Occasion, due: date, leads: tuple[int, ...]) -> list[Asked]:
        known = occasion, due
        if known not in self._known:
            steps = steps_by(due, leads, self.day, self.calendar, opens=self.opens)
            self._known[known] = [
                Asked(occasion, due, step.letter_on, step.days_ahead, is_overtaken=step != steps[-1])
                for step in steps
            ]
        return self._known[known]

    def _overdue(self, due: date, ended: date, *, is_second: bool) -> list[Asked]:
        known = Occasion.OVERDUE, due, ended, is_second
        if known not in self._known:
            self._known[known] = list(self._going_up(due, ended, is_second=is_second))
        return self._known[known]

    def _going_up(self, due: date, ended: date, *, is_second: bool) -> Iterator[Asked]:
        """A line every working day, then one step up, then the leadership's weekly letter.

        `ended` is the last day on which it was not overdue: its own, or the end of a statistic's grace.
        """
        day, calendar = self.day, self.calendar
        line = Asked(Occasion.OVERDUE, due, calendar.on_or_after(day))
        yield line
        to_head = escalates_on(ended, self.ladder.head_after, calendar)
        if to_head and to_head <= day:
            yield replace(line, occasion=Occasion.ESCALATED, letter_on=to_head)
        to_leaders, weekly = (
            escalates_on(ended, self.ladder.leaders_after, calendar),
            digest_day(day, calendar),
        )
        # What two departments promised together stands in the leadership's letter once.
        if to_leaders and weekly and to_leaders <= weekly <= day and not is_second:
            yield replace(line, occasion=Occasion.DIGEST, letter_on=weekly)
