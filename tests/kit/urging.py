"""Urging by hand on a Monday, and what stands in its way."""

import re
from datetime import date, datetime
from html import unescape
from zoneinfo import ZoneInfo

from pledges.actions.nudges import urge_pledges
from pledges.models import Pledge
from pledges.queries.nudges import Choice, Hindrance
from pledges.queries.recipients import Roster

MONDAY, SATURDAY = date(2022, 7, 4), date(2022, 7, 2)
CHINA = ZoneInfo("Asia/Shanghai")


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def urge(*pledges, by, words="请抓紧", today=MONDAY):
    return urge_pledges(pledges, by=by, words=words, today=today)


def weigh(*pledges, day=MONDAY) -> list[Hindrance | None]:
    found = Pledge.objects.filter(pk__in=[pledge.pk for pledge in pledges])
    return [each.hindrance for each in Choice.of(found, roster=Roster.on(day)).candidates]


def codes_in(response) -> list[str]:
    """What the form would send."""
    return re.findall(r'name="codes" value="([^"]*)"', response.content.decode())


def messages_on(response) -> list[str]:
    found = re.findall(r'<p class="note[^"]*said"[^>]*>([^<]*)</p>', response.content.decode())
    return [unescape(words) for words in found]


def send(client, address, *codes, words=""):
    return client.post(address, {"codes": codes, "words": words}, follow=True)
