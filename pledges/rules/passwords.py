"""What a password is made of, and how long it may stay."""

from datetime import date, timedelta
from enum import StrEnum

WARN_DAYS = 7
"""So many days before its last one somebody is told."""


class Kind(StrEnum):
    """The four kinds of characters, in the order of telling them."""

    CAPITAL = "capital"
    SMALL = "small"
    DIGIT = "digit"
    OTHER = "other"


def kind_of(character: str) -> Kind:
    """Chinese and every other script without capitals count as other signs; a blank does, too."""
    if character in "0123456789":
        return Kind.DIGIT
    if "A" <= character <= "Z":
        return Kind.CAPITAL
    return Kind.SMALL if "a" <= character <= "z" else Kind.OTHER


def missing_kinds(password: str, *, wanted: int) -> tuple[int, list[Kind]]:
    """How many kinds it lacks, and of which they may be."""
    there = {kind_of(character) for character in password}
    return max(0, wanted - len(there)), [kind for kind in Kind if kind not in there]


def last_day(set_on: date, *, most_days: int) -> date:
    """The last day on which a password opens without being changed."""
    return set_on + timedelta(days=most_days)


def is_worth_a_word(last: date, *, today: date) -> bool:
    """Whether the last day is near."""
    return last - timedelta(days=WARN_DAYS) <= today <= last
