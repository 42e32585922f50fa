"""What the journeys need: a database other processes see, people who sign in by hand."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PASSWORD = "correct-horse-9"
WIDTHS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 812}}


@pytest.fixture
def sign_in(page, live_server):
    """Sign a person in through the door; returns the page."""

    def through_the_door(user):
        page.goto(f"{live_server.url}/sign-in/")
        page.fill("[name=username]", user.username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_load_state()
        return page

    return through_the_door


@pytest.fixture
def sign_out(page):
    def out():
        page.click(".who form button")
        page.wait_for_load_state()

    return out


@pytest.fixture(scope="session")
def axe():
    return Axe()


def faults_of(axe, page) -> list[str]:
    """What axe finds, one line each."""
    found = axe.run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]
