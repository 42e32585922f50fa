"""Letters as a reader takes them apart: links, words, headings with the numbers under them."""

import re
from datetime import date
from html.parser import HTMLParser

from django.urls import reverse

from pledges.models import Pledge, User
from tests.cast import PledgeFactory

MONDAY = date(2022, 9, 26)
AUGUST = date(2022, 8, 26)
YEARS_END = date(2022, 12, 31)


class Reader(HTMLParser):
    """Links, headings, elements and words of a letter's HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _value in attrs]
        self.links += [
            value or "" for name, value in attrs if name in {"href", "src", "background", "action"}
        ]

    def handle_data(self, data):
        self.words += data


def english(user: User) -> User:
    user.language = "en"
    user.save()
    return user


def overdue_in(department, campaign, *, number: str, due: date = AUGUST, **more) -> Pledge:
    return PledgeFactory(
        campaign=campaign, department=department, number=number, stones=[(due, 50), (YEARS_END, 100)], **more
    )


def form_of(pledge: Pledge) -> str:
    return "http://testserver" + reverse("report-create", args=[pledge.code])


def page_of(pledge: Pledge) -> str:
    return "http://testserver" + reverse("pledge-detail", args=[pledge.code])


def links_in(text: str) -> list[str]:
    return re.findall(r"https?://\S+", text)


def sections_of(text: str) -> list[tuple[str, list[str]]]:
    """Headings with the numbers of their pledges."""
    parts = text.split("\n■ ")[1:]
    return [(part.split("\n")[0], re.findall(r"^\d+\. (\S+)", part, re.MULTILINE)) for part in parts]
