"""Kinds of characters, and the days of a password."""

from datetime import date, timedelta

import pytest

from pledges.rules.passwords import WARN_DAYS, Kind, is_worth_a_word, kind_of, last_day, missing_kinds

SET_ON = date(2026, 9, 1)


@pytest.mark.parametrize(
    "characters, kind",
    [("AZ", Kind.CAPITAL), ("az", Kind.SMALL), ("09", Kind.DIGIT), ("-_ 令éÀ９٣", Kind.OTHER)],
)
def test_every_character_is_of_one_kind(characters, kind):
    assert {kind_of(character) for character in characters} == {kind}


@pytest.mark.parametrize(
    "password, wanted, missing, others",
    [
        ("correct-horse-9", 3, 0, [Kind.CAPITAL]),
        ("correct-horse", 3, 1, [Kind.CAPITAL, Kind.DIGIT]),
        ("correcthorse", 3, 2, [Kind.CAPITAL, Kind.DIGIT, Kind.OTHER]),
        ("correcthorse", 1, 0, [Kind.CAPITAL, Kind.DIGIT, Kind.OTHER]),
        ("", 4, 4, list(Kind)),
        ("Aa1令", 4, 0, []),
    ],
)
def test_what_is_missing_is_said(password, wanted, missing, others):
    assert missing_kinds(password, wanted=wanted) == (missing, others)


@pytest.mark.parametrize(
    "days, is_told",
    [(0, False), (90 - WARN_DAYS - 1, False), (90 - WARN_DAYS, True), (90, True), (91, False)],
)
def test_the_last_days_are_worth_a_word(days, is_told):
    last = last_day(SET_ON, most_days=90)

    assert last == SET_ON + timedelta(days=90)
    assert is_worth_a_word(last, today=SET_ON + timedelta(days=days)) == is_told
