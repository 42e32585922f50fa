"""A drawing says what the judgement says: places follow from days and values, words never lie on words."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledges.charts import charts_of
from pledges.charts.labels import Labels, box_of, width_of
from pledges.charts.rows import rows_of
from pledges.charts.scales import DESK, PHONE, Scale, bounds, grid_values, month_starts, path
from pledges.charts.story import Story
from pledges.charts.trajectory import draw
from pledges.charts.vertices import floor_vertices, plan_vertices
from pledges.choices import Basis, Direction
from pledges.rules.facts import Reading
from tests.rules.making import FIRST, LAST, RULES, D, told_trajectories, verdict, way

JUNE, SEPTEMBER = date(2022, 6, 30), date(2022, 9, 30)
DAY = date(2022, 9, 20)
SERIES = way((JUNE, 16), (SEPTEMBER, 24), (LAST, 34), whole=True)


def story(trajectory, *entries, day=DAY, waiting=(), returned=(), unit="家") -> Story:
    def read(pairs):
        return [Reading(as_of, D(value)) for as_of, value in pairs]

    return Story(
        trajectory=trajectory, thresholds=RULES, verdict=verdict(trajectory, day, *entries), unit=unit,
        starts_on=FIRST, ends_on=LAST,
        readings=read(entries), waiting=read(waiting), returned=read(returned),
    )  # fmt: skip


def test_a_series_is_drawn_straight_from_milestone_to_milestone():
    vertices = [(FIRST, 0), (JUNE, 16), (SEPTEMBER, 24), (LAST, 34), (LAST, 34)]
    assert plan_vertices(story(SERIES)) == vertices


def test_few_whole_things_are_drawn_in_steps():
    few = way((date(2022, 7, 31), 2), (date(2022, 11, 30), 3), whole=True)
    assert plan_vertices(story(few)) == [
        (FIRST, 0), (date(2022, 7, 31), 0), (date(2022, 7, 31), 2), (date(2022, 11, 30), 2),
        (date(2022, 11, 30), 3), (LAST, 3),
    ]  # fmt: skip
    assert floor_vertices(story(few), Decimal(10)) == []


def test_a_rate_is_drawn_level():
    rate = way((LAST, 4), basis=Basis.REDUCTION)
    assert {value for _day, value in plan_vertices(story(rate))} == {4}
    assert {value for _day, value in floor_vertices(story(rate), Decimal(10))} == {Fraction(18, 5)}


def test_without_a_start_there_is_no_line_but_its_milestones():
    level = way((LAST, 30), start=None, basis=Basis.LEVEL)
    chart = draw(story(level, (JUNE, 25)), DESK)
    assert (chart.plan, chart.floors, len(chart.stones), len(chart.dots)) == ("", [], 1, 1)


def test_a_threshold_line_begins_where_it_leaves_the_start():
    line = floor_vertices(story(way((date(2022, 4, 11), 100))), Decimal(10))
    assert line[0] == (FIRST + timedelta(days=10), 0)
    assert line[-1] == (LAST, 90)


def test_a_falling_goal_has_its_thresholds_above():
    falling = way((LAST, 50), start=100, basis=Basis.LEVEL, direction=Direction.AT_MOST)
    assert floor_vertices(story(falling), Decimal(10))[-1] == (LAST, 55)


def test_the_gap_is_drawn_only_where_it_gave_the_light():
    behind = draw(story(SERIES, (date(2022, 8, 31), 17)), DESK)
    assert (behind.gap_light, behind.gap != "") == ("yellow", True)
    on_line = draw(story(SERIES, (date(2022, 8, 31), 21)), DESK)
    assert (on_line.gap_light, on_line.gap) == ("", "")


def test_what_does_not_count_is_drawn_apart():
    chart = draw(story(SERIES, (JUNE, 16), waiting=[(DAY, 19)], returned=[(date(2022, 7, 31), 19)]), DESK)
    counts = (len(chart.dots), len(chart.waiting_dots), len(chart.crosses), len(chart.waits))
    assert counts == (1, 1, 1, 1)


def test_the_day_is_drawn_only_inside_the_campaign():
    assert draw(story(SERIES, day=DAY), DESK).today is not None
    assert draw(story(SERIES, day=LAST + timedelta(days=200)), DESK).today is None


def test_a_late_figure_makes_the_drawing_longer():
    late = story(SERIES, (date(2023, 2, 10), 34), day=date(2023, 3, 1))
    assert len(draw(late, DESK).ticks) == 14


@pytest.mark.parametrize(
    "entries, light, says",
    [((), "red", 1), (((date(2022, 8, 31), 0),), "red", 1), (((JUNE, 0), (date(2022, 8, 20), 1)), "done", 0)],
)
def test_a_deliverable_is_a_line_of_time(entries, light, says):
    pledge = way((date(2022, 7, 31), 1), basis=Basis.DELIVERABLE)
    told = story(pledge, *entries, unit="")
    charts = charts_of(told)
    assert told.verdict.light == light
    assert (charts.is_line_of_time, charts.desk.plan, len(charts.desk.dots)) == (True, "", len(entries))
    assert (charts.desk.band is not None) == bool(says)


def test_equal_figures_of_a_deliverable_stand_in_one_row_of_the_table():
    days = [date(2022, month, 20) for month in range(1, 8)]
    promise = way((date(2022, 7, 31), 1), basis=Basis.DELIVERABLE)
    told = story(promise, *zip(days, (0, 0, 0, 0, 1, 0, 0), strict=True))
    rows = [(row.day, row.since, row.times, row.actual) for row in rows_of(told)]
    assert rows[1:] == [(days[6], days[5], 2, 0), (days[4], None, 1, 1), (days[3], days[0], 4, 0)]

    counted = story(SERIES, *((day, 5) for day in days))
    assert [row.times for row in rows_of(counted)] == [1] * 8


def test_the_table_beside_holds_what_is_drawn():
    told = story(SERIES, (JUNE, 16), (date(2022, 8, 31), 17), waiting=[(date(2022, 9, 15), 19)])
    rows = [(row.day, row.kind, row.actual) for row in rows_of(told)]
    assert rows == [
        (DAY, "today", 17), (date(2022, 9, 15), "waiting", 19), (date(2022, 8, 31), "accepted", 17), (JUNE, "accepted", 16),
    ]  # fmt: skip
    assert [row.points and round(row.points, 1) for row in rows_of(told)] == [
        D("18.0"),
        D("10.9"),
        D("12.9"),
        0,
    ]


def boxes(chart):
    return [box_of(text.words, float(text.x), float(text.y), text.anchor) for text in chart.texts]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(told_trajectories(), st.dates(FIRST - timedelta(days=5), LAST + timedelta(days=100)))
def test_every_pledge_can_be_drawn_inside_its_frame(pair, day):
    trajectory, reading = pair
    entries = [(reading.as_of, reading.value)] if reading and reading.as_of <= day else []
    charts = charts_of(story(trajectory, *entries, day=day))
    for chart in (charts.desk, charts.phone):
        places = [*chart.dots, *chart.stones]
        assert all(
            0 <= float(x) <= chart.frame.width and 0 <= float(y) <= chart.frame.height for x, y in places
        )


@pytest.mark.parametrize("frame", [DESK, PHONE])
def test_words_do_not_lie_on_words(frame):
    months = [(date(2022, month, 25), 3 * month) for month in range(1, 9)]
    chart = draw(story(SERIES, *months, waiting=[(date(2022, 9, 15), 30)]), frame)
    assert [pair for pair in combinations(boxes(chart), 2) if pair[0].covers(pair[1])] == []


def test_a_label_takes_the_first_free_place_or_none():
    labels = Labels(DESK)
    assert [labels.put("16 家", 300, 200) for _each in range(5)] == [True, True, True, True, False]
    assert not labels.put("16 家", 0, 0, places=((0, 0, "end"),))
    assert (width_of("16"), width_of("家")) == (13.8, 12.0)


@pytest.mark.parametrize(
    "low, high, values",
    [(0, 34, [0, 10, 20, 30]), (0, 1, [0, 0.25, 0.5, 0.75, 1]), (0, 1160, [0, 500, 1000]), (-5, 10, [-5, 0, 5, 10]),
     (0, 0.05, [0, 0.02, 0.04])],
)  # fmt: skip
def test_grid_lines_stand_on_round_numbers(low, high, values):
    assert grid_values(low, high) == pytest.approx(values)


def test_the_scale_begins_at_zero_unless_a_value_lies_below():
    assert bounds([]) == (0, 1)
    assert bounds([0]) == (0, 1)
    assert bounds([50, 100]) == (0, 106)
    assert bounds([-10, 100])[0] < -10


def test_days_outside_stand_at_the_edge():
    scale = Scale(DESK, FIRST, LAST, 0, 10, DESK.left)
    assert (scale.x(FIRST - timedelta(days=9)), scale.x(LAST + timedelta(days=9))) == (DESK.left, DESK.right)
    assert (scale.y(0), scale.y(10)) == (DESK.bottom, DESK.top)


def test_months_begin_with_the_first_day():
    assert list(month_starts(date(2022, 1, 15), date(2022, 3, 1))) == [
        date(2022, 1, 15), date(2022, 2, 1), date(2022, 3, 1),
    ]  # fmt: skip


def test_a_path_of_nothing_is_empty():
    assert (path([]), path([(1, 2), (3.14159, 4)])) == ("", "M1.0 2.0L3.1 4.0")


@pytest.mark.parametrize("day", [FIRST, date(2022, 1, 2), date(2022, 6, 30), LAST])
@pytest.mark.parametrize("frame", [DESK, PHONE])
@pytest.mark.parametrize("unit", ["家", "万平方米"])
def test_the_day_never_lies_on_the_unit(day, frame, unit):
    chart = draw(story(SERIES, day=day, unit=unit), frame)
    assert [pair for pair in combinations(boxes(chart), 2) if pair[0].covers(pair[1])] == []
    assert all(box.left >= 0 and box.right <= frame.width for box in boxes(chart))


def test_another_day_is_not_called_today():
    told = story(SERIES)
    assert told.day_label != replace(told, is_today=False).day_label
