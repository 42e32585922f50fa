"""Every page, as it is: nothing cut off, nothing axe minds, no complaint of the browser, on desk, phone and paper."""

import re
from datetime import date

import pytest
import time_machine

from pledges.actions.orders import load_orders
from pledges.actions.rehearsal import load_rehearsal
from pledges.choices import ReportState, Role
from pledges.models import Department, Membership, Milestone, Pledge, ProgressReport, User
from tests.journey.conftest import PASSWORD, WIDTHS, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WALL = {"width": 1920, "height": 1080}
REHEARSAL = "/campaigns/wujin-2026-rehearsal"
PAGES = {
    "reporter": ["/work/", "/pledges/r2026-14-02/", "/pledges/r2026-14-02/report/", "/pledges/r2026-14-01/report/", "<extend>",
        f"{REHEARSAL}/", f"{REHEARSAL}/sheet/", "/password/", "/me/letters/"],
    "reviewer": ["/review/", "<review>", f"{REHEARSAL}/departments/jinrong/", f"{REHEARSAL}/extensions/",
        f"{REHEARSAL}/closings/", "/pledges/r2026-14-01/close/"],
    "leader": [
        f"{REHEARSAL}/", f"{REHEARSAL}/?on=2026-01-01", f"{REHEARSAL}/rules/", f"{REHEARSAL}/pledges/", f"{REHEARSAL}/pledges/?q=没有这样的事",
        f"{REHEARSAL}/article/", "/pledges/r2026-01-15/", "/pledges/r2026-01-01/", "/pledges/r2026-13-12/", "/campaigns/wujin-2022/",
        "/pledges/2022-02-13/", "/work/",
        f"{REHEARSAL}/?light=red&than=2026-08-31", f"{REHEARSAL}/directives/", "/pledges/r2026-14-01/direct/", f"{REHEARSAL}/letters/",
        f"{REHEARSAL}/blockers/", f"{REHEARSAL}/blockers/paper/", "/pledges/r2026-14-01/blocker/",
        f"{REHEARSAL}/nudge/", f"{REHEARSAL}/nudge/?light=red", f"{REHEARSAL}/nudge/?pledge=r2026-14-01", "/campaigns/wujin-2022/nudge/",
    ],
}  # fmt: skip


@pytest.fixture
def people(db):
    """The rehearsal as bin/run loads it, with one person of each role."""
    with time_machine.travel("2026-09-20T10:00:00+08:00", tick=True):
        load_orders(2022)
        load_rehearsal(today=date(2026, 9, 20))
        yield {role: _person(role) for role in PAGES}


def _person(role: str) -> User:
    user = User.objects.create_user(f"test-{role}", f"{role}@example.com", PASSWORD, name="李")
    department = Department.objects.get(name="金融办") if role == "reporter" else None
    Membership.objects.create(user=user, role=Role(role), department=department)
    return user


def addresses(role: str) -> list[str]:
    waiting = ProgressReport.objects.filter(state=ReportState.SUBMITTED).order_by("pk").first()
    assert waiting is not None
    stone = Milestone.objects.filter(pledge__code="r2026-14-01").latest("due")
    told = {"<review>": f"/review/{waiting.pk}/", "<extend>": f"/pledges/r2026-14-01/extend/{stone.pk}/"}
    return [told.get(page, page) for page in PAGES[role]]


@pytest.mark.parametrize("role", PAGES)
def test_every_page_on_desk_and_phone(role, people, sign_in, live_server, axe):
    page = sign_in(people[role])
    found = []
    for address in addresses(role):
        page.goto(f"{live_server.url}{address}")
        for name, size in WIDTHS.items():
            page.set_viewport_size(size)
            found += [f"{address} {name}: {fault}" for fault in faults_of(axe, page)]
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                found.append(f"{address} {name}: wider than the screen")

    assert found == []


def test_the_wall_is_one_screen(people, sign_in, live_server, axe):
    page = sign_in(people["leader"])
    page.set_viewport_size(WALL)
    page.goto(f"{live_server.url}{REHEARSAL}/wall/")

    assert faults_of(axe, page) == []
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        *WALL.values()
    ]


def test_the_door_and_what_is_not_there(people, page, live_server, axe, page_faults):
    found = []
    for address in ("/sign-in/", "/pledges/nothing-here/"):
        page.goto(f"{live_server.url}{address}")
        found += [f"{address}: {fault}" for fault in faults_of(axe, page)]

    assert found == []
    page_faults.clear()  # the browser reports the 404 itself


def test_the_overview_prints_whole_on_a4(people, sign_in, live_server):
    page = sign_in(people["leader"])
    page.goto(f"{live_server.url}{REHEARSAL}/")

    paper = page.pdf(format="A4", prefer_css_page_size=True)

    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 2 <= pages <= 5


def test_the_real_orders_are_all_there(people):
    assert Pledge.objects.filter(campaign__code="wujin-2022").count() == 169
