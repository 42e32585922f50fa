"""A board full of ill-meant texts in a real browser: nothing runs, nothing leaves the site, nobody complains."""

import pytest

from tests.kit.board import tell
from tests.kit.payloads import fill
from tests.test_matrix import MATRIX

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LISTEN = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print"]) { window[name] = (words) => window.ran.push(`${name} ${words}`); }
document.addEventListener("securitypolicyviolation", (event) => window.ran.push(`policy ${event.violatedDirective} ${event.blockedURI}`));
"""
LEFT_OUT = {
    *("home", "set_language", "healthz", "calendar-feed", "sign-in", "feed-make", "pledge-reopen"),
    *("briefing-docx", "board-xlsx", "evidence", "sheet-detail", "sheet-faults", "audit-list"),
}
"""No page, or a page that leads on, or another person's."""

PAGES = [name for name, (get, _post) in MATRIX.items() if get.split()[-1] == "200" and name not in LEFT_OUT]


@pytest.fixture
def poisoned(board, campaign, pledge):
    fill(0)
    tell(pledge)
    campaign.refresh_from_db()
    return board


def walk(page, site, address_of) -> list[str]:
    """What ran on a page or was refused by its policy, and the pages that did not come."""
    found = []
    for name in PAGES:
        answer = page.goto(f"{site}{address_of(name)}")
        page.mouse.move(200, 300)
        if answer.status != 200:  # a console would only say that something was not found
            found.append(f"{name}: {answer.status} {answer.url}")
        found += [f"{name}: {each}" for each in page.evaluate("window.ran")]
    return found


@pytest.fixture
def listening(page):
    page.add_init_script(LISTEN)
    page.on("dialog", lambda dialog: dialog.dismiss())
    return page


def test_nothing_runs_and_nobody_complains(
    listening, people, poisoned, address_of, live_server, sign_in, page_faults
):
    page = sign_in(people["superuser"])

    assert walk(page, live_server.url, address_of) == []
    assert page_faults == []
    assert len(PAGES) >= 30


def test_without_escaping_the_policy_would_have_to_refuse(
    listening,
    people,
    poisoned,
    address_of,
    live_server,
    sign_in,
    page_faults,
    monkeypatch,
):
    """The twin: with every text let through as it is, the browser says so; and even then the policy lets nothing run."""
    page = sign_in(people["superuser"])
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    page.goto(f"{live_server.url}{address_of('pledge-detail')}")
    refused = page.evaluate("window.ran")

    assert any(each.startswith("policy") for each in refused)
    assert not any(each.startswith("alert") for each in refused)
    page_faults.clear()
