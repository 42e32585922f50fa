"""When a report is due, and when silence has lasted a whole cycle."""

from datetime import date

import pytest

from pledges.rules.cycles import next_close, silent_from


@pytest.mark.parametrize(
    "day, months, close",
    [
        (date(2022, 8, 25), 1, date(2022, 8, 25)),
        (date(2022, 8, 26), 1, date(2022, 9, 25)),
        (date(2022, 12, 26), 1, date(2023, 1, 25)),
        (date(2022, 7, 1), 3, date(2022, 9, 25)),
        (date(2022, 9, 26), 3, date(2022, 12, 25)),
        (date(2022, 12, 26), 3, date(2023, 3, 25)),
        (date(2022, 3, 1), 12, date(2022, 12, 25)),
    ],
)
def test_next_close(day, months, close):
    assert next_close(day, report_day=25, cycle_months=months) == close


def test_a_short_month_closes_on_its_last_day():
    assert next_close(date(2022, 2, 1), report_day=31, cycle_months=1) == date(2022, 2, 28)


@pytest.mark.parametrize(
    "as_of, months, silent",
    [
        (date(2022, 8, 25), 1, date(2022, 9, 26)),
        (date(2022, 8, 26), 1, date(2022, 10, 26)),
        (date(2022, 8, 31), 1, date(2022, 10, 26)),
        (date(2022, 11, 30), 1, date(2023, 1, 26)),
        (date(2022, 6, 30), 3, date(2022, 12, 26)),
    ],
)
def test_silence_begins(as_of, months, silent):
    assert silent_from(as_of, report_day=25, cycle_months=months) == silent
