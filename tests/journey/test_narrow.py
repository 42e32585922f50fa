"""Names and words without a place to break: on a phone they break all the same, and the page keeps its width."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from pledges.models import Blocker
from tests.cast import DepartmentFactory, PledgeFactory, accepted
from tests.journey.conftest import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_NAME = "市级重大产业项目建设推进工作领导小组办公室综合协调处"
UNBROKEN = "Ab" * 100
BEYOND = "w" * 300
JUNE_30, JULY_1 = date(2022, 6, 30), date(2022, 7, 1)


@pytest.fixture
def addresses(campaign, li, lin, chen) -> list[str]:
    """An alert, one behind and one to come, with words that do not break, and what stands in their way."""
    department = DepartmentFactory(name=LONG_NAME)
    facts = {"campaign": campaign, "department": department, "title": UNBROKEN, "unit": "平方米"}
    alert = PledgeFactory(**facts, stones=[(date(2022, 1, 20), 5), (JUNE_30, 10), (date(2022, 7, 20), 20)])
    behind = PledgeFactory(**facts, quote=BEYOND)
    coming = PledgeFactory(**facts, stones=[(date(2022, 7, 10), 5)])
    for pledge in (behind, coming):
        accepted(pledge, as_of=JUNE_30, value=20, reviewer=chen, author=lin)
    words = {"weakness": BEYOND, "remedy": BEYOND, "due": JULY_1, "raised_by": li}
    blocker = Blocker.objects.create(pledge=alert, department=department, **words)
    Blocker.objects.update(raised_at=datetime(2022, 6, 30, tzinfo=UTC))
    whole = [
        reverse(name, args=[campaign.code])
        for name in ("overview", "pledge-list", "blocker-list", "blocker-paper", "article")
    ]
    pledges = [reverse("pledge-detail", args=[each.code]) for each in (alert, behind, coming)]
    forms = [
        reverse(name, args=[alert.code])
        for name in ("report-create", "directive-create", "blocker-create", "pledge-history")
    ]
    department_page = reverse("department-detail", args=[campaign.code, department.code])
    return [
        *whole,
        *pledges,
        *forms,
        department_page,
        reverse("blocker-remove", args=[blocker.pk]),
        reverse("work"),
    ]


def width_of(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def test_no_word_is_too_long_for_a_phone_or_a_desk(addresses, boss, sign_in, live_server):
    page = sign_in(boss)
    found = {}
    for address in addresses:
        page.goto(f"{live_server.url}{address}?on={JULY_1}")
        for name, size in WIDTHS.items():
            page.set_viewport_size(size)
            found[address, name] = width_of(page)

    assert found == {(address, name): WIDTHS[name]["width"] for address in addresses for name in WIDTHS}
