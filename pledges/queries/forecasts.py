"""What is to come if it goes on like this, in words: a hint beside the judgement, never a part of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.models import Pledge
from pledges.queries.facts import Line, thresholds_of
from pledges.rules.facts import Reading
from pledges.rules.forecast import Forecast, NoForecast, Pace, TooFew, Unforeseeable, forecast_of
from pledges.rules.pace import needed_pace
from pledges.wording import day_words, with_unit

WHY_NOT = {
    Unforeseeable.DELIVERABLE: lambda: _("No forecast: it is done or not, there is no number to carry on."),
    Unforeseeable.RATE: lambda: _(
        "No forecast: a rate does not add up, so the reports say nothing about the rest."
    ),
    Unforeseeable.LEVEL: lambda: _(
        "No forecast: a level does not add up, so the reports say nothing about the rest."
    ),
    Unforeseeable.NO_LINE: lambda: _("No forecast: few whole things come when they come, not along a line."),
    Unforeseeable.EARLY: lambda: _("No forecast yet: the newest figure lies in the first fifth of the time."),
    Unforeseeable.OVER: lambda: _("No forecast: the time is over."),
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of a pledge on a day, with its sentences."""

    pledge: Pledge
    day: date
    found: Forecast | TooFew | NoForecast
    needed: Pace | None = None
    is_ceiling: bool = False

    @property
    def forecast(self) -> Forecast | None:
        return self.found if isinstance(self.found, Forecast) else None

    @property
    def why_not(self) -> str:
        """Why nothing is forecast, and what it takes; empty where something is."""
        if isinstance(self.found, TooFew):
            return _too_few_words(self.found)
        return WHY_NOT[self.found.reason]() if isinstance(self.found, NoForecast) else ""

    @property
    def landing_words(self) -> str:
        """The value at the end, with its range."""
        forecast = self.forecast
        if forecast is None:
            return ""
        landing = forecast.landing
        words = _("%(value)s by %(day)s; in four cases of five between %(low)s and %(high)s.")
        return words % {
            "value": self._amount(landing.value),
            "day": self._day(landing.day),
            "low": self._amount(landing.low),
            "high": self._amount(landing.high),
        }

    @property
    def arrival_words(self) -> str:
        """When the last target is reached, or that it is not."""
        forecast = self.forecast
        if forecast is None:
            return ""
        found = forecast.arrival
        said = {name: self._day(day) for name, day in _named(forecast).items() if day}
        if found.day and found.earliest == found.day == found.latest and found.day <= forecast.since.day:
            return self._there_words() % said
        words = CEILING_PASSED if self.is_ceiling else TARGET_REACHED
        return words[(found.day is not None, found.earliest is not None, found.latest is not None)]() % said

    def _there_words(self) -> str:
        return _("Passed on %(day)s already.") if self.is_ceiling else _("Reached on %(day)s already.")

    @property
    def pace_words(self) -> str:
        return self._pace(self.forecast.pace) if self.forecast else ""

    @property
    def needed_words(self) -> str:
        """The pace from today on that just reaches the last target."""
        if self.needed is None:
            return ""
        return self._pace(self.needed) if self.needed.per_month else _("nothing more")

    @property
    def rests_words(self) -> str:
        """What the forecast rests on."""
        if self.forecast is None:
            return ""
        number = self.forecast.rests_on
        words = ngettext(
            "Rests on %(number)d report, the newest as of %(day)s. No light asks it.",
            "Rests on %(number)d reports, the newest as of %(day)s. No light asks it.",
            number,
        )
        return words % {"number": number, "day": self._day(self.forecast.since.day)}

    def _pace(self, pace: Pace) -> str:
        words = {
            "month": self._amount(rough_pace(pace.per_month)),
            "day": self._amount(rough_pace(pace.per_day)),
        }
        return _("%(month)s in 30 days (%(day)s a day)") % words

    def _amount(self, value: Decimal) -> str:
        return with_unit(value, self.pledge.unit)

    def _day(self, day: date) -> str:
        return day_words(day, near=self.day)


TARGET_REACHED = {
    (True, True, True): lambda: _("Reached about %(day)s, between %(earliest)s and %(latest)s."),
    (True, True, False): lambda: _(
        "Reached about %(day)s, on %(earliest)s at the earliest; it may also not be reached in time."
    ),
    (False, True, False): lambda: _("Not reached in time as things go; at best on %(earliest)s."),
    (False, False, False): lambda: _("Not within reach in time at this pace."),
}
"""By what there is: a day, an earliest, a latest."""

CEILING_PASSED = {
    (True, True, True): lambda: _("The limit is passed about %(day)s, between %(earliest)s and %(latest)s."),
    (True, True, False): lambda: _(
        "The limit is passed about %(day)s, on %(earliest)s at the earliest; it may also hold."
    ),
    (False, True, False): lambda: _("The limit holds as things go; at worst it is passed on %(earliest)s."),
    (False, False, False): lambda: _("The limit holds at this pace."),
}


def _named(forecast: Forecast) -> dict[str, date | None]:
    found = forecast.arrival
    return {"day": found.day, "earliest": found.earliest, "latest": found.latest}


def _too_few_words(found: TooFew) -> str:
    have = ngettext(
        "Too few reports for a forecast: there is %(have)d accepted figure",
        "Too few reports for a forecast: there are %(have)d accepted figures",
        found.have,
    )
    return _("%(have)s at least a week apart, it takes %(need)d.") % {
        "have": have % {"have": found.have},
        "need": found.need,
    }


def rough_pace(value: Decimal) -> Decimal:
    """A pace for reading: three figures that count."""
    if not value:
        return value
    places = max(0, 2 - value.adjusted())
    return value.quantize(Decimal(1).scaleb(-places))


def outlook_of(line: Line, readings: Sequence[Reading]) -> Outlook:
    """The forecast that the figures of a day allow. No query."""
    day = line.verdict.judged_on
    thresholds = thresholds_of(line.pledge.campaign)
    found = forecast_of(line.trajectory, readings, today=day, thresholds=thresholds)
    actual, few = line.verdict.actual, thresholds.small_count
    needed = needed_pace(line.trajectory, actual, today=day, small_count=few)
    return Outlook(line.pledge, day, found, needed, line.trajectory.is_ceiling)
