"""Nothing is said twice: stale forms, double clicks, forged fields, and people at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from pledges.choices import ReportState
from pledges.models import ProgressReport
from pledges.queries.reports import newest_id
from tests.cast import PledgeFactory, ReportFactory
from tests.kit.reporting import door, faults_of, typed


def test_who_was_first_is_told_on_a_stale_form_and_the_text_stays(as_lin, pledge, chen, today):
    fields = typed(pledge, value="60", note="我的说明")
    other = ReportFactory(pledge=pledge, as_of=today - timedelta(days=1), value=Decimal(55))

    answer = as_lin.post(door(pledge), fields)

    form = answer.context["form"]
    assert answer.status_code == 409
    assert str(other.author) in answer.content.decode()
    assert (form["value"].value(), form["note"].value()) == ("60", "我的说明")
    assert form["seen"].value() == str(newest_id(pledge))
    assert ProgressReport.objects.count() == 1
    again = as_lin.post(door(pledge), {name: form[name].value() for name in form.fields})
    assert again.status_code == 302


def test_a_double_click_makes_one_row_and_shows_the_same_page(as_lin, pledge):
    fields = typed(pledge)

    answers = [as_lin.post(door(pledge), fields) for _ in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, reverse("work"))] * 2
    assert ProgressReport.objects.count() == 1


def test_the_same_key_with_other_contents_changes_nothing(as_lin, pledge):
    fields = typed(pledge)
    as_lin.post(door(pledge), fields)

    answer = as_lin.post(door(pledge), fields | {"value": "51"})

    assert (answer.status_code, list(faults_of(answer))) == (422, ["__all__"])
    assert ProgressReport.objects.get().value == 50


@pytest.mark.parametrize("missing", ["key", "seen"])
def test_a_form_without_its_hidden_parts_can_be_sent_again(as_lin, pledge, missing):
    answer = as_lin.post(door(pledge), typed(pledge, **{missing: "?"}))

    form = answer.context["form"]
    assert answer.status_code == 422
    assert as_lin.post(door(pledge), {name: form[name].value() for name in form.fields}).status_code == 302


def test_only_the_fields_of_the_form_count(as_lin, pledge, lin, chen, campaign, elsewhere):
    foreign = PledgeFactory(campaign=campaign, department=elsewhere)
    extra = {
        "state": "accepted",
        "author": chen.pk,
        "reviewer": chen.pk,
        "pledge": foreign.pk,
        "pledge_id": foreign.pk,
        "typed_value": "1",
        "corrects": "1",
        "source": "1",
        "submitted_at": "2000-01-01",
    }

    as_lin.post(door(pledge), typed(pledge) | extra)

    report = ProgressReport.objects.get()
    assert (report.state, report.author, report.reviewer, report.pledge) == (
        ReportState.SUBMITTED,
        lin,
        None,
        pledge,
    )
    assert (report.typed_value, report.corrects, report.source) == (50, None, None)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_ten_times_at_once_makes_one_row(pledge, lin):
    fields, barrier = typed(pledge), Barrier(10)

    def send(_):
        browser = Client()
        browser.force_login(lin)
        barrier.wait()
        try:
            answer = browser.post(door(pledge), fields)
            return answer.status_code, answer.get("Location")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(10)))

    assert answers == [(302, reverse("work"))] * 10
    assert ProgressReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_forms_at_once_one_is_told_what_was_said(pledge, lin):
    forms, barrier = [typed(pledge, value="50"), typed(pledge, value="60")], Barrier(2)

    def send(fields):
        browser = Client()
        browser.force_login(lin)
        barrier.wait()
        try:
            return browser.post(door(pledge), fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send, forms))

    assert answers == [302, 409]
    assert ProgressReport.objects.count() == 1
