"""A report is decided by four eyes, once, and the next one opens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from pledges.actions.reports import accept_report, return_report
from pledges.choices import ReportState
from pledges.models import LightChange, ProgressReport, Standing
from pledges.queries import reviews
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory
from tests.kit.reviewing import DECISIONS, QUEUE, door


@pytest.mark.parametrize("name, fields", DECISIONS)
def test_the_walk_through_the_refusals(client, report, lin, wu, li, name, fields):
    assert client.post(door(name, report), fields).url.split("?")[0] == reverse("sign-in")
    statuses = {}
    for person in (wu, lin, li):
        client.force_login(person)
        statuses[person.username] = client.post(door(name, report), fields).status_code

    assert statuses == {"wu": 404, "lin": 403, "li": 403}
    assert ProgressReport.objects.get().state == ReportState.SUBMITTED


@pytest.mark.parametrize("name", ["report-accept", "report-return"])
def test_deciding_is_a_post(as_chen, report, name):
    assert as_chen.get(door(name, report)).status_code == 405
    assert as_chen.post(QUEUE).status_code == 405
    assert as_chen.post(door("review-detail", report)).status_code == 405


@pytest.mark.parametrize("pk", [0, 10**9, 10**30])
def test_an_unknown_report_is_not_found(as_chen, pk):
    assert as_chen.get(f"/review/{pk}/").status_code == 404
    assert as_chen.post(f"/reports/{pk}/accept/").status_code == 404


def test_accepting_turns_the_light_and_opens_the_next(as_chen, report, another, chen, today):
    following = another()

    answer = as_chen.post(door("report-accept", report), {"next": following.pk})

    assert (answer.status_code, answer.url) == (302, door("review-detail", following))
    report.refresh_from_db()
    assert (report.state, report.reviewer) == (ReportState.ACCEPTED, chen)
    assert Standing.objects.on(today).get(pledge=report.pledge).light == "green"
    assert LightChange.objects.get().report == report


def test_returning_keeps_the_light_and_opens_the_next(as_chen, report, another, today):
    following = another()

    answer = as_chen.post(door("report-return", report), {"next": following.pk, "reason": "请附名单"})

    assert (answer.status_code, answer.url) == (302, door("review-detail", following))
    report.refresh_from_db()
    assert (report.state, report.return_reason) == (ReportState.RETURNED, "请附名单")
    assert Standing.objects.on(today).get(pledge=report.pledge).light == "grey"


@pytest.mark.parametrize("following", ["", "x", "-1", "１", "9" * 40, "999999", "//evil"])
def test_a_next_that_does_not_wait_leads_to_the_queue(as_chen, report, following):
    assert as_chen.post(door("report-accept", report), {"next": following}).url == QUEUE


def test_the_page_names_the_next_and_the_previous(as_chen, another):
    first, second, third = (another() for _ in range(3))

    context = as_chen.get(door("review-detail", first)).context

    assert (context["following"], context["preceding"]) == (second, third)
    assert f'name="next" value="{second.pk}"' in as_chen.get(QUEUE).content.decode()


def test_a_return_without_a_reason_is_explained_and_changes_nothing(as_chen, report):
    answer = as_chen.post(door("report-return", report), {"reason": "  ", "usual": "other"})

    assert answer.status_code == 422
    assert "Write why, so that it can be mended." in answer.content.decode()
    assert [radio.data["value"] for radio in answer.context["form"]["usual"] if radio.data["selected"]] == [
        "other"
    ]
    assert ProgressReport.objects.get().state == ReportState.SUBMITTED


def test_a_reason_too_long_is_explained_and_kept(as_chen, report):
    answer = as_chen.post(door("report-return", report), {"reason": "长" * 901})

    assert (answer.status_code, answer.context["form"]["reason"].value()) == (422, "长" * 901)
    assert ProgressReport.objects.get().state == ReportState.SUBMITTED


@pytest.mark.parametrize("name, fields", [*DECISIONS, ("report-return", {})])
def test_nobody_reviews_their_own_report(client, boss, pledge, today, name, fields):
    own = ReportFactory(pledge=pledge, author=boss, as_of=today)
    client.force_login(boss)
    client.cookies["language"] = "en"

    assert client.post(door(name, own), fields).status_code == 403
    page = client.get(door("review-detail", own)).content.decode()
    assert "somebody else must review it" in page
    assert 'id="accept"' not in page
    assert ProgressReport.objects.get().state == ReportState.SUBMITTED


def test_who_comes_second_is_told_who_was_first(as_chen, report, zhao, today):
    accept_report(report, reviewer=zhao, today=today)

    answer = as_chen.post(door("report-return", report), {"reason": "请附名单<b>"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "赵督查" in page
    assert "请附名单&lt;b&gt;</textarea>" in page
    report.refresh_from_db()
    assert (report.state, report.reviewer) == (ReportState.ACCEPTED, zhao)


def test_the_same_decision_by_another_is_told_all_the_same(as_chen, report, zhao, today):
    accept_report(report, reviewer=zhao, today=today)

    answer = as_chen.post(door("report-accept", report))

    assert answer.status_code == 409
    assert "赵督查" in answer.content.decode()


def test_accepting_what_was_returned_meanwhile_changes_nothing(as_chen, report, zhao):
    return_report(report, reviewer=zhao, reason="附件")

    answer = as_chen.post(door("report-accept", report))

    assert answer.status_code == 409
    assert "赵督查" in answer.content.decode()
    assert LightChange.objects.count() == 0


def test_a_withdrawn_report_can_no_longer_be_decided(as_chen, report):
    ProgressReport.objects.filter(pk=report.pk).update(state=ReportState.WITHDRAWN)

    assert as_chen.post(door("report-accept", report)).status_code == 409


@pytest.mark.parametrize("name, fields", DECISIONS)
def test_a_double_click_is_no_conflict(as_chen, report, name, fields):
    answers = [as_chen.post(door(name, report), fields) for _ in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, QUEUE)] * 2
    assert LightChange.objects.count() == (1 if name == "report-accept" else 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told(report, chen, zhao):
    barrier = Barrier(2)

    def decide(person, name, fields):
        browser = Client()
        browser.force_login(person)
        barrier.wait()
        try:
            answer = browser.post(door(name, report), fields)
            return answer.status_code, answer.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        accepting = pool.submit(decide, chen, *DECISIONS[0])
        returning = pool.submit(decide, zhao, *DECISIONS[1])
        answers = {"chen": accepting.result(), "zhao": returning.result()}

    report.refresh_from_db()
    winner = report.reviewer.username
    loser = "zhao" if winner == "chen" else "chen"
    assert (answers[winner][0], answers[loser][0]) == (302, 409)
    assert report.reviewer.name in answers[loser][1]
    assert report.state == (ReportState.ACCEPTED if winner == "chen" else ReportState.RETURNED)


def test_a_handled_report_says_by_whom_and_leads_on(as_chen, report, another, zhao, today):
    following = another()
    accept_report(report, reviewer=zhao, today=today)

    page = as_chen.get(door("review-detail", report)).content.decode()

    assert "赵督查" in page
    assert 'id="accept"' not in page
    assert f'href="{door("review-detail", following)}"' in page


def test_a_report_behind_the_shown_ones_can_still_be_opened(monkeypatch, as_chen, another):
    monkeypatch.setattr(reviews, "SHOWN", 1)
    another(submitted_at=now() - timedelta(days=3))
    new = another()

    assert as_chen.get(door("review-detail", new)).context["item"].report == new


def test_the_last_decision_leads_to_the_empty_queue(as_chen, report):
    page = as_chen.post(door("report-accept", report), {"next": ""}, follow=True).content.decode()

    assert "Everything has been decided." in page


def test_an_old_deadline_does_not_matter_to_reviewing(as_chen, lin, finance):
    old = PledgeFactory(
        campaign=CampaignFactory(starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31)),
        department=finance,
        stones=[(date(2020, 12, 31), 9)],
    )
    report = ReportFactory(pledge=old, author=lin, as_of=date(2020, 12, 31), value=Decimal(9))

    assert as_chen.post(door("report-accept", report)).status_code == 302
