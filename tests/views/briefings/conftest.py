"""The first of August, in the supervision office."""

from datetime import date
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from tests.cast import PledgeFactory, accepted
from tests.kit.pages import EVIL
from tests.kit.paper import DAY, MIDYEAR


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2022-08-01T10:00:00+08:00", tick=False):
        yield date(2022, 8, 1)


@pytest.fixture
def alert(campaign, finance, chen, lin):
    pledge = PledgeFactory(campaign=campaign, department=finance, title=f"新增企业{EVIL}")
    accepted(pledge, as_of=MIDYEAR - DAY, value=5, reviewer=chen, author=lin)
    return pledge


@pytest.fixture
def draft(office, campaign):
    def opened(**query):
        return office.get(f"{reverse('briefing-draft', args=[campaign.code])}?{urlencode(query)}")

    return opened


@pytest.fixture
def issue(office, campaign):
    def sent(**form):
        return office.post(reverse("briefing-issue", args=[campaign.code]), form)

    return sent
