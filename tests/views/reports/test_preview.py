"""What a number would do, and how it is taken back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.choices import ReportState
from pledges.models import ProgressReport, Standing
from tests.cast import PledgeFactory, ReportFactory, accepted
from tests.kit.reporting import door, typed


def test_the_preview_says_what_the_number_would_do_and_changes_nothing(as_lin, pledge, lin, chen, today):
    accepted(pledge, as_of=today - timedelta(days=5), value=2, reviewer=chen, author=lin)
    before = list(Standing.objects.values_list()), ProgressReport.objects.count()

    page = as_lin.post(door(pledge, "report-preview"), typed(pledge, value="60")).content.decode()

    assert 'class="live live--green" id="live-answer"' in page
    assert "58" in page
    assert "<html" not in page
    assert (list(Standing.objects.values_list()), ProgressReport.objects.count()) == before


def test_the_preview_adds_up_a_period(as_lin, pledge, lin, chen, today):
    accepted(pledge, as_of=today - timedelta(days=5), value=40, reviewer=chen, author=lin)

    answer = as_lin.post(door(pledge, "report-preview"), typed(pledge, value="3", entry="period"))

    assert answer.context["preview"].total == 43
    assert "43" in answer.content.decode()


@pytest.mark.parametrize(
    "fields, complaint",
    [
        ({"value": "12万"}, "Write 120000; the unit stands on the right."),
        ({"value": "-3"}, "This figure cannot be below zero."),
        ({"value": ""}, ""),
    ],
)
def test_the_preview_explains_what_it_cannot_read(as_lin, pledge, fields, complaint):
    answer = as_lin.post(door(pledge, "report-preview"), typed(pledge, **fields))

    assert answer.status_code == 200
    assert answer.context["complaints"] == ([complaint] if complaint else [])
    assert 'id="live-answer"' in answer.content.decode()


def test_the_preview_stands_on_the_page_that_comes_back(as_lin, pledge):
    stale = typed(pledge, value="60")
    ReportFactory(pledge=pledge, as_of=localdate() - timedelta(days=1))

    assert as_lin.post(door(pledge), stale).context["preview"].total == 60


def withdrawal(report):
    return reverse("report-withdraw", args=[report.pk])


def test_an_author_takes_back_what_nobody_has_reviewed(as_lin, pledge, lin):
    report = ReportFactory(pledge=pledge, author=lin)

    answer = as_lin.post(withdrawal(report))

    assert (answer.status_code, answer.url) == (302, reverse("work"))
    assert ProgressReport.objects.get().state == ReportState.WITHDRAWN


def test_a_withdrawal_after_the_decision_is_told_who_decided(as_lin, pledge, lin, chen):
    report = accepted(pledge, as_of=date(2022, 6, 30), value=40, reviewer=chen, author=lin)

    answer = as_lin.post(withdrawal(report))

    assert answer.status_code == 409
    assert "陈督查" in answer.content.decode()
    assert ProgressReport.objects.get().state == ReportState.ACCEPTED


def test_nobody_takes_back_what_another_said(client, pledge, lin, wu, chen, boss):
    report = ReportFactory(pledge=pledge, author=lin)

    statuses = {}
    for person in (wu, chen, boss):
        client.force_login(person)
        statuses[person.username] = client.post(withdrawal(report)).status_code

    assert statuses == {"wu": 404, "chen": 403, "boss": 403}
    assert ProgressReport.objects.get().state == ReportState.SUBMITTED
    client.logout()
    assert client.post(withdrawal(report)).url.split("?")[0] == reverse("sign-in")


def test_the_form_offers_to_withdraw_only_ones_own(as_lin, pledge, lin, campaign, finance):
    other = PledgeFactory(campaign=campaign, department=finance)
    ReportFactory(pledge=pledge, author=lin)
    ReportFactory(pledge=other)

    assert as_lin.get(door(pledge)).context["withdrawable"] is not None
    assert as_lin.get(door(other)).context["withdrawable"] is None
