"""When a directive is told of again: the working day before its day to answer, and once when that is over."""

from dataclasses import dataclass
from datetime import date, timedelta

from pledges.choices import Occasion
from pledges.rules.workdays import Calendar

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told about a directive, in the letter of a working day."""

    occasion: Occasion
    letter_on: date


def notice_by(answer_by: date, day: date, calendar: Calendar, *, told_on: date) -> Notice | None:
    """The notice of an unanswered directive whose day has come by `day`; only the newest counts.

    `told_on` is the day of the letter that told of the directive itself: what would come with it or
    before it says nothing new.
    """
    ahead = Notice(Occasion.ANSWER, calendar.on_or_before(answer_by - DAY))
    over = Notice(Occasion.UNANSWERED, calendar.after(answer_by))
    notice = over if day > answer_by else ahead
    return notice if told_on < notice.letter_on <= day else None
