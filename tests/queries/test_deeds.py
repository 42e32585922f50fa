"""The history of a pledge: who did what, when and why, for all who see it."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import translation

from pledges.actions.audit import record, record_command
from pledges.models import AuditEvent
from pledges.queries.audit_log import events_like
from pledges.queries.deeds import NEWEST, deed_of, deed_words, deeds_on, newest_deeds
from tests.cast import PledgeFactory

pytestmark = pytest.mark.django_db
DAY = date(2022, 7, 1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"), time_machine.travel(datetime(2022, 7, 1, 1, tzinfo=UTC), tick=True):
        yield


def told(pledge) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(deed.words, deed.details) for deed in newest_deeds(pledge, until=DAY)[0]]


def test_a_deed_tells_what_and_why_and_no_address(pledge, lin):
    said = {"as_of": date(2022, 6, 30), "value": "12.5", "note": "", "token": "x", "ip": "10.0.0.1"}
    record("report.submit", pledge, actor=lin, after=said)
    deed = newest_deeds(pledge, until=DAY)[0][0]

    assert (deed.words, deed.details) == (
        "reported progress",
        [("as of", "30 June 2022"), ("figure", "12.5\N{NO-BREAK SPACE}家")],
    )
    assert deed.at.date() == DAY


def test_what_cannot_be_read_is_told_as_it_stands(pledge, lin):
    record("extension.ask", pledge, actor=lin, after={"new_due": "soon", "value": "many", "reason": "台风"})

    assert told(pledge)[0][1] == [("figure", "many"), ("reason", "台风"), ("new day", "soon")]


def test_what_an_administrator_changed_is_told_field_by_field(pledge, boss):
    before = {"title": "旧", "milestone 7": {"due": "2022-12-31", "target": None}}
    after = {"title": "新", "milestone 7": None, "departments": ["金融办"], "password": "x", "nobody": ""}
    record("admin.change", pledge, actor=boss, before=before, after=after)
    details = dict(told(pledge)[0][1])

    assert details["Milestone 7"].endswith("→ —")
    assert "旧 → 新" in details.values()
    assert details["password"] == "— → ***"
    assert details["departments"] == "— → 金融办"


def test_a_shared_number_has_one_history_and_looking_is_no_part_of_it(pledge, campaign, lin):
    shared = PledgeFactory(campaign=campaign, shared_with=pledge)
    record("report.submit", pledge, actor=lin)
    record("evidence.download", pledge, actor=lin)
    record("nudge.make", shared, actor=lin)
    record("directive.make", pledge, actor=lin)  # a word to the lead alone

    assert [event.action for event in deeds_on(shared, until=DAY)] == ["nudge.make", "report.submit"]
    assert [event.action for event in deeds_on(pledge, until=DAY)] == ["directive.make", "report.submit"]
    assert not deeds_on(pledge, until=date(2022, 6, 30)).exists()


def test_the_page_of_a_pledge_has_the_newest_for_one_query(pledge, lin, django_assert_num_queries):
    for _ in range(NEWEST):
        record("nudge.make", pledge, actor=lin)
    assert newest_deeds(pledge, until=DAY)[1] is False
    record("directive.make", pledge, actor=lin)

    with django_assert_num_queries(1):
        deeds, has_older = newest_deeds(pledge, until=DAY)
    assert (len(deeds), deeds[0].words, has_older) == (NEWEST, "left a directive", True)


def test_what_nobody_has_words_for_is_told_by_its_name(db):
    record_command("load_orders", year=2022)

    assert deed_words(AuditEvent.objects.get().action) == "ran the command load_orders"
    assert deed_words("something.new") == "something.new"


def test_an_event_without_contents_has_no_details(pledge, lin):
    record("directive.close", pledge, actor=lin)

    assert deed_of(AuditEvent.objects.get(), pledge).details == []


@pytest.mark.parametrize(
    "asked, found",
    [
        ({}, 2),
        ({"who": "林"}, 1),
        ({"who": "10.0.0.1"}, 0),
        ({"action": "nudge.make"}, 1),
        ({"action": "no.such"}, 2),
        ({"outcome": "denied"}, 0),
        ({"outcome": "?"}, 2),
        ({"since": DAY, "until": DAY}, 2),
        ({"since": date(2022, 7, 2)}, 0),
        ({"until": date(2022, 6, 30)}, 0),
    ],
)
def test_an_auditor_asks_by_person_action_outcome_and_day(pledge, lin, chen, asked, found):
    record("nudge.make", pledge, actor=chen)
    record("report.submit", pledge, actor=lin)

    assert events_like(**asked).count() == found
