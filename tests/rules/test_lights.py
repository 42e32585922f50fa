"""The cases officials argue about, as a table; one row, one argument."""

from dataclasses import replace
from datetime import date

import pytest

from pledges.choices import Basis, Direction, Light, Reason
from pledges.rules.facts import Thresholds
from tests.rules.making import LAST, RULES, D, verdict, way

JUNE_30, JULY_1, SEPT_20, DEC_1 = date(2022, 6, 30), date(2022, 7, 1), date(2022, 9, 20), date(2022, 12, 1)

HUNDRED = way((LAST, 100))
SERIES = way((JUNE_30, 16), (date(2022, 9, 30), 24), (LAST, 34))
OPENING = way((JUNE_30, 1), basis=Basis.DELIVERABLE)
LISTED = way((LAST, 1), basis=Basis.NEW, whole=True)
LEVEL = way((LAST, 30), basis=Basis.LEVEL, start=None)
MORE_THAN_50 = way((JUNE_30, 50), basis=Basis.FLOW, strict=True)
ENERGY = way((LAST, 4), basis=Basis.REDUCTION)
LEFT_OVER = way((LAST, 0), basis=Basis.LEVEL, start=100, direction=Direction.AT_MOST)
ACCIDENTS = way((LAST, 100), direction=Direction.AT_MOST)
FLAT = way((LAST, 30), basis=Basis.LEVEL, start=30)
PUBLISHED_LATE = way((JUNE_30, 50), (LAST, 100), lag_days=30)
PUT_OFF = way((date(2022, 9, 30), 70), (LAST, 100))
PUT_OFF = replace(
    PUT_OFF, milestones=(replace(PUT_OFF.milestones[0], put_off_on=JULY_1), PUT_OFF.milestones[1])
)
STRETCH = way((JUNE_30, 10), (LAST, 100), stretch=True)

CASES = {
    # the day of the deadline, and the day after
    "a deliverable on its day is not overdue": (OPENING, JUNE_30, [], Light.YELLOW, Reason.DUE_SOON),
    "a deliverable the day after is": (OPENING, JULY_1, [], Light.RED, Reason.MISSED),
    "fifteen days before, a deliverable is due soon": (OPENING, date(2022, 6, 15), [], Light.YELLOW, Reason.DUE_SOON),
    "sixteen days before it is not": (OPENING, date(2022, 6, 14), [], Light.GREY, Reason.UNREPORTED),
    "a deliverable under way": (OPENING, date(2022, 6, 1), [(date(2022, 5, 20), 0)], Light.GREEN, Reason.NOT_DUE),
    "a deliverable done on its day": (OPENING, JULY_1, [(JUNE_30, 1)], Light.DONE, Reason.MET),
    "a deliverable done a day late": (OPENING, SEPT_20, [(JULY_1, 1)], Light.DONE, Reason.MET_LATE),
    "one short on the day of the milestone": (SERIES, JUNE_30, [(JUNE_30, 15)], Light.GREEN, Reason.ON_TRACK),
    "one short the day after": (SERIES, JULY_1, [(JUNE_30, 15)], Light.RED, Reason.MISSED),
    # points
    "exactly on the line": (way((LAST, 364)), date(2022, 1, 11), [(date(2022, 1, 11), 10)], Light.GREEN, Reason.ON_TRACK),
    "exactly 10 points behind": (way((LAST, 364)), LAST, [(LAST, "327.6")], Light.GREEN, Reason.ON_TRACK),
    "a hair more than 10 points": (way((LAST, 364)), LAST, [(LAST, "327.59")], Light.YELLOW, Reason.BEHIND),
    "exactly 30 points behind": (way((LAST, 364)), LAST, [(LAST, "254.8")], Light.YELLOW, Reason.BEHIND),
    "a hair more than 30 points": (way((LAST, 364)), LAST, [(LAST, "254.79")], Light.RED, Reason.FAR_BEHIND),
    "points are of the whole pledge": (SERIES, SEPT_20, [(date(2022, 8, 31), 17)], Light.YELLOW, Reason.BEHIND),
    # series between two milestones
    "a series on its second leg": (SERIES, SEPT_20, [(SEPT_20, 23)], Light.GREEN, Reason.ON_TRACK),
    "a series that met its first milestone late": (SERIES, SEPT_20, [(SEPT_20, 20)], Light.GREEN, Reason.ON_TRACK),
    "a series that fell under a passed milestone": (SERIES, SEPT_20, [(SEPT_20, 15)], Light.RED, Reason.MISSED),
    "a series met early": (SERIES, JULY_1, [(JUNE_30, 34)], Light.DONE, Reason.MET),
    # small counts
    "0 of 1 in September is not behind": (LISTED, SEPT_20, [(SEPT_20, 0)], Light.GREEN, Reason.NOT_DUE),
    "4 things have no line": (way((LAST, 4), whole=True), SEPT_20, [(SEPT_20, 0)], Light.GREEN, Reason.NOT_DUE),
    "5 things have one": (way((LAST, 5), whole=True), SEPT_20, [(SEPT_20, 0)], Light.RED, Reason.FAR_BEHIND),
    "4 亩 have one": (way((LAST, 4)), SEPT_20, [(SEPT_20, 0)], Light.RED, Reason.FAR_BEHIND),
    # levels without a baseline
    "a level without a baseline has no line": (LEVEL, SEPT_20, [(SEPT_20, 1)], Light.GREEN, Reason.NOT_DUE),
    "and is due soon": (LEVEL, date(2022, 12, 20), [(DEC_1, 29)], Light.YELLOW, Reason.DUE_SOON),
    "and is red the day after": (LEVEL, date(2023, 1, 1), [(LAST, "29.99")], Light.RED, Reason.MISSED),
    "and done when reached": (LEVEL, SEPT_20, [(SEPT_20, 30)], Light.DONE, Reason.MET),
    # strictly more
    "50 is not more than 50": (MORE_THAN_50, JULY_1, [(JUNE_30, 50)], Light.RED, Reason.MISSED),
    "50.01 is": (MORE_THAN_50, JULY_1, [(JUNE_30, "50.01")], Light.DONE, Reason.MET),
    # rates
    "a rate is held against the promised rate at any date": (ENERGY, SEPT_20, [(SEPT_20, "1.1")], Light.RED, Reason.FAR_BEHIND),
    "3.6 of 4 is within 10 points": (ENERGY, SEPT_20, [(SEPT_20, "3.6")], Light.GREEN, Reason.ON_TRACK),
    "a negative rate": (ENERGY, SEPT_20, [(SEPT_20, -1)], Light.RED, Reason.FAR_BEHIND),
    # falling goals
    "falling on course": (LEFT_OVER, LAST, [(LAST, 10)], Light.GREEN, Reason.ON_TRACK),
    "falling too slowly": (LEFT_OVER, LAST, [(LAST, 11)], Light.YELLOW, Reason.BEHIND),
    "fallen": (LEFT_OVER, SEPT_20, [(SEPT_20, 0)], Light.DONE, Reason.MET),
    "a ceiling is not done while the year lasts": (ACCIDENTS, SEPT_20, [(SEPT_20, 40)], Light.GREEN, Reason.ON_TRACK),
    "a ceiling used up too fast": (ACCIDENTS, JULY_1, [(JULY_1, 85)], Light.RED, Reason.FAR_BEHIND),
    "a ceiling kept": (ACCIDENTS, date(2023, 1, 5), [(LAST, 100)], Light.DONE, Reason.MET),
    "a ceiling broken": (ACCIDENTS, date(2023, 1, 5), [(LAST, 101)], Light.RED, Reason.MISSED),
    # zero span
    "a level to be kept": (FLAT, SEPT_20, [(SEPT_20, 30)], Light.DONE, Reason.MET),
    "a level to be kept and lost": (FLAT, SEPT_20, [(SEPT_20, 29)], Light.GREEN, Reason.NOT_DUE),
    # figures published later
    "the figure is not out yet": (PUBLISHED_LATE, date(2022, 7, 30), [(date(2022, 5, 31), 45)], Light.GREY, Reason.PENDING),
    "the grace is over": (PUBLISHED_LATE, date(2022, 7, 31), [(date(2022, 5, 31), 45)], Light.RED, Reason.MISSED),
    "the figure is out and short": (PUBLISHED_LATE, JULY_1, [(JUNE_30, 49)], Light.RED, Reason.MISSED),
    "the figure is out and enough": (PUBLISHED_LATE, JULY_1, [(JUNE_30, 50)], Light.GREEN, Reason.ON_TRACK),
    "grace does not hide being behind": (PUBLISHED_LATE, JULY_1, [(date(2022, 5, 31), 1)], Light.RED, Reason.FAR_BEHIND),
    "no figure at all within the grace": (PUBLISHED_LATE, JULY_1, [], Light.GREY, Reason.UNREPORTED),
    # put off too often, since 1 July
    "the day before the grant it is nothing": (PUT_OFF, JUNE_30, [(JUNE_30, 40)], Light.GREEN, Reason.ON_TRACK),
    "from the day of the grant it is an alert": (PUT_OFF, JULY_1, [(JUNE_30, 40)], Light.RED, Reason.PUT_OFF),
    "one short it still is": (PUT_OFF, SEPT_20, [(SEPT_20, 69)], Light.RED, Reason.PUT_OFF),
    "reached it is over": (PUT_OFF, SEPT_20, [(SEPT_20, 70)], Light.GREEN, Reason.ON_TRACK),
    "with nothing reported, too": (PUT_OFF, SEPT_20, [], Light.RED, Reason.PUT_OFF),
    "passed unmet is the graver reason": (PUT_OFF, date(2022, 10, 1), [(SEPT_20, 69)], Light.RED, Reason.MISSED),
    "done is done": (PUT_OFF, SEPT_20, [(SEPT_20, 100)], Light.DONE, Reason.MET),
    "a stretch goal put off is behind": (replace(PUT_OFF, stretch=True), SEPT_20, [(SEPT_20, 69)], Light.YELLOW, Reason.PUT_OFF),
    "the grace of a figure does not end it": (replace(PUT_OFF, lag_days=30), date(2022, 10, 2), [(SEPT_20, 69)], Light.RED, Reason.PUT_OFF),
    # silence
    "nothing reported, nothing due": (HUNDRED, SEPT_20, [], Light.GREY, Reason.UNREPORTED),
    "a whole cycle closed without a report": (HUNDRED, date(2022, 10, 26), [(date(2022, 8, 31), 99)], Light.YELLOW, Reason.SILENT),
    "the day before it closes": (HUNDRED, date(2022, 10, 25), [(date(2022, 8, 31), 99)], Light.GREEN, Reason.ON_TRACK),
    "done is never silent": (HUNDRED, LAST, [(date(2022, 2, 1), 100)], Light.DONE, Reason.MET),
    # stretch goals
    "a stretch goal missed is no failure": (STRETCH, JULY_1, [(JUNE_30, 9)], Light.YELLOW, Reason.STRETCH_MISSED),
    "a stretch goal far behind is not red": (STRETCH, DEC_1, [(DEC_1, 10)], Light.YELLOW, Reason.FAR_BEHIND),
    # late
    "reached after the deadline": (HUNDRED, date(2023, 2, 1), [(LAST, 99), (date(2023, 1, 9), 100)], Light.DONE, Reason.MET_LATE),
    "reached in time, said again later": (HUNDRED, date(2023, 2, 1), [(LAST, 100), (date(2023, 1, 9), 101)], Light.DONE, Reason.MET),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_light_of(name):
    trajectory, today, entries, light, reason = CASES[name]

    found = verdict(trajectory, today, *entries)

    assert (found.light, found.reason) == (light, reason)


def test_the_verdict_explains_itself():
    found = verdict(SERIES, SEPT_20, (date(2022, 8, 31), 17))

    assert found.expected == D("23.1304")
    assert found.gap == D("6.1304")
    assert found.gap_points == D("18.0307")
    assert (found.to_green, found.green_at) == (D("2.74"), D("19.74"))
    assert found.holds_until == date(2022, 9, 30)
    assert found.milestone.day == date(2022, 9, 30)


def test_a_day_does_not_foresee_a_later_grant():
    before = verdict(PUT_OFF, JUNE_30, (JUNE_30, 40))
    never = verdict(way((date(2022, 9, 30), 70), (LAST, 100)), JUNE_30, (JUNE_30, 40))

    assert before == never
    assert before.holds_until > JULY_1


def test_whole_things_are_asked_for_as_whole_things():
    found = verdict(replace(SERIES, whole=True), SEPT_20, (date(2022, 8, 31), 17))

    assert (found.to_green, found.green_at) == (3, 20)


def test_strictly_more_asks_for_one_grain_more():
    assert verdict(MORE_THAN_50, JULY_1, (JUNE_30, 50)).to_green == D("0.01")


def test_without_a_report_the_way_is_counted_from_the_start():
    found = verdict(OPENING, JULY_1)

    assert (found.to_green, found.actual, found.holds_until) == (1, None, None)


def test_an_unknown_start_asks_for_a_value_not_for_a_difference():
    found = verdict(LEVEL, date(2022, 12, 20))

    assert (found.green_at, found.to_green) == (30, None)


def test_silence_asks_for_a_report_and_nothing_more():
    assert verdict(HUNDRED, date(2022, 10, 26), (date(2022, 8, 31), 99)).to_green == 0


def test_no_line_no_points():
    found = verdict(LEVEL, SEPT_20, (SEPT_20, 1))

    assert (found.expected, found.gap, found.gap_points) == (None, None, None)


def test_thresholds_are_settings():
    strict = Thresholds(yellow_points=D(1), red_points=D(2))

    assert verdict(HUNDRED, SEPT_20, (SEPT_20, 69), thresholds=strict).light == Light.RED
    assert verdict(HUNDRED, SEPT_20, (SEPT_20, 69), thresholds=RULES).light == Light.GREEN


def test_late_and_in_time_are_told_apart():
    assert verdict(OPENING, SEPT_20, (JULY_1, 1)).is_late
    assert not verdict(OPENING, SEPT_20, (JUNE_30, 1)).is_late
