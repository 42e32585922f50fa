"""Lin types a number, Chen accepts it, the light turns, the mayor sees it. In a real browser."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.contrib.sessions.models import Session

from pledges.choices import ReportState
from pledges.models import ProgressReport
from tests.cast import PledgeFactory, accepted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = "2022-09-20T10:00:00+08:00"


@pytest.fixture(autouse=True)
def september():
    with time_machine.travel(TODAY, tick=True):
        yield


@pytest.fixture
def series(campaign, finance, lin, chen):
    pledge = PledgeFactory(
        campaign=campaign,
        department=finance,
        number="14-02",
        title="累计新增股份制改造企业34家",
        quote="6月底前累计新增股份制改造企业16家",
        stones=[(date(2022, 6, 30), 16), (date(2022, 9, 30), 24), (date(2022, 12, 31), 34)],
    )
    accepted(pledge, as_of=date(2022, 8, 31), value=17, reviewer=chen, author=lin)
    return pledge


def light_shown(page) -> str:
    classes = page.locator(".verdict").get_attribute("class").split()
    return next(name.removeprefix("verdict--") for name in classes if name.startswith("verdict--"))


def test_from_the_clerk_to_the_overview(series, lin, chen, li, sign_in, sign_out, live_server):
    page = sign_in(lin)
    page.click(".tasks a.btn--go")
    page.fill("[name=value]", "２３")
    page.locator("#live-answer .light--green").wait_for()
    page.fill("[name=note]", "9 月新增 6 家")
    page.click("#report button.btn--go")
    page.wait_for_url("**/work/")
    report = ProgressReport.objects.get(state=ReportState.SUBMITTED)
    assert (report.value, report.author) == (Decimal(23), lin)
    page.goto(f"{live_server.url}/pledges/{series.code}/")
    assert light_shown(page) == "yellow"
    sign_out()

    page = sign_in(chen)
    page.click(".queue a")
    page.locator("#accept").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.locator(".note.said, .empty").first.wait_for()
    report.refresh_from_db()
    assert (report.state, report.reviewer) == (ReportState.ACCEPTED, chen)
    sign_out()

    page = sign_in(li)
    assert page.locator(".strip li:nth-child(3) .n").inner_text().startswith("1")
    page.click(".strip li:nth-child(3) a")
    page.click("td a.name")
    assert light_shown(page) == "green"
    assert page.locator(".chart--desk").count() == 1


def test_what_was_typed_wrong_is_kept_and_explained(series, lin, sign_in, live_server, page_faults):
    page = sign_in(lin)
    page.goto(f"{live_server.url}/pledges/{series.code}/report/")
    page.fill("[name=value]", "23家")
    page.fill("[name=note]", "不能丢")
    page.click("#report button.btn--go")

    page.locator(".errors").wait_for()
    assert page.input_value("[name=value]") == "23家"
    assert page.input_value("[name=note]") == "不能丢"
    assert "23" in page.locator(".has-error .error").first.inner_text()
    assert ProgressReport.objects.count() == 1
    page_faults.clear()  # the browser reports the 422 itself


def test_a_double_click_makes_one_report(series, lin, sign_in, live_server):
    page = sign_in(lin)
    page.goto(f"{live_server.url}/pledges/{series.code}/report/")
    page.fill("[name=value]", "23")
    page.dblclick("#report button.btn--go")
    page.wait_for_url("**/work/")

    assert ProgressReport.objects.filter(state=ReportState.SUBMITTED).count() == 1


def test_back_and_send_again_makes_one_report(series, lin, sign_in, live_server, page_faults):
    page = sign_in(lin)
    page.goto(f"{live_server.url}/pledges/{series.code}/report/")
    page.fill("[name=value]", "23")
    page.click("#report button.btn--go")
    page.wait_for_url("**/work/")
    page.go_back()
    page.fill("[name=value]", "23")
    page.click("#report button.btn--go")
    page.locator(".errors").wait_for()

    assert ProgressReport.objects.filter(state=ReportState.SUBMITTED).count() == 1
    page_faults.clear()  # the browser reports the 422 itself


def test_a_returned_report_comes_back_with_its_reason(series, lin, chen, sign_in, sign_out, live_server):
    page = sign_in(lin)
    page.goto(f"{live_server.url}/pledges/{series.code}/report/")
    page.fill("[name=value]", "23")
    page.click("#report button.btn--go")
    page.wait_for_url("**/work/")
    sign_out()

    page = sign_in(chen)
    page.click(".queue a")
    page.locator("#accept").wait_for()
    page.keyboard.press("r")
    page.keyboard.type("请附名单")
    page.click("button.btn--back")
    page.wait_for_load_state()
    sign_out()

    page = sign_in(lin)
    assert "请附名单" in page.locator(".tasks .why--back").inner_text()
    page.click(".tasks a.btn--go")
    assert page.input_value("[name=value]") == "23"


def test_the_language_switches_and_stays(series, li, sign_in, live_server):
    page = sign_in(li)
    page.click(".foot button[name=language]")
    page.wait_for_load_state()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".nav a[aria-current]").inner_text() == "Overview"


def test_from_overview_to_the_printed_words_by_keyboard(series, li, sign_in, live_server):
    page = sign_in(li)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for address in (f"/campaigns/{series.campaign.code}/departments/", f"/pledges/{series.code}/"):
        reach(page, address)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}**")


def reach(page, address):
    """Press Tab until a link to the address has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if address in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
            return
    pytest.fail(f"no way to {address} by keyboard")


def test_what_was_typed_survives_a_session_that_ends(series, lin, sign_in, live_server, page):
    sign_in(lin)
    page.goto(f"{live_server.url}/pledges/{series.code}/report/")
    page.fill("[name=value]", "23")
    page.fill("[name=note]", "写了很久的说明")
    page.locator("#live-answer .light--green").wait_for()
    Session.objects.all().delete()
    page.fill("[name=value]", "24")
    page.get_by_text("您已退出登录").wait_for()

    sign_in(lin)
    page.goto(f"{live_server.url}/pledges/{series.code}/report/")

    assert page.input_value("[name=value]") == "24"
    assert page.input_value("[name=note]") == "写了很久的说明"
    page.click("#report button.btn--go")
    page.wait_for_url("**/work/")
    page.goto(f"{live_server.url}/pledges/{series.code}/report/")
    assert page.input_value("[name=note]") == ""
