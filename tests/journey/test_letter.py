"""A letter as mail programs draw it: whole on the narrowest phone, quiet, readable in the dark, the same for everybody."""

from datetime import date, timedelta

import pytest

from pledges.choices import CampaignKind
from pledges.models import User
from tests.cast import DepartmentFactory, PledgeFactory
from tests.journey.conftest import faults_of
from tests.kit.desks import THURSDAY, a_busy_clerk, on_the_desk_of, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 375, 600, 1024)
LANGUAGES = ("zh-hans", "en")
MONDAY = date(2022, 9, 26)
UNBROKEN = "Http" * 50
"""A title without a place to break."""


@pytest.fixture
def letters(campaign, finance, lin, sun, li, chen):
    """HTML of a reporter's, a head's and a leader's letter, in both languages."""
    campaign.kind = CampaignKind.REHEARSAL
    campaign.save()
    clerk = a_busy_clerk(lin, chen, campaign=campaign, department=finance)
    type(clerk.urged).objects.filter(pk__in=[clerk.urged.pk, clerk.overdue.pk]).update(title=UNBROKEN)
    for number in range(3):
        due = date(2022, 8, 1) + timedelta(days=number)
        PledgeFactory(
            campaign=campaign,
            department=DepartmentFactory(name=f"自然资源和规划局永康市第{number}分局"),
            stones=[(due, 50), (date(2022, 12, 31), 100)],
            stretch=number == 0,
        )
    found = {}
    for reader, day in ((lin, THURSDAY), (sun, THURSDAY), (li, MONDAY)):
        letter = on_the_desk_of(reader, day).letter
        for language in LANGUAGES:
            User.objects.update(language=language)
            found[f"{reader} {language}"] = written(letter, day).html
    return found


@pytest.fixture
def requests(page):
    """What a letter asks the network for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def widths_of(page) -> list[int]:
    """How wide the letter wants to be, and how wide it may be."""
    return page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")


def cut_off(page) -> list[str]:
    """Elements whose words reach beyond the screen or out of their own box."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *, [role=main] *")]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1 && e.clientWidth)
            .map(e => e.outerHTML.slice(0, 120))"""
    )


def test_nothing_is_cut_off_on_any_width(letters, page):
    found = []
    for name, html in letters.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.set_content(html)
            wanted, allowed = widths_of(page)
            found += [f"{name} {width}: {fault}" for fault in cut_off(page)]
            found += [f"{name} {width}: wider than the screen"] if wanted > allowed else []

    assert found == []


def test_check_of_widths_sees_what_is_cut_off(letters, page):
    """A test of the test."""
    html = letters["林会计 en"].replace("word-break:break-word;", "")
    page.set_viewport_size({"width": 320, "height": 800})
    page.set_content(html)
    wanted, allowed = widths_of(page)

    assert wanted > allowed
    assert cut_off(page) != []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_minds_nothing_by_day_and_by_night(letters, page, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    found = []
    for name, html in letters.items():
        page.set_content(html)
        found += [f"{name}: {fault}" for fault in faults_of(axe, page)]

    assert found == []


def test_opening_a_letter_asks_the_network_for_nothing(letters, page, requests):
    for html in letters.values():
        page.set_content(html)
        page.wait_for_load_state("networkidle")

    assert requests == []


def test_button_is_large_enough_for_a_thumb(letters, page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.set_content(letters["林会计 zh-hans"])
    boxes = [link.bounding_box() for link in page.locator("a[aria-label]").all()]

    assert len(boxes) == 5
    assert [box for box in boxes if box["height"] < 40 or box["width"] < 44] == []


def test_preheader_is_read_by_programs_and_not_shown(letters, page):
    page.set_content(letters["林会计 en"])

    assert page.locator("body > div").first.is_hidden()
    assert (
        page.locator("body > div")
        .first.text_content()
        .startswith("1 urged, 1 overdue, 1 returned, 1 due soon")
    )
