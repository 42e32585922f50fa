"""Every page in both languages, as four people see it: no word of the other one but the data's own."""

import re

import pytest
import time_machine

from pledges.models import Evidence
from pledges.urls import campaign_urls, pledge_urls, report_urls, urlpatterns
from tests.kit.tour import load_city, whole_tour
from tests.kit.visitor import TODAY, TYPED, Visitor
from tests.kit.words import CJK, DATA, read, stored_words, without_data

pytestmark = pytest.mark.django_db

NOT_PAGES = {
    *("healthz", "calendar-feed"),  # answers for machines
    # Paper is Chinese whoever reads it, and a letter is in its reader's language.
    *("briefing-list", "briefing-issue", "briefing-detail", "briefing-docx", "board-xlsx"),
    *("department-chart", "mailbox-letter-html"),
}
"""What the tour does not read."""

LATIN = re.compile("[A-Za-z_]{2,}")
ALLOWED = {
    "WPS", "Excel", "PDF", "OFD", "DOCX", "XLSX", "JPG", "PNG", "MB", "KB", "csv",  # kinds of file and their sizes
    "Outlook", "exe",  # a program that one subscribes with; what the tour uploads
    "Internet",
    "load_orders", "xlsx", "AI", "MBA", "Google", "Facebook",  # a command, a kind of file, printed words
    "LDAP", "Search", "True", "False", "unknown",  # what the rooms of Django and axes say in Latin letters
}  # fmt: skip
CHINESE = re.compile(f"[{CJK}，。；：、（）]")
QUOTED = {"争取", "力争", "突破", "超"}
"""Printed words that the administration explains."""

UNTIDY = re.compile(
    f"[，。；：、][，。；：、,.;:]|[{CJK}{DATA}] ?[,;:!?](?!\\d)|[{CJK}] [，。；：、）]|！|请注意"
)
"""Two marks where one belongs, an ASCII mark after a Chinese character, shouting."""

UNFILLED = re.compile(r"%\(|%[sd]\b|\{[{%]")


@pytest.fixture
def tour(settings, tmp_path):
    """A walk through everything in a language, in the embedded mode, on a day of the rehearsal."""
    letters = tmp_path / "mail"
    settings.STATE_DIR, settings.EMBEDDED, settings.EMAIL_FILE_PATH = tmp_path, True, str(letters)
    with time_machine.travel(f"{TODAY}T10:00:00+08:00", tick=True):
        load_city()
        yield lambda language: whole_tour(language, letters)


def lines_of(tour: Visitor, *more: str) -> dict[str, str]:
    """Every line that was read, without data, with the first page it stood on."""
    prints = [sha256[:12] for sha256 in Evidence.objects.values_list("sha256", flat=True)]
    known = [*stored_words(), *TYPED, *prints, *more]
    lines: dict[str, str] = {}
    for what, html in tour.pages:
        for line in without_data(read(html), known).split("\n"):
            lines.setdefault(line, what)
    return lines


def those(lines: dict[str, str], which) -> dict[str, str]:
    return {line: what for line, what in lines.items() if which(line)}


def test_every_page_in_chinese(tour):
    lines = lines_of(tour("zh-hans"))
    ours = {line: what for line, what in lines.items() if not what.startswith("/admin/")}

    assert those(lines, lambda line: set(LATIN.findall(line)) - ALLOWED) == {}
    assert those(ours, UNTIDY.search) == {}
    assert those(lines, UNFILLED.search) == {}


def test_every_page_in_english(tour):
    whole = tour("en")
    lines = lines_of(whole, *QUOTED)

    assert those(lines, CHINESE.search) == {}
    assert those(lines, UNFILLED.search) == {}
    routes = [
        route
        for route in (*urlpatterns, *campaign_urls, *pledge_urls, *report_urls)
        if hasattr(route, "name")
    ]
    assert {route.name for route in routes} - whole.seen == NOT_PAGES
    assert {status for status in whole.seen if isinstance(status, int)} == {200, 403, 404, 409, 422, 429}
