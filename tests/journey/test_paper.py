"""The paper in a real browser: issued with a click, whole on A4, the same after later reports."""

import re
import shutil
import subprocess
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from pledges.actions.orders import load_orders
from pledges.actions.rehearsal import load_rehearsal
from pledges.choices import Role
from pledges.models import Briefing, Campaign, Department, Pledge, User
from tests.cast import PledgeFactory, accepted, person
from tests.journey.conftest import WIDTHS, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = date(2026, 9, 20)
ASKED = f"?on={DAY}&than=2026-08-18"
A4, A4_LYING = (595, 842), (842, 595)


@pytest.fixture
def campaign(db):
    with time_machine.travel("2026-09-20T10:00:00+08:00", tick=True):
        load_orders(2022)
        load_rehearsal(today=DAY)
        yield Campaign.objects.get(code="wujin-2026-rehearsal")


@pytest.fixture
def office(campaign, sign_in) -> User:
    chen = person("chen", "陈督查", Role.REVIEWER)
    sign_in(chen)
    return chen


def pages_of(paper: bytes) -> list[tuple[int, int]]:
    """The size of each page of a PDF, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", paper)
    assert len(boxes) == len(re.findall(rb"/Type\s*/Page\b", paper))
    return [(round(float(wide)), round(float(high))) for wide, high in boxes]


def text_of(paper: bytes) -> list[str]:
    """The text of each page without blanks; skipped where the tool is not installed."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([tool, "-", "-"], input=paper, capture_output=True, check=True)
    return [re.sub(r"\s", "", page) for page in done.stdout.decode().split("\f")[:-1]]


def printed(page) -> bytes:
    return page.pdf(format="A4", prefer_css_page_size=True)


def test_drafted_read_issued_and_taken_along(campaign, office, page, live_server):
    page.goto(f"{live_server.url}{reverse('briefing-draft', args=[campaign.code])}{ASKED}")
    shown = page.inner_text(".sheet")

    page.click("main form[method=post] button")
    page.wait_for_url("**/briefings/1/")

    # The kept one bears its fingerprint besides, on paper only.
    assert page.inner_text(".sheet") == shown
    with page.expect_download() as taken:
        page.click(".brief-bar .btn")
    assert taken.value.suggested_filename == f"{campaign.code}-briefing-1.docx"


def test_on_a4_nothing_is_cut_off_and_heads_are_repeated(campaign, office, page, live_server):
    page.goto(f"{live_server.url}{reverse('briefing-draft', args=[campaign.code])}{ASKED}")
    page.click("main form[method=post] button")
    page.wait_for_url("**/briefings/1/")

    paper = printed(page)

    content = Briefing.objects.get().content
    sizes, texts = pages_of(paper), text_of(paper)
    assert set(sizes) == {A4}
    whole = "".join(texts)
    tables = [section["table"] for section in content["sections"] if section["table"]]
    assert [
        row["cells"][3] for table in tables for row in table["rows"] if row["cells"][3] not in whole
    ] == []
    assert [note for note in content["footnotes"] if re.sub(r"\s", "", note)[:12] not in whole] == []
    heads = [re.sub(r"\s", "", head) for head in tables[0]["heads"]]
    with_heads = [text for text in texts if all(head in text for head in heads)]
    assert len(with_heads) > len(tables)  # a table that runs on has its heads on the next page, too
    assert page.evaluate(FITS) == []


FITS = """() => [...document.querySelectorAll('.ledger td, .axis td, .axis th')]
  .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"""


def test_page_and_paper_stay_while_reports_come_in(campaign, office, page, live_server):
    page.goto(f"{live_server.url}{reverse('briefing-draft', args=[campaign.code])}{ASKED}")
    page.click("main form[method=post] button")
    page.wait_for_url("**/briefings/1/")
    issued, draft = page.url, f"{live_server.url}{reverse('briefing-draft', args=[campaign.code])}{ASKED}"
    kept = page.inner_text(".sheet")
    red = Pledge.objects.get(code=Briefing.objects.get().content["unfinished"][0]["code"])

    accepted(red, as_of=DAY, value=9999, reviewer=office, author=person("lin", "林会计"))

    page.goto(issued)
    assert page.inner_text(".sheet") == kept
    page.goto(draft)
    assert page.inner_text(".sheet") != kept


def test_the_wall_chart_of_twenty_five_is_one_sheet(campaign, office, page, live_server):
    department = Department.objects.create(code="wall", name="挂图局", order=99)
    stones = [(date(2026, month, 28), 1000 * month) for month in (3, 6, 9, 12)]
    for place in range(25):
        title = f"规上制造业研究与试验发展（R&D）经费占营业收入比重及增幅第{place:02}项"
        PledgeFactory(
            campaign=campaign,
            department=department,
            number=f"99-{place:02}",
            title=title,
            unit="万美元",
            stones=stones,
        )
    address = f"{live_server.url}{reverse('department-chart', args=[campaign.code, 'wall'])}?on={DAY}"
    page.goto(address)
    assert pages_of(printed(page)) == [A4_LYING]

    for place in range(25, 60):
        PledgeFactory(
            campaign=campaign, department=department, number=f"99-{place:02}", unit="万美元", stones=stones
        )
    page.goto(address)
    paper = printed(page)

    texts = text_of(paper)
    assert set(pages_of(paper)) == {A4_LYING}
    assert [("挂图局" in text, "十二月" in text) for text in texts] == [(True, True)] * len(texts)
    assert len(texts) > 1


def test_every_page_of_paper_on_desk_and_phone(campaign, office, page, live_server, axe):
    page.goto(f"{live_server.url}{reverse('briefing-draft', args=[campaign.code])}{ASKED}")
    page.click("main form[method=post] button")
    page.wait_for_url("**/briefings/1/")
    base = f"/campaigns/{campaign.code}"
    found = []
    for address in (
        "briefings/",
        "briefings/1/",
        f"briefings/draft/{ASKED}",
        "briefings/draft/?on=2027-01-01",
        f"departments/jinrong/chart/?on={DAY}",
    ):
        page.goto(f"{live_server.url}{base}/{address}")
        for name, size in WIDTHS.items():
            page.set_viewport_size(size)
            found += [f"{address} {name}: {fault}" for fault in faults_of(axe, page)]
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                found.append(f"{address} {name}: wider than the screen")

    assert found == []
