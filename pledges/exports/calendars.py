"""Deadlines as a calendar that phones and Outlook subscribe to: an all-day event per milestone and per blocker."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from pledges.models import CalendarFeed, Pledge
from pledges.queries.blockers import Hitch
from pledges.queries.feeds import MOST_DEADLINES, Deadline
from pledges.wording import day_words, in_a_row, target_words, what_to_do, why
from ykplan.addresses import public_address

CONTENT_TYPE = "text/calendar; charset=utf-8"
ASK_AGAIN = timedelta(hours=1)
DAY = timedelta(days=1)


def render(
    feed: CalendarFeed, deadlines: Sequence[Deadline], hitches: Sequence[Hitch] = (), *, now: datetime
) -> bytes:
    """The whole calendar in the owner's language: deadlines, and what the owner has to remove."""
    with translation.override(feed.owner.language):
        calendar = _empty(feed, is_cut=len(deadlines) >= MOST_DEADLINES)
        for deadline in deadlines:
            calendar.add_component(_event(deadline, now=now))
        for hitch in hitches:
            calendar.add_component(_blocker_event(hitch, now=now))
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
    stone = deadline.milestone
    event = _whole_day(f"milestone-{stone.pk}", stone.due, seen_on=deadline.line.verdict.judged_on, now=now)
    event.add("summary", _summary(deadline))
    event.add("description", _description(deadline))
    event.add("url", _page_of(deadline))
    event.add("categories", [str(deadline.light.label)])
    return event


def _whole_day(name: str, day: date, *, seen_on: date, now: datetime) -> Event:
    event = Event()
    # Not of the day: what is moved stays the same event.
    event.add("uid", f"{name}@{urlsplit(settings.PUBLIC_BASE_URL).hostname}")
    event.add("dtstamp", now)
    # Rises every day; within a day the later stamp counts (RFC 5546).
    event.add("sequence", seen_on.toordinal())
    event.add("dtstart", day)
    event.add("dtend", day + DAY)
    event.add("transp", "TRANSPARENT")
    return event


def _blocker_event(hitch: Hitch, *, now: datetime) -> Event:
    """What is to be removed; the way leads to the pledge, or to one's work where it is a foreign one."""
    blocker, pledge = hitch.blocker, hitch.blocker.pledge
    event = _whole_day(f"blocker-{blocker.pk}", blocker.due, seen_on=hitch.day, now=now)
    said = {"weakness": blocker.weakness, "number": pledge.number, "title": pledge.title}
    words = _("Blocker: %(weakness)s (%(number)s %(title)s)") % said
    event.add("summary", _one_line(_marked(words, pledge)))
    page = public_address(pledge.get_absolute_url() if hitch.shows_pledge else reverse("work"))
    lines = [str(blocker.department), blocker.remedy, str(pledge.department), page]
    event.add("description", "\n".join(_one_line(line) for line in lines))
    event.add("url", page)
    event.add("categories", [_("Blocker")])
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
    return _one_line(_marked(words, pledge))


def _marked(words: str, pledge: Pledge) -> str:
    """In front the mark of what is invented."""
    return _("[Rehearsal] %(words)s") % {"words": words} if pledge.campaign.is_invented else words


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
