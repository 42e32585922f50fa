"""Days as people type them. Pure: no Django, no settings."""

import re
from datetime import date
from enum import StrEnum

FIRST_YEAR = 2000
LAST_YEAR = 2100

TYPED = {0xFF10 + digit: str(digit) for digit in range(10)} | str.maketrans("－−／．\u00a0\u3000", "--/.  ")
BLANKS = " \t\r\n"
PARTED = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
CHINESE = re.compile(r"([0-9]{4})(年)([0-9]{1,2})月([0-9]{1,2})日")
BARE = re.compile(r"[0-9]+")


class DayCode(StrEnum):
    """Every way in which typed text fails to be a day."""

    EMPTY = "empty"
    NOT_A_DAY = "not_a_day"
    BARE_NUMBER = "bare_number"
    NO_SUCH_DAY = "no_such_day"
    OUT_OF_RANGE = "out_of_range"


class DayFault(ValueError):  # noqa: N818 - the house calls what a person got wrong a fault
    """The text is no day we take."""

    def __init__(self, code: DayCode) -> None:
        super().__init__(code)
        self.code = code


def parse_day(text: str) -> date:
    """The day that was typed: year first, so that 03-04 can never be read two ways."""
    plain = text.translate(TYPED).strip(BLANKS)
    if not plain:
        raise DayFault(DayCode.EMPTY)
    found = PARTED.fullmatch(plain) or CHINESE.fullmatch(plain)
    if not found:
        # 46000 is what a sheet shows for a day whose format was lost.
        raise DayFault(DayCode.BARE_NUMBER if BARE.fullmatch(plain) else DayCode.NOT_A_DAY)
    year, month, day = (int(found[part]) for part in (1, 3, 4))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DayFault(DayCode.OUT_OF_RANGE)
    try:
        return date(year, month, day)
    except ValueError:
        raise DayFault(DayCode.NO_SUCH_DAY) from None
