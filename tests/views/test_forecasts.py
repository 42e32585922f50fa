"""What is to come if it goes on like this, on the page of a pledge: in words, in the drawing, or why not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.utils.translation import override

from pledges.choices import Direction
from pledges.queries.facts import judged_one
from pledges.queries.forecasts import outlook_of, rough_pace
from pledges.rules.forecast import Arrival, Forecast, Landing, Pace
from pledges.rules.trajectory import Waypoint
from pledges.wording import day_words
from tests.cast import PledgeFactory, accepted

pytestmark = pytest.mark.usefixtures("monday")


def report(pledge, months, lin, chen):
    for month in months:
        accepted(pledge, as_of=date(2022, month, 25), value=10 * month, reviewer=chen, author=lin)


def test_the_page_forecasts_from_the_reports_and_draws_the_range(sign, pledge, lin, chen):
    report(pledge, range(1, 7), lin, chen)

    page = sign(lin).get(pledge.get_absolute_url())

    outlook = page.context["outlook"]
    assert (outlook.why_not, outlook.forecast.rests_on) == ("", 6)
    text = unescape(page.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
    assert all(
        words in text
        for words in (outlook.landing_words.replace("\N{NO-BREAK SPACE}", " "), 'class="fan-out"')
    )
    assert (outlook.needed.per_month, outlook.needed_words) == (
        outlook.forecast.needed.per_month,
        outlook.needed_words,
    )


def test_too_few_reports_are_said_plainly_with_the_pace_that_is_needed(sign, pledge, lin, chen):
    report(pledge, [5], lin, chen)

    outlook = sign(lin).get(pledge.get_absolute_url()).context["outlook"]

    assert (outlook.forecast, "Too few reports" in outlook.why_not) == (None, True)
    assert outlook.needed_words


def test_a_day_that_is_over_forecasts_from_what_was_known_then(sign, pledge, lin, chen):
    report(pledge, range(1, 7), lin, chen)

    page = sign(lin).get(f"{pledge.get_absolute_url()}?on=2022-04-30")

    assert page.context["outlook"].forecast.rests_on == 4


@pytest.mark.parametrize("basis", ["growth", "level", "deliverable"])
def test_what_does_not_add_up_has_no_forecast_and_says_why(sign, campaign, finance, lin, basis):
    bare = {"unit": "", "stones": [(date(2022, 12, 31), None)]} if basis == "deliverable" else {}
    pledge = PledgeFactory(campaign=campaign, department=finance, basis=basis, **bare)

    page = sign(lin).get(pledge.get_absolute_url())

    assert (page.context["outlook"].forecast, bool(page.context["outlook"].why_not)) == (None, True)
    assert "fan-out" not in page.content.decode()


# The sentences, for every way it can come out


DECEMBER = date(2022, 12, 31)
SOON, LATER, LATEST = date(2022, 10, 1), date(2022, 11, 1), date(2022, 12, 1)


def outlook(pledge, *days, direction=Direction.AT_LEAST):
    """The sentences about an arrival between these days."""
    pledge.direction = direction
    found = outlook_of(judged_one(pledge, today=date(2022, 7, 4)), [])
    landing = Landing(DECEMBER, Decimal(90), Decimal(80), Decimal(105))
    pace = Pace(Decimal("0.1"), Decimal(3))
    forecast = Forecast(Waypoint(date(2022, 6, 25), Decimal(50)), landing, Arrival(*days), pace, pace, 6)
    return replace(found, found=forecast)


@pytest.mark.parametrize("direction", [Direction.AT_LEAST, Direction.AT_MOST])
@pytest.mark.parametrize(
    "days",
    [
        (LATER, SOON, LATEST),
        (LATER, SOON, None),
        (None, SOON, None),
        (None, None, None),
        (date(2022, 6, 1),) * 3,
    ],
)
def test_every_arrival_is_a_whole_sentence_with_its_days(pledge, days, direction):
    with override("en"):
        words = outlook(pledge, *days, direction=direction).arrival_words
        named = [day_words(day, near=DECEMBER) for day in set(days) - {None}]

    assert words.endswith(".")
    assert [day for day in named if day not in words] == []
    assert ("limit" in words or "Passed" in words) == (direction == Direction.AT_MOST)


def test_an_arrival_is_said_in_as_many_ways_as_there_are(pledge):
    ways = [
        (LATER, SOON, LATEST),
        (LATER, SOON, None),
        (None, SOON, None),
        (None, None, None),
        (date(2022, 6, 1),) * 3,
    ]

    assert len({outlook(pledge, *days).arrival_words for days in ways}) == len(ways)


@pytest.mark.parametrize(
    "pace, shown",
    [
        ("0", "0"),
        ("0.0513", "0.0513"),
        ("0.5447", "0.545"),
        ("1.6667", "1.67"),
        ("23.81", "23.8"),
        ("1048.4", "1048"),
    ],
)
def test_a_pace_is_read_with_three_figures(pace, shown):
    assert str(rough_pace(Decimal(pace))) == shown
