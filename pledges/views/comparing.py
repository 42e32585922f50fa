"""The earlier day that a page is compared with: asked for in the address, or the usual one."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pledges.filters import earlier_day
from pledges.models import Campaign
from pledges.queries.changes import LOOKS_BACK, meetings_of, usual_than
from pledges.wording import day_words

A_WEEK = timedelta(days=7)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One day that is offered to compare with."""

    words: str
    day: date
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The day compared with (None where nothing had a light before), why that one, and what else is offered."""

    than: date | None
    words: str
    choices: list[Choice]
    is_usual: bool


def comparison_of(request: HttpRequest, campaign: Campaign, *, day: date) -> Comparison:
    """The asked day, else that of the last briefing, else thirty days before."""
    meetings = meetings_of(campaign, day=day)
    usual = usual_than(campaign, meetings, day=day)
    than = _asked(request, campaign, day=day) or usual
    offered = [
        *((_("Briefing no. %(number)d, %(day)s") % {"number": each.number, "day": day_words(each.day, near=day)}, each.day) for each in meetings),
        (_("a week before"), day - A_WEEK),
        (_("30 days before"), day - LOOKS_BACK),
    ]  # fmt: skip
    choices = [Choice(words, of, of == than) for words, of in offered if campaign.starts_on <= of < day]
    of_meeting = next((each for each in meetings if each.day == than), None)
    words = ""
    if of_meeting:
        words = _("the day of briefing no. %(number)d") % {"number": of_meeting.number}
    elif than == usual:
        words = _("30 days before") if than == day - LOOKS_BACK else _("the first day")
    return Comparison(than, words, choices, than == usual)


def _asked(request: HttpRequest, campaign: Campaign, *, day: date) -> date | None:
    asked = request.GET.get("than", "").strip()
    than = earlier_day(asked, campaign=campaign, day=day) if asked else None
    if asked and than is None:
        sentence = _("“%(day)s” cannot be compared with: it must be a day before the one shown.")
        messages.warning(request, sentence % {"day": asked[:SHOWN].replace("\0", "")})
    return than
