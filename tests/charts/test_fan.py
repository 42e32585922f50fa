"""The range of a forecast, drawn from the newest figure to the last day."""

from dataclasses import replace
from datetime import date

import pytest

from pledges.charts.scales import DESK, PHONE
from pledges.charts.story import range_words, says
from pledges.charts.trajectory import draw, scale_of
from pledges.rules.facts import readings_of
from pledges.rules.forecast import forecast_of
from tests.charts.test_trajectory import story
from tests.rules.making import LAST, D, way

HUNDRED = way((LAST, 100))
TODAY = date(2022, 7, 4)
ENTRIES = [(date(2022, month, 25), 12 * month) for month in range(1, 7)]


@pytest.fixture
def told():
    known = list(readings_of(HUNDRED, [(day, D(value)) for day, value in ENTRIES]))
    return replace(story(HUNDRED, *ENTRIES, day=TODAY), forecast=forecast_of(HUNDRED, known, today=TODAY))


@pytest.mark.parametrize("frame", [DESK, PHONE])
def test_the_fan_opens_at_the_newest_figure_and_ends_at_the_range(told, frame):
    scale, landing = scale_of(told, frame), told.forecast.landing
    end = scale.x(LAST)

    chart = draw(told, frame)

    corners = [tuple(map(float, point.split())) for point in chart.fan[1:-1].split("L")]
    places = [
        (scale.x(date(2022, 6, 25)), scale.y(72)),
        (end, scale.y(landing.low)),
        (end, scale.y(landing.high)),
    ]
    assert corners == [(round(x, 1), round(y, 1)) for x, y in places]
    assert chart.fan_mid.startswith(chart.fan.split("L")[0])


def test_the_whole_range_has_room(told):
    scale = scale_of(told, DESK)

    assert (
        DESK.top <= scale.y(told.forecast.landing.high) <= scale.y(told.forecast.landing.low) <= DESK.bottom
    )


def test_the_range_is_said_to_those_who_do_not_see_it(told):
    assert range_words(told.forecast, "家") in says(told)
    assert any(range_words(told.forecast) in text.words for text in draw(told, DESK).texts)


def test_without_a_forecast_nothing_of_it_is_drawn_or_said(told):
    bare = replace(told, forecast=None)

    assert (draw(bare, DESK).fan, draw(bare, DESK).fan_mid) == ("", "")
    assert range_words(told.forecast, "家") not in says(bare)
