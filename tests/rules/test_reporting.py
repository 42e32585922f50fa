"""What may be said, and what is refused at which field."""

from datetime import date

import pytest

from pledges.choices import Basis, Direction, Entry
from pledges.rules.facts import Reading
from pledges.rules.reporting import Book, Said, faults_in, takes_period, total_of
from tests.rules.making import FIRST, LAST, D, way

TODAY, AUGUST_31, SEPT_15 = date(2022, 9, 20), date(2022, 8, 31), date(2022, 9, 15)


def book(basis=Basis.CUMULATIVE, unit="家", *, last=17, waiting=False, **more) -> Book:
    reading = (Reading(AUGUST_31, D(last)),) if last is not None else ()
    days = frozenset({AUGUST_31} if reading else ())
    return Book(
        trajectory=way((LAST, 34), basis=basis, whole=unit == "家", **more),
        unit=unit,
        starts_on=FIRST,
        ends_on=LAST,
        live=reading,
        accepted_on=frozenset() if waiting else days,
        waiting_on=days if waiting else frozenset(),
    )


def faults(book, value, as_of=SEPT_15, *, note="", entry=Entry.TOTAL, today=TODAY):
    return [
        (fault.at, fault.code) for fault in faults_in(book, Said(as_of, D(value), note, entry), today=today)
    ]


@pytest.mark.parametrize(
    "as_of, expected",
    [
        (date(2021, 12, 31), [("as_of", "before_start")]),
        (date(2022, 9, 21), [("as_of", "after_today")]),
        (TODAY, []),
        (date(2022, 8, 30), [("as_of", "older_than_last")]),
    ],
)
def test_days(as_of, expected):
    assert faults(book(), 20, as_of) == expected


def test_a_late_completion_can_be_reported_for_a_quarter():
    assert faults(book(), 34, date(2023, 4, 2), today=date(2023, 5, 1)) == []
    assert faults(book(), 34, date(2023, 4, 3), today=date(2023, 5, 1)) == [("as_of", "after_end")]


def test_what_waits_is_not_said_again():
    assert faults(book(waiting=True), 20, AUGUST_31) == [("as_of", "already_waiting")]


def test_a_correction_needs_a_reason():
    assert faults(book(), 18, AUGUST_31) == [("note", "correction_needs_reason")]
    assert faults(book(), 18, AUGUST_31, note="漏计一家") == []


@pytest.mark.parametrize(
    "held, value, expected",
    [
        (book(), 16, [("note", "fall_needs_reason")]),
        (book(), 17, []),
        (book(last=None), 0, []),
        (book(Basis.GROWTH, "%"), 16, []),
        (book(Basis.SHARE, "%"), 16, [("note", "fall_needs_reason")]),
        (book(Basis.LEVEL, "亩", direction=Direction.AT_MOST), 16, []),
        (book(Basis.CUMULATIVE, direction=Direction.AT_MOST), 16, [("note", "fall_needs_reason")]),
    ],
)
def test_a_value_that_falls_needs_a_reason(held, value, expected):
    assert faults(held, value) == expected
    assert faults(held, value, note="  ") == expected
    assert faults(held, value, note="退出一家") == []


@pytest.mark.parametrize(
    "held, value, expected",
    [
        (book(), "18.5", [("value", "whole")]),
        (book(unit="亩"), "18.5", []),
        (book(last=None), -1, [("value", "negative")]),
        (book(Basis.NET_NEW, last=None), -1, []),
        (book(Basis.GROWTH, "%"), "-3.2", []),
        (book(Basis.GROWTH, "%"), 120, []),
        (book(Basis.SHARE, "%"), 100, []),
        (book(Basis.SHARE, "%"), "100.01", [("value", "over_hundred")]),
        (book(Basis.COMPLETION, "%"), 101, [("value", "over_hundred")]),
        (book(Basis.DELIVERABLE, "", last=0), 1, []),
        (book(Basis.DELIVERABLE, "", last=0), 2, [("value", "done_or_not")]),
        (book(Basis.DELIVERABLE, "", last=1), 0, [("note", "fall_needs_reason")]),
    ],
)
def test_values(held, value, expected):
    assert faults(held, value) == expected


def test_this_period_is_added_to_the_total_before_its_day():
    said = Said(SEPT_15, D(2), entry=Entry.PERIOD)

    assert total_of(book(), said) == 19
    assert total_of(book(last=None), said) == 2
    assert total_of(book(Basis.LEVEL, last=None, start=None), said) == 2


def test_a_hundred_times_the_goal_needs_a_reason():
    assert faults(book(unit="亩"), 3399) == []
    assert faults(book(unit="亩"), 3400) == [("note", "leap_needs_reason")]
    assert faults(book(unit="亩"), 3400, note="口径已核") == []


def test_a_period_that_makes_the_total_too_long_to_store():
    held = book(unit="亩", last="99999999999999")

    assert faults(held, 1, entry=Entry.PERIOD, note="口径已核") == [("value", "too_big")]
    assert faults(held, 0, entry=Entry.PERIOD, note="口径已核") == []


def test_a_period_is_never_added_to_what_still_waits():
    held = book(last=17, waiting=True)

    assert faults(held, 2, entry=Entry.PERIOD) == [("entry", "period_while_waiting")]
    assert held.before(SEPT_15) == 0


def test_only_running_totals_take_a_period():
    assert faults(book(Basis.SHARE, "%"), 2, entry=Entry.PERIOD) == [("entry", "no_period")]
    assert takes_period(book().trajectory)
