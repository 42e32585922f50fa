"""A hundred people at one pledge, and a hundred clicks on one button: what was taken is there, once, and told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.choices import Role
from pledges.models import AuditEvent, ProgressReport
from pledges.queries.reports import newest_id
from tests.cast import CampaignFactory, PledgeFactory, person

pytestmark = pytest.mark.django_db(transaction=True)

CROWD, AT_ONCE = 100, 20
"""So many people; no more at a time than a server has workers."""


@pytest.fixture
def pledge(transactional_db, finance):
    today = localdate()
    year = {"starts_on": today - timedelta(days=200), "ends_on": today + timedelta(days=165)}
    campaign = CampaignFactory(code="wujin", **year)
    return PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 1000)])


def typed(pledge, number: int, **fields) -> dict[str, str]:
    """What the person of a number types: everybody another figure of another day."""
    as_of = localdate() - timedelta(days=CROWD - number)
    form = {"value": str(100 + number), "entry": "total", "as_of": as_of.isoformat(), "note": ""}
    return form | {"key": str(uuid4()), "seen": str(newest_id(pledge))} | fields


def all_at_once(pledge, people, forms) -> Counter:
    """Everybody sends their form; how many got which answer."""
    barrier = Barrier(AT_ONCE)
    address = reverse("report-create", args=[pledge.code])

    def send(pair) -> int:
        who, form = pair
        client = Client(raise_request_exception=False)
        client.force_login(who)
        barrier.wait(30)
        try:
            return client.post(address, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(send, zip(people, forms, strict=True)))


def told() -> list[int]:
    """The reports that the audit knows of."""
    return [
        int(key)
        for key in AuditEvent.objects.filter(action="report.submit").values_list("object_id", flat=True)
    ]


def test_a_hundred_reporters_on_one_pledge(pledge, finance):
    people = [person(f"p{number}", f"第{number}人", Role.REPORTER, finance) for number in range(CROWD)]
    forms = [typed(pledge, number) for number in range(CROWD)]

    answers = all_at_once(pledge, people, forms)

    rows = sorted(ProgressReport.objects.values_list("pk", flat=True))
    assert (answers.pop(302), len(rows), sorted(told())) == (1, 1, rows)
    assert set(answers) <= {
        409,
        422,
    }  # who came second, in words: somebody was first, or a later day is told already


class Whatever(int):
    """The newest report, whichever a page has seen."""

    def __ne__(self, _other: object) -> bool:
        return False

    __hash__ = int.__hash__


def test_without_what_each_had_seen_some_would_build_on_what_they_do_not_know(pledge, finance, monkeypatch):
    monkeypatch.setattr("pledges.actions.reports.newest_id", lambda _book: Whatever())
    people = [person(f"p{number}", f"第{number}人", Role.REPORTER, finance) for number in range(AT_ONCE)]
    forms = [typed(pledge, CROWD - number) for number in reversed(range(AT_ONCE))]

    answers = all_at_once(pledge, people, forms)

    assert ProgressReport.objects.count() == answers[302] > 1


def test_a_hundred_clicks_on_one_button(pledge, lin):
    form = typed(pledge, CROWD)

    answers = all_at_once(pledge, [lin] * CROWD, [form] * CROWD)

    report = ProgressReport.objects.get()
    assert (answers, told()) == (Counter({302: CROWD}), [report.pk])
