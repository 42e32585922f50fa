"""Deadlines as a calendar that phones and Outlook subscribe to: one all-day event per milestone."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from pledges.models import CalendarFeed
from pledges.queries.feeds import MOST_DEADLINES, Deadline
from pledges.wording import day_words, in_a_row, target_words, what_to_do, why

CONTENT_TYPE = "text/calendar; charset=utf-8"
ASK_AGAIN = timedelta(hours=1)
DAY = timedelta(days=1)


def public_address(path: str) -> str:
    """A path as an address for outside: from the settings, never from what a request calls this host."""
    return f"{settings.PUBLIC_BASE_URL}{path}"


def render(feed: CalendarFeed, deadlines: Sequence[Deadline], *, now: datetime) -> bytes:
    """The whole calendar in the owner's language."""
    with translation.override(feed.owner.language):
        calendar = _empty(feed, is_cut=len(deadlines) >= MOST_DEADLINES)
        for deadline in deadlines:
            calendar.add_component(_event(deadline, now=now))
        return calendar.to_ical()


def _empty(feed: CalendarFeed, *, is_cut: bool) -> Calendar:
    name = _("Deadlines: %(whose)s") % {"whose": _one_line(str(feed.department or feed.owner))}
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//ykplan//deadlines//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # Outlook and Apple read the X- names, newer programs those of RFC 7986.
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if is_cut:
        words = _("Only the %(number)s nearest deadlines. Subscribe to a department to see all of its own.")
        calendar.add("x-wr-caldesc", words % {"number": MOST_DEADLINES})
    return calendar


def _event(deadline: Deadline, *, now: datetime) -> Event:
    stone, judged_on = deadline.milestone, deadline.line.verdict.judged_on
    event = Event()
    # Not of the day: a deadline that is moved stays the same event.
    event.add("uid", f"milestone-{stone.pk}@{urlsplit(settings.PUBLIC_BASE_URL).hostname}")
    event.add("dtstamp", now)
    # Rises every day; within a day the later stamp counts (RFC 5546).
    event.add("sequence", judged_on.toordinal())
    event.add("dtstart", stone.due)
    event.add("dtend", stone.due + DAY)
    event.add("summary", _summary(deadline))
    event.add("description", _description(deadline))
    event.add("url", _page_of(deadline))
    event.add("categories", [str(deadline.light.label)])
    event.add("transp", "TRANSPARENT")
    return event


def _page_of(deadline: Deadline) -> str:
    return public_address(deadline.line.pledge.get_absolute_url())


def _goal(deadline: Deadline) -> str:
    return target_words(deadline.line.pledge, deadline.milestone.target)


def _summary(deadline: Deadline) -> str:
    pledge = deadline.line.pledge
    words = _("%(light)s: %(number)s %(title)s, %(target)s") % {
        "light": deadline.light.label,
        "number": pledge.number,
        "title": pledge.title,
        "target": _goal(deadline),
    }
    return _one_line(_("[Rehearsal] %(words)s") % {"words": words} if pledge.campaign.is_invented else words)


def _description(deadline: Deadline) -> str:
    line = deadline.line
    lines = [
        str(line.pledge.department),
        _goal_words(deadline),
        in_a_row(_light_words(deadline), what_to_do(line)),
        _page_of(deadline),
    ]
    return "\n".join(_one_line(words) for words in lines)


def _goal_words(deadline: Deadline) -> str:
    """One deadline alone, and what became of it."""
    return _("%(target)s by %(day)s: %(outcome)s.") % {
        "target": _goal(deadline),
        "day": day_words(deadline.milestone.due, near=deadline.line.verdict.judged_on),
        "outcome": deadline.outcome.label,
    }


def _light_words(deadline: Deadline) -> str:
    """The whole pledge today: its light may be another one than that of a deadline that was met."""
    verdict = deadline.line.verdict
    return _("As of %(day)s the pledge is at “%(light)s”: %(why)s") % {
        "day": day_words(verdict.judged_on, near=verdict.judged_on),
        "light": verdict.light.label,
        "why": why(deadline.line),
    }


def _one_line(text: str) -> str:
    """What somebody typed, without line breaks and control characters: some programs choke on them."""
    return "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign) != "Cc")
