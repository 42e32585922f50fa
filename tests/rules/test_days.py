"""What counts as a typed day, and what is refused by which name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.rules.days import DayCode, DayFault, parse_day

REFUSED = [
    ("", "empty"),
    (" \u3000", "empty"),
    ("tomorrow", "not_a_day"),
    ("26-06-30", "not_a_day"),
    ("30/6/2026", "not_a_day"),
    ("2026-06/30", "not_a_day"),
    ("2026年6月", "not_a_day"),
    ("2026-06-30 12:00", "not_a_day"),
    ("٢٠٢٦-06-30", "not_a_day"),
    ("46000", "bare_number"),
    ("20260630", "bare_number"),
    ("2026-02-29", "no_such_day"),
    ("2026-13-01", "no_such_day"),
    ("2026-00-10", "no_such_day"),
    ("2100-02-29", "no_such_day"),
    ("1999-12-31", "out_of_range"),
    ("2101-01-01", "out_of_range"),
    ("0001-01-01", "out_of_range"),
    ("9999-12-31", "out_of_range"),
]


@pytest.mark.parametrize(
    "typed",
    [
        "2026-06-30",
        "2026/6/30",
        "2026.6.30",
        "2026年6月30日",
        "２０２６-０６-３０",
        "２０２６－０６－３０",
        "２０２６／６／３０",
        "２０２６．６．３０",
        "２０２６年６月３０日",
        "\u3000 2026-06-30\u00a0\n",
    ],
)
def test_a_day_may_be_typed_the_way_officials_write_it(typed):
    assert parse_day(typed) == date(2026, 6, 30)


@pytest.mark.parametrize(
    "typed, day",
    [("2000-01-01", (2000, 1, 1)), ("2100-12-31", (2100, 12, 31)), ("2028-02-29", (2028, 2, 29))],
)
def test_the_first_and_the_last_day_and_a_leap_day_are_taken(typed, day):
    assert parse_day(typed) == date(*day)


@pytest.mark.parametrize("typed, code", REFUSED)
def test_what_is_no_day_is_refused_by_its_kind(typed, code):
    with pytest.raises(DayFault) as caught:
        parse_day(typed)

    assert caught.value.code == code


def test_every_kind_of_fault_has_its_example():
    assert {code for _typed, code in REFUSED} == {code.value for code in DayCode}


@given(
    st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]),
)
def test_every_written_day_is_read_back(day, form):
    assert parse_day(day.strftime(form)) == day


@given(st.text() | st.from_regex(r"\A[0-9]{1,5}[-/.年][0-9]{1,3}[-/.月][0-9]{1,3}日?\Z"))
def test_any_text_is_a_day_in_range_or_a_fault(text):
    try:
        day = parse_day(text)
    except DayFault:
        return
    assert 2000 <= day.year <= 2100
