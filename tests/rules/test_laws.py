"""What must hold always, for every kind of pledge and on every day."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pledges.choices import Direction, Light
from pledges.rules.facts import Reading, latest_reading, readings_of
from pledges.rules.lights import judge, light_on
from pledges.rules.recovery import grain_of
from pledges.rules.timeline import spells
from pledges.rules.trajectory import Waypoint, expected_on
from tests.rules.making import (
    FIRST,
    LAST,
    RULES,
    amounts,
    days,
    told_trajectories,
    trajectories,
    whole_amounts,
)

DAY = timedelta(days=1)
HORIZON = LAST + timedelta(days=200)


def decided_by(trajectory, today):
    """A trajectory without the grants of later days, by hand."""
    granted = (stone.put_off_on and stone.put_off_on <= today for stone in trajectory.milestones)
    stones = (
        stone if is_granted else Waypoint(stone.day, stone.value)
        for stone, is_granted in zip(trajectory.milestones, granted, strict=True)
    )
    return replace(trajectory, milestones=tuple(stones))


FROM_WORST = [Light.RED, Light.YELLOW, Light.GREY, Light.GREEN, Light.DONE]


def light(trajectory, reading, today) -> Light:
    return light_on(trajectory, reading, today=today, thresholds=RULES)[0]


@given(told_trajectories(), days, amounts)
def test_more_progress_never_gives_a_worse_light(told, today, more):
    trajectory, reading = told
    assume(reading is not None)
    better = latest_reading(trajectory, [(reading.as_of, reading.value + trajectory.sense * more)])

    assert FROM_WORST.index(light(trajectory, better, today)) >= FROM_WORST.index(
        light(trajectory, reading, today)
    )


@settings(max_examples=300)
@given(told_trajectories(), days)
def test_the_light_holds_until_it_says_and_differs_the_day_after(told, today):
    trajectory, reading = told

    verdict = judge(trajectory, reading, today=today, thresholds=RULES)

    # As long as nothing is said and nothing is decided: the grants of later days are not foreseen.
    known = decided_by(trajectory, today)
    until = verdict.holds_until or HORIZON
    held = {light(known, reading, today + n * DAY) for n in range((until - today).days + 1)}
    assert held == {verdict.light}
    if verdict.holds_until:
        assert light(known, reading, verdict.holds_until + DAY) != verdict.light


@given(told_trajectories(), days)
def test_a_day_knows_nothing_of_what_is_decided_later(told, today):
    trajectory, reading = told

    found = judge(trajectory, reading, today=today, thresholds=RULES)

    assert found == judge(decided_by(trajectory, today), reading, today=today, thresholds=RULES)


@settings(max_examples=300)
@given(told_trajectories(), days)
def test_to_green_added_to_the_value_gives_green(told, today):
    trajectory, reading = told
    today = max(today, reading.as_of if reading else FIRST)
    verdict = judge(trajectory, reading, today=today, thresholds=RULES)
    assume(verdict.to_green is not None)
    before = reading.value if reading else trajectory.start.value

    mended = latest_reading(trajectory, [(today, before + verdict.to_green)])

    assert light(trajectory, mended, today) in {Light.GREEN, Light.DONE}


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # most are green already
@given(told_trajectories(), days)
def test_one_grain_less_is_not_green(told, today):
    trajectory, reading = told
    assume(reading is not None)
    today = max(today, reading.as_of)
    verdict = judge(trajectory, reading, today=today, thresholds=RULES)
    assume(verdict.to_green)

    less = verdict.green_at - trajectory.sense * grain_of(trajectory)
    almost = latest_reading(trajectory, [(today, less)])

    assert light(trajectory, almost, today) not in {Light.GREEN, Light.DONE}


@given(told_trajectories(), days)
def test_rising_and_falling_goals_mirror_each_other(told, today):
    trajectory, reading = told
    opposite = Direction.AT_MOST if trajectory.direction == Direction.AT_LEAST else Direction.AT_LEAST
    mirrored = replace(
        trajectory,
        direction=opposite,
        start=trajectory.start and Waypoint(trajectory.start.day, -trajectory.start.value),
        milestones=tuple(replace(stone, value=-stone.value) for stone in trajectory.milestones),
    )
    reflection = reading and Reading(reading.as_of, -reading.value, reading.reached_on)

    one = judge(trajectory, reading, today=today, thresholds=RULES)
    other = judge(mirrored, reflection, today=today, thresholds=RULES)

    assert (one.light, one.reason, one.gap_points) == (other.light, other.reason, other.gap_points)
    assert (one.to_green or 0) == -(other.to_green or 0)
    assert one.holds_until == other.holds_until


@settings(max_examples=60)
@given(st.data(), trajectories())
def test_spells_say_of_every_day_what_the_judge_says(data, trajectory):
    numbers = whole_amounts if trajectory.whole else amounts
    sign = -1 if trajectory.finish.value < 0 else 1
    told = data.draw(st.dictionaries(st.dates(FIRST, LAST), numbers, max_size=4))
    entries = sorted((day, sign * value) for day, value in told.items())

    found = spells(trajectory, list(readings_of(trajectory, entries)), since=FIRST, thresholds=RULES)

    assert found[0].since == FIRST
    assert found[-1].until is None
    assert all(one.until + DAY == other.since for one, other in pairwise(found))
    for spell in found:
        day = spell.since
        while day <= (spell.until or HORIZON):
            known = [entry for entry in entries if entry[0] <= day]
            found_on = light_on(trajectory, latest_reading(trajectory, known), today=day, thresholds=RULES)
            assert found_on == (spell.light, spell.reason)
            day += DAY


@given(trajectories(ceilings=False), days, days)
def test_expected_never_moves_away_from_the_goal(trajectory, one, other):
    assume(
        trajectory.start is not None
        and trajectory.start.value * trajectory.sense <= trajectory.milestones[0].value * trajectory.sense
    )
    earlier, later = sorted([one, other])

    assert trajectory.sense * expected_on(trajectory, earlier) <= trajectory.sense * expected_on(
        trajectory, later
    )


@given(told_trajectories(), st.dates(FIRST, LAST))
def test_a_board_of_a_day_does_not_depend_on_what_is_said_of_later_days(told, today):
    trajectory, reading = told
    early = [] if reading is None or reading.as_of > today else [(reading.as_of, reading.value)]
    late = [*early, (today + DAY, Decimal(1))]

    known = [entry for entry in late if entry[0] <= today]

    assert light(trajectory, latest_reading(trajectory, known), today) == light(
        trajectory, latest_reading(trajectory, early), today
    )
