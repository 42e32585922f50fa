"""The wall: one screen whatever the names, and it says so when it no longer comes anew."""

import re
from datetime import date

import pytest
from django.urls import reverse

from pledges.choices import CampaignKind
from pledges.views import overview as view
from tests.cast import DepartmentFactory, PledgeFactory
from tests.journey.conftest import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WALL = {"width": 1920, "height": 1080}
DAY = "2022-07-01"
FIVE_MINUTES = 301_000
LONG_NAME = "市级重大产业项目建设推进工作领导小组办公室综合"
LONG_TITLE = "新增规模以上工业企业和限额以上商贸企业入库纳统并完成年度技术改造投资备案与开工任务第"


@pytest.fixture
def shown(campaign, sign_in, live_server):
    """Hang the screen up for a person, its clock in our hands."""

    def hang(user, language="zh-hans"):
        page = sign_in(user)
        page.context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
        page.set_viewport_size(WALL)
        page.clock.install()
        page.goto(f"{live_server.url}{reverse('wall', args=[campaign.code])}?on={DAY}")
        return page

    return hang


def long_names(campaign):
    for number in range(18):
        PledgeFactory(
            campaign=campaign,
            department=DepartmentFactory(name=f"{LONG_NAME}{number:03}"),
            title=f"{LONG_TITLE}{number:02}项，{LONG_TITLE if number % 2 else '等'}",
            unit="万平方米",
            stones=[(date(2022, 6, 30), 1234567)],
        )


def overprinted(page) -> list[str]:
    """What reaches beyond the screen or into the line at its foot; whose text is wider than its place."""
    return page.evaluate("""() => {
      const foot = document.querySelector(".wall__foot").getBoundingClientRect();
      const low = [...document.querySelectorAll(".wall__main tr")].filter((row) => row.getBoundingClientRect().bottom > foot.top);
      const wide = [...document.querySelectorAll(".wall__main td, .wall__top")].filter((each) => each.scrollWidth > each.clientWidth + 1);
      const off = foot.bottom > 1080 ? [document.querySelector(".wall__foot")] : [];
      return [...low, ...wide, ...off].map((each) => each.textContent.trim());
    }""")  # fmt: skip


def size_of(page) -> list[int]:
    return page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_one_screen_whatever_the_names_and_notes(campaign, boss, shown, axe, language):
    """Invented figures, letters that stand still, a server that is away: each takes a line of its own."""
    campaign.kind = CampaignKind.REHEARSAL
    campaign.save()
    long_names(campaign)
    page = shown(boss, language)
    found = overprinted(page), size_of(page)
    page.evaluate("document.querySelector('[data-stale]').hidden = false")

    assert found == ([], [*WALL.values()])
    assert (overprinted(page), size_of(page)) == ([], [*WALL.values()])
    assert page.locator(".drill, .silence, .stale").count() == 3
    assert faults_of(axe, page) == []
    said = re.findall(r"\d+", page.locator("#w-red small").inner_text())
    assert (page.locator(".t--reds tbody tr").count(), str(view.WALL_ALERTS) in said) == (7, True)


def five_minutes_later(page) -> None:
    page.clock.run_for(FIVE_MINUTES)


@pytest.fixture
def screen(campaign, finance, li, shown):
    """The screen of a city with one alert."""
    PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 6, 30), 10)])
    return shown(li)


def test_it_says_so_when_its_session_has_ended(screen):
    note = screen.locator("[role=alert]")
    assert not note.is_visible()

    screen.context.clear_cookies()
    five_minutes_later(screen)
    note.wait_for(state="visible", timeout=5000)

    moment = screen.locator(".wall__foot span").last.text_content().split("，")[0]
    assert moment in note.inner_text()
    assert screen.locator(".t--reds tbody tr").count() == 1


@pytest.mark.parametrize("fault", ["down", "away"])
def test_it_says_so_while_the_server_is_away_and_no_longer(screen, page_faults, fault):
    note = screen.locator("[role=alert]")
    gone = {"down": lambda route: route.fulfill(status=503), "away": lambda route: route.abort()}
    screen.route("**/wall/*", gone[fault])
    five_minutes_later(screen)
    note.wait_for(state="visible", timeout=5000)

    screen.unroute("**/wall/*")
    five_minutes_later(screen)
    note.wait_for(state="hidden", timeout=5000)

    page_faults.clear()  # the browser reports the refusal itself
