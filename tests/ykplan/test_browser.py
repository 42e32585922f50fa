"""The eyes of the browser tests: they see what a person would not report."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_sign_in_page_opens_in_a_real_browser_without_a_complaint(page, live_server):
    answer = page.goto(f"{live_server.url}/sign-in/")

    assert answer.status == 200
    assert page.locator("input[name=username]").is_visible()


def test_console_errors_and_requests_to_other_sites_are_seen(page, live_server, page_faults):
    page.goto(f"{live_server.url}/sign-in/")

    page.evaluate("console.error('first')")
    page.evaluate("new Image().src = 'http://elsewhere.invalid/dot.png'")
    page.wait_for_timeout(200)

    assert page_faults[0] == "console: first"
    assert any(fault.startswith("console:") and "elsewhere.invalid" in fault for fault in page_faults[1:])
    page_faults.clear()


def test_hashed_style_sheet_is_served_as_in_production(page, live_server):
    page.goto(f"{live_server.url}/sign-in/")
    links = page.locator("link[rel=stylesheet]").evaluate_all("links => links.map(link => link.href)")

    assert links
    assert {page.request.get(link).status for link in links} == {200}
