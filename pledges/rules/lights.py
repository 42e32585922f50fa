"""Judge once, know until when, always say why. Pure.

Sources: DOMAIN.md "Lights" (银川 for points behind, 金寨 for five states). The guards stand in the
order in which the rule is spoken; every threshold is a setting of the campaign.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from pledges.choices import Light, Reason
from pledges.rules.cycles import silent_from
from pledges.rules.facts import Reading, Thresholds
from pledges.rules.recovery import green_value, to_green
from pledges.rules.trajectory import (
    Trajectory,
    Waypoint,
    expected_on,
    is_due_soon,
    is_finished,
    meets,
    next_milestone,
    points_behind,
    segments,
)

DAY = timedelta(days=1)
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A light with its reason. Values are in the unit of the pledge, points in percentage points.

    `compared_on` is the day whose expected value was compared; `to_green` is what a report of today
    must add to the actual value, `green_at` the value it must then state; `holds_until` is the last
    day on which the facts and decisions known on that day give the same light, None for ever.
    """

    light: Light
    reason: Reason
    judged_on: date
    compared_on: date
    expected: Decimal | None
    actual: Decimal | None
    as_of: date | None
    gap: Decimal | None
    gap_points: Decimal | None
    green_at: Decimal | None
    to_green: Decimal | None
    holds_until: date | None
    milestone: Waypoint | None
    silent_from: date | None = None

    @property
    def is_late(self) -> bool:
        """Done, but after the deadline."""
        return self.reason == Reason.MET_LATE


def compared_day(trajectory: Trajectory, reading: Reading | None, today: date) -> date:
    """The day whose plan a figure is held against: today, or earlier by the statistic's publication lag."""
    published = today - timedelta(days=trajectory.lag_days)
    return max(reading.as_of, published) if reading else published


def _unmet(trajectory: Trajectory, reading: Reading | None) -> list[Waypoint]:
    """The milestones that the newest value does not reach, whatever their days."""
    return [
        stone
        for stone in trajectory.milestones
        if reading is None or not meets(trajectory, stone.value, reading.value)
    ]


def _missed(trajectory: Trajectory, reading: Reading | None, today: date) -> list[Waypoint]:
    """The milestones whose day is over and which the newest value does not reach."""
    return [stone for stone in _unmet(trajectory, reading) if stone.day < today]


def _put_off(trajectory: Trajectory, reading: Reading | None, today: date) -> list[Waypoint]:
    """The milestones that were put off too often and are still not reached."""
    return [stone for stone in _unmet(trajectory, reading) if stone.is_put_off(today)]


def _is_pending(trajectory: Trajectory, stone: Waypoint, reading: Reading | None, today: date) -> bool:
    """Whether the figure for a milestone may still be published within its grace."""
    known = reading is not None and reading.as_of >= stone.day
    return not known and today <= stone.day + timedelta(days=trajectory.lag_days)


def _is_any_over(
    trajectory: Trajectory, missed: list[Waypoint], reading: Reading | None, today: date
) -> bool:
    """Whether the grace of any of the milestones that were passed unmet is over."""
    return any(not _is_pending(trajectory, stone, reading, today) for stone in missed)


def _unmet_due_soon(
    trajectory: Trajectory, reading: Reading | None, today: date, thresholds: Thresholds
) -> bool:
    """Without a line a pledge is judged by the days left to the next milestone it does not meet yet."""
    stone = next_milestone(trajectory, today)
    if stone is None or not is_due_soon(trajectory, today, thresholds.due_soon_days):
        return False
    return reading is None or not meets(trajectory, stone.value, reading.value)


def _silent_from(trajectory: Trajectory, reading: Reading, thresholds: Thresholds) -> date:
    heard = reading.as_of + timedelta(days=trajectory.lag_days)
    return silent_from(heard, report_day=thresholds.report_day, cycle_months=thresholds.cycle_months)


def _by_progress(
    trajectory: Trajectory, reading: Reading | None, today: date, thresholds: Thresholds
) -> tuple[Light, Reason]:
    """The light of a pledge that is neither finished nor past an unmet milestone."""
    has_line = trajectory.has_line(thresholds.small_count)
    if not has_line and _unmet_due_soon(trajectory, reading, today, thresholds):
        return Light.YELLOW, Reason.DUE_SOON
    if reading is None:
        return Light.GREY, Reason.UNREPORTED
    points = points_behind(trajectory, reading.value, compared_day(trajectory, reading, today))
    if has_line and points is not None and points > thresholds.yellow_points:
        if points <= thresholds.red_points:
            return Light.YELLOW, Reason.BEHIND
        return (Light.YELLOW if trajectory.stretch else Light.RED), Reason.FAR_BEHIND
    if today >= _silent_from(trajectory, reading, thresholds):
        return Light.YELLOW, Reason.SILENT
    return Light.GREEN, Reason.ON_TRACK if has_line else Reason.NOT_DUE


def is_kept(trajectory: Trajectory, reading: Reading | None) -> bool:
    """Whether the newest value keeps the whole promise."""
    return reading is not None and is_finished(trajectory, reading.as_of, reading.value)


def first_missed(trajectory: Trajectory, reading: Reading | None, today: date) -> Waypoint | None:
    """The first milestone that has passed unmet, once the grace of one is over; None while nothing is missed."""
    missed = [] if is_kept(trajectory, reading) else _missed(trajectory, reading, today)
    return missed[0] if _is_any_over(trajectory, missed, reading, today) else None


def light_on(
    trajectory: Trajectory, reading: Reading | None, *, today: date, thresholds: Thresholds
) -> tuple[Light, Reason]:
    """The light and the branch that gave it, without the sums around it."""
    if reading is not None and is_finished(trajectory, reading.as_of, reading.value):
        reached = reading.reached_on or reading.as_of
        return Light.DONE, Reason.MET_LATE if reached > trajectory.finish.day else Reason.MET
    missed = _missed(trajectory, reading, today)
    if _is_any_over(trajectory, missed, reading, today):
        if trajectory.stretch:
            return Light.YELLOW, Reason.STRETCH_MISSED
        return Light.RED, Reason.MISSED
    if _put_off(trajectory, reading, today):
        return (Light.YELLOW if trajectory.stretch else Light.RED), Reason.PUT_OFF
    light, reason = _by_progress(trajectory, reading, today, thresholds)
    if missed and light == Light.GREEN:
        return Light.GREY, Reason.PENDING
    return light, reason


def _crossings(trajectory: Trajectory, value: Decimal, thresholds: Thresholds) -> Iterator[date]:
    """The days around which a value falls a threshold behind (or comes back) as the line moves on."""
    allowances = [
        Fraction(points) * trajectory.span / 100
        for points in (thresholds.yellow_points, thresholds.red_points)
    ]
    for left, right in segments(trajectory):
        rise = trajectory.sense * (Fraction(right.value) - Fraction(left.value))
        if not rise:
            continue
        ahead = trajectory.sense * (Fraction(value) - Fraction(left.value))
        for allowance in allowances:
            share = (ahead + allowance) / rise
            if 0 <= share <= 1:
                days = floor(share * (right.day - left.day).days)
                yield from (left.day + timedelta(days=days + more) for more in (0, 1))


def turning_days(trajectory: Trajectory, reading: Reading | None, thresholds: Thresholds) -> list[date]:
    """Every day on which the light may differ from the day before while the facts stay the same."""
    lag = timedelta(days=trajectory.lag_days)
    days = set[date]()
    for stone in trajectory.milestones:
        days |= {stone.day + DAY, stone.day + lag + DAY}
        days.add(stone.day - timedelta(days=thresholds.due_soon_days))
        days |= {stone.put_off_on} if stone.put_off_on else set()
    if reading is not None:
        days.add(_silent_from(trajectory, reading, thresholds))
        days |= {day + lag for day in _crossings(trajectory, reading.value, thresholds)}
    return sorted(days)


def _holds_until(
    trajectory: Trajectory, reading: Reading | None, light: Light, today: date, thresholds: Thresholds
) -> date | None:
    for day in turning_days(trajectory, reading, thresholds):
        if day <= today:
            continue
        if light_on(trajectory, reading, today=day, thresholds=thresholds)[0] != light:
            return day - DAY
    return None


def _rounded(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(PLACES, ROUND_HALF_UP)


def _stone_in_question(
    trajectory: Trajectory, reading: Reading | None, today: date, reason: Reason
) -> Waypoint:
    """The milestone a sentence about the light must name: the one put off, the first missed, the next, the last."""
    wanted = _put_off if reason == Reason.PUT_OFF else _missed
    found = wanted(trajectory, reading, today)
    return found[0] if found else next_milestone(trajectory, today) or trajectory.finish


def judge(trajectory: Trajectory, reading: Reading | None, *, today: date, thresholds: Thresholds) -> Verdict:
    """The light of a pledge at the end of `today`, with everything that explains it; no later decision is foreseen."""
    trajectory = trajectory.decided_by(today)
    light, reason = light_on(trajectory, reading, today=today, thresholds=thresholds)
    compared = compared_day(trajectory, reading, today)
    has_line = trajectory.has_line(thresholds.small_count)
    expected = expected_on(trajectory, compared) if has_line else None
    actual = reading.value if reading else None
    gap = points = None
    if expected is not None and actual is not None:
        gap, points = expected - Fraction(actual), points_behind(trajectory, actual, compared)
    green_at = green_value(trajectory, today=today, thresholds=thresholds)
    return Verdict(
        light=light,
        reason=reason,
        judged_on=today,
        compared_on=compared,
        expected=_rounded(expected),
        actual=actual,
        as_of=reading.as_of if reading else None,
        gap=_rounded(gap),
        gap_points=_rounded(points),
        green_at=green_at,
        to_green=to_green(trajectory, light, actual, green_at),
        holds_until=_holds_until(trajectory, reading, light, today, thresholds),
        milestone=_stone_in_question(trajectory, reading, today, reason),
        silent_from=_silent_from(trajectory, reading, thresholds) if reading else None,
    )
