"""Working days: weekdays without public holidays, and the make-up days (调休) announced beside them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_REST = 60
"""No office rests longer: a table that says so is wrong, and must not become an endless loop."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are working days.

    `rests` are weekdays on which nobody works, `works` Saturdays and Sundays on which everybody does.
    Years that are not in `known_years` count Monday to Friday, and pages say so.
    """

    rests: frozenset[date] = frozenset()
    works: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        return day in self.works or (day.weekday() < SATURDAY and day not in self.rests)

    def knows(self, day: date) -> bool:
        """Whether the holidays of the day's year have been announced."""
        return day.year in self.known_years

    def on_or_before(self, day: date) -> date:
        """The day itself where it is a working day, else the one before."""
        return self._first(day, -DAY)

    def on_or_after(self, day: date) -> date:
        """The day itself where it is a working day, else the next."""
        return self._first(day, DAY)

    def after(self, day: date) -> date:
        """The next working day."""
        return self._first(day + DAY, DAY)

    def _first(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST_REST):
            if self.is_workday(day):
                return day
            day += step
        return day

    def between(self, first: date, last: date) -> Iterator[date]:
        """The working days after `first`, up to and including `last`."""
        for ordinal in range(first.toordinal() + 1, last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if self.is_workday(day):
                yield day

    def count(self, first: date, last: date) -> int:
        """How many working days have begun after `first` by `last`."""
        return sum(1 for _ in self.between(first, last))

    def nth_after(self, day: date, number: int) -> date:
        """The so-many-th working day after a day."""
        for _ in range(number):
            day = self.after(day)
        return day

    def first_of_week(self, day: date) -> date | None:
        """The first working day of the week (Monday to Sunday) around a day, None in a week of rest."""
        monday = day - day.weekday() * DAY
        return next(self.between(monday - DAY, monday + 6 * DAY), None)
