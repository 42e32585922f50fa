"""What a page says to its reader."""

import re
from datetime import date
from html import unescape

from django.urls import reverse

DAY, JUNE = "on=2022-07-01", date(2022, 6, 30)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
"""What somebody types who hopes that a page will run it."""


def main_of(response) -> str:
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def text_of(response) -> str:
    return unescape(response.content.decode())


def total_of(response) -> int:
    """How many rows a list says that it has."""
    return int(re.search(r'<main[^>]* data-total="(\d+)"', response.content.decode())[1])


def page_of(pledge, query=DAY) -> str:
    return f"{reverse('pledge-detail', args=[pledge.code])}?{query}"


def address(name: str, campaign, *more) -> str:
    return reverse(name, args=[campaign.code, *more])
