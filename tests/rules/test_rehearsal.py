"""The made-up year: deterministic, and nothing in it that a clerk could not have said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from pledges.choices import Basis, Direction, ReportState
from pledges.rules.rehearsal import Fate, Habit, Script, written
from pledges.rules.trajectory import Trajectory, Waypoint, is_finished

START, END = date(2026, 1, 1), date(2026, 12, 31)


def script(fate, habit=Habit.PROMPT, *, basis=Basis.CUMULATIVE, target=100, due=END, report_day=10, **extra):
    start = None if basis in {Basis.LEVEL, Basis.SHARE} else Waypoint(START, Decimal(0))
    stones = (Waypoint(due, Decimal(str(target))),)
    trajectory = Trajectory(basis=basis, milestones=stones, start=start, **extra)
    return Script(trajectory, START, END, fate, habit, report_day)


def year_of(made, seed):
    return written(made, Random(seed))


def values(planned):
    return [row.value for row in planned]


def test_campaign_of_half_a_year_has_reports_of_that_half():
    made = replace(script(Fate.CRAWL), starts_on=date(2026, 3, 15), ends_on=date(2026, 9, 5))

    assert [row.as_of.month for row in year_of(made, "x")] == [4, 5, 6, 7, 8]


@pytest.mark.parametrize("fate", Fate)
@pytest.mark.parametrize("habit", Habit)
def test_same_seed_writes_the_same_year(fate, habit):
    assert year_of(script(fate, habit), "2026-14-02") == year_of(script(fate, habit), "2026-14-02")


def test_another_seed_writes_another_year():
    assert year_of(script(Fate.STEADY), "2026-14-02") != year_of(script(Fate.STEADY), "2026-14-03")


@pytest.mark.parametrize("fate", Fate)
@pytest.mark.parametrize("habit", Habit)
def test_reports_are_said_in_order_and_within_the_year(fate, habit):
    days = [row.said_on for row in year_of(script(fate, habit), "x")]

    assert days == sorted(days)
    assert all(START <= day <= END for day in days)


@pytest.mark.parametrize("fate", [Fate.AHEAD, Fate.STEADY, Fate.AT_ONCE])
@pytest.mark.parametrize("strict", [False, True])
def test_who_keeps_milestones_has_finished_by_the_deadline(fate, strict):
    made = script(fate, due=date(2026, 6, 30), strict=strict)

    last = year_of(made, "x")[-1]

    assert last.as_of <= date(2026, 6, 30)
    assert is_finished(made.trajectory, last.as_of, last.value)


@pytest.mark.parametrize("fate", [Fate.SLOW, Fate.CRAWL, Fate.STALL, Fate.SILENT])
@pytest.mark.parametrize("target", [1, 3, 100])
def test_who_does_not_get_there_never_reaches_the_target(fate, target):
    assert max(values(year_of(script(fate, target=target, whole=True), "x"))) < target


def test_late_completion_comes_after_the_deadline():
    made = script(Fate.LATE, due=date(2026, 6, 30))

    finished = [row.as_of for row in year_of(made, "x") if row.value >= 100]

    assert [day > date(2026, 6, 30) for day in finished] == [True]


def test_never_means_nothing():
    assert year_of(script(Fate.NEVER), "x") == []


def test_stall_repeats_its_last_figure():
    rows = year_of(script(Fate.STALL), "x")

    assert len(set(values(rows)[-4:])) == 1
    assert rows[-1].words == "kept"


def test_silence_ends_before_the_year():
    assert year_of(script(Fate.SILENT), "x")[-1].said_on < date(2026, 8, 1)


def test_a_deliverable_is_nought_and_then_one():
    rows = year_of(script(Fate.STEADY, basis=Basis.DELIVERABLE, target=1), "x")

    assert [(row.value, row.words) for row in rows[-2:]] == [(0, "under_way"), (1, "done")]


def test_whole_things_are_counted_in_whole_numbers():
    rows = year_of(script(Fate.STEADY, target=7, whole=True), "x")

    assert all(value == value.to_integral_value() for value in values(rows))


@pytest.mark.parametrize("target,places", [("36.8", 1), ("11.25", 2), ("15", 1), ("1160", 0)])
def test_figures_are_as_fine_as_the_target_is_printed(target, places):
    assert script(Fate.STEADY, target=target).grain == Decimal(1).scaleb(-places)


def test_level_without_a_baseline_begins_below_its_target():
    rows = year_of(script(Fate.STEADY, basis=Basis.LEVEL, target=30), "x")

    assert rows[0].value < 30
    assert rows[-1].value == 30


def test_rate_on_its_way_stays_just_below():
    shares = [row.value / 20 for row in year_of(script(Fate.STEADY, basis=Basis.GROWTH, target=20), "x")]

    assert len(shares) == 12
    assert all(Decimal("0.9") < share < 1 for share in shares)


def test_falling_goal_comes_down():
    made = script(Fate.STEADY, basis=Basis.LEVEL, target=10, direction=Direction.AT_MOST)

    rows = year_of(made, "x")

    assert rows[0].value > rows[-1].value == 10


def test_target_of_nothing_asks_for_nothing():
    assert set(values(year_of(script(Fate.STEADY, target=0), "x"))) == {0}


def test_sloppy_reports_come_back_and_are_sent_again():
    first, again = year_of(script(Fate.STEADY, Habit.SLOPPY), "x")[:2]

    assert (first.state, again.state) == (ReportState.RETURNED, ReportState.ACCEPTED)
    assert (first.as_of, first.value) == (again.as_of, again.value)
    assert again.said_on > first.decided_on


def test_correction_names_what_it_corrects():
    rows = year_of(script(Fate.STEADY, Habit.CORRECTED), "x")

    corrections = [row for row in rows if row.words == "corrected"]
    wrong = [rows[row.corrects] for row in corrections]
    assert [row.words for row in wrong] == ["mistaken"] * len(corrections)
    assert [row.as_of for row in wrong] == [row.as_of for row in corrections]
    assert all(was.value < now.value for was, now in zip(wrong, corrections, strict=True))


@pytest.mark.parametrize("habit,waits", [(Habit.SWIFT, {0}), (Habit.QUEUED, {6}), (Habit.PROMPT, {0, 1, 2})])
def test_habit_says_how_long_reports_wait(habit, waits):
    rows = year_of(script(Fate.STEADY, habit), "x")

    assert {(row.decided_on - row.said_on).days for row in rows} == waits


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate != Fate.NEVER])
def test_running_total_never_falls_and_never_passes_its_target(fate):
    for seed in range(30):
        found = values(year_of(script(fate), str(seed)))
        assert found == sorted(found)
        assert found[-1] <= 100


def test_who_is_ahead_arrives_before_the_deadline():
    last = year_of(script(Fate.AHEAD), "x")[-1]

    assert (last.value, last.as_of < date(2026, 12, 15)) == (100, True)
