"""The report form's doors: who comes in, what is explained, and that nothing is said twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.actions.standings import rebuild_standings
from pledges.choices import Basis, ReportState
from pledges.models import ProgressReport, Standing
from pledges.queries.reports import newest_id
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory, accepted


@pytest.fixture
def today():
    return localdate()


@pytest.fixture
def campaign(db, today):
    """A campaign of the current year, so that pages may speak of today."""
    return CampaignFactory(
        code="wujin", starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=165)
    )


@pytest.fixture
def pledge(campaign, finance):
    return PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 100)])


@pytest.fixture
def as_lin(client, lin):
    client.force_login(lin)
    client.cookies["language"] = "en"
    return client


def door(pledge, name="report-create"):
    return reverse(name, args=[pledge.code])


def typed(pledge, **fields):
    return {
        "value": "50",
        "entry": "total",
        "as_of": localdate().isoformat(),
        "note": "",
        "key": str(uuid4()),
        "seen": str(newest_id(pledge)),
    } | fields


DOORS = ["report-create", "report-preview"]


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_sent_to_the_sign_in(client, pledge, name, method):
    answer = getattr(client, method)(door(pledge, name))

    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("sign-in"))


@pytest.mark.parametrize("name", DOORS)
def test_another_departments_pledge_does_not_exist(client, pledge, wu, name):
    client.force_login(wu)

    assert client.post(door(pledge, name), typed(pledge)).status_code == 404
    assert client.get(door(pledge)).status_code == 404
    assert ProgressReport.objects.count() == 0


@pytest.mark.parametrize("role", ["chen", "li"])
@pytest.mark.parametrize("name", DOORS)
def test_who_sees_a_pledge_but_does_not_report_is_refused(client, pledge, request, role, name):
    client.force_login(request.getfixturevalue(role))

    assert client.post(door(pledge, name), typed(pledge)).status_code == 403
    assert client.get(door(pledge)).status_code == 403
    assert ProgressReport.objects.count() == 0


def test_wrong_methods_are_refused(as_lin, pledge, lin):
    report = ReportFactory(pledge=pledge, author=lin)

    assert as_lin.put(door(pledge)).status_code == 405
    assert as_lin.get(door(pledge, "report-preview")).status_code == 405
    assert as_lin.get(reverse("report-withdraw", args=[report.pk])).status_code == 405


def test_an_unknown_pledge_is_not_found(as_lin):
    assert as_lin.get(reverse("report-create", args=["none"])).status_code == 404


def test_a_report_is_made_and_waits(as_lin, pledge, lin, today):
    answer = as_lin.post(door(pledge), typed(pledge, value="12", note="见名单"))

    assert (answer.status_code, answer.url) == (302, reverse("work"))
    report = ProgressReport.objects.get()
    assert (report.pledge, report.author, report.state) == (pledge, lin, ReportState.SUBMITTED)
    assert (report.value, report.as_of, report.note) == (12, today, "见名单")


def test_the_administrator_reports_for_anyone_and_returns_to_the_pledge(client, pledge, boss):
    client.force_login(boss)

    answer = client.post(door(pledge), typed(pledge))

    assert (answer.status_code, answer.url) == (302, pledge.get_absolute_url())


FULL_WIDTH = [
    ("１２３", "123"),
    ("１２３．５", "123.5"),
    ("12,345", "12345"),
    ("１２，３４５", "12345"),
    ("\u3000 7\u00a0", "7"),
]


@pytest.mark.parametrize("text, value", FULL_WIDTH)
def test_numbers_as_chinese_keyboards_write_them_are_taken(as_lin, campaign, finance, text, value):
    pledge = PledgeFactory(
        campaign=campaign, department=finance, unit="亿元", stones=[(campaign.ends_on, 100)]
    )

    assert as_lin.post(door(pledge), typed(pledge, value=text, note="口径已核")).status_code == 302
    assert ProgressReport.objects.get().value == Decimal(value)


REFUSED = [
    "", " ", "10²", "①②", "½", "12㎡", "\U0001d7cf\U0001d7d0", "1,2,3", "12,34", "1，2345", "1_000", "٣", "๓", "1e5", "0.1e1",
    "12万", "12%", "¥12", "12 个", "约100", "≥5", "一百二十三", "\u3007", "NaN", "Infinity", "-Infinity", "1e400",
    "1E+1000000", "1.00005", "999999999999999", "+5", "12\u200b", "<b>1</b>", "\x00", "1" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:24])
def test_bad_numbers_are_explained_and_kept_and_change_nothing(as_lin, pledge, text):
    answer = as_lin.post(door(pledge), typed(pledge, value=text, note="我的说明"))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["value"]
    assert (form["value"].value(), form["note"].value()) == (text, "我的说明")
    assert ProgressReport.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "46000",
        "0001-01-01",
        "9999-12-31",
        "31.12.2026",
        "昨天",
        "",
        "2026-13-01",
        "<i>",
        "\x00",
    ],
)
def test_bad_days_are_explained_and_kept(as_lin, pledge, text):
    answer = as_lin.post(door(pledge), typed(pledge, as_of=text))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["as_of"]
    assert answer.context["form"]["as_of"].value() == text
    assert ProgressReport.objects.count() == 0


def faults_of(answer):
    return {
        name: [str(sentence) for sentence in found] for name, found in answer.context["form"].errors.items()
    }


def test_the_rules_of_reporting_stand_beside_their_fields(as_lin, pledge, lin, chen, today):
    accepted(pledge, as_of=today - timedelta(days=5), value=40, reviewer=chen, author=lin)
    cases = [
        ({"value": "-1"}, "value"),
        ({"value": "40.5"}, "value"),
        ({"value": "30"}, "note"),
        ({"as_of": (today + timedelta(days=1)).isoformat()}, "as_of"),
        ({"as_of": (today - timedelta(days=6)).isoformat()}, "as_of"),
        ({"as_of": "2000-01-01"}, "as_of"),
        ({"as_of": (today - timedelta(days=5)).isoformat(), "value": "45"}, "note"),
        ({"entry": "period", "value": "99999999999999"}, "value"),
    ]

    answers = [as_lin.post(door(pledge), typed(pledge, **fields)) for fields, _ in cases]

    assert [answer.status_code for answer in answers] == [422] * len(cases)
    assert [at in faults_of(answer) for answer, (_, at) in zip(answers, cases, strict=True)] == [True] * len(
        cases
    )
    assert ProgressReport.objects.count() == 1


def test_a_share_over_a_hundred_is_refused(as_lin, campaign, finance):
    share = PledgeFactory(
        campaign=campaign, department=finance, unit="%", basis=Basis.SHARE, baseline=Decimal(1)
    )

    answer = as_lin.post(door(share), typed(share, value="100.1"))

    assert (answer.status_code, list(faults_of(answer))) == (422, ["value"])


def test_the_error_page_leads_from_the_summary_to_the_field(as_lin, pledge):
    page = as_lin.post(door(pledge), typed(pledge, value="12万")).content.decode()

    assert '<a href="#id_value">Figure: Write 120000; the unit stands on the right.</a>' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_value_helptext id_value_error"' in page
    assert 'id="id_value_error"' in page
    assert 'class="field has-error"' in page


def test_typed_markup_stays_text(as_lin, pledge):
    page = as_lin.post(
        door(pledge), typed(pledge, value='"><script>x()</script>', note="<img src=x>")
    ).content.decode()

    assert "<script>x()" not in page
    assert "<img src=x>" not in page


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


def test_the_form_shows_where_the_pledge_is(as_lin, pledge, lin, chen, today):
    accepted(pledge, as_of=today - timedelta(days=5), value=40, reviewer=chen, author=lin)

    answer = as_lin.get(door(pledge))

    assert answer.status_code == 200
    assert answer.context["line"].verdict.actual == 40
    assert [report.value for report in answer.context["background"].recent] == [40]


def test_a_returned_report_shows_its_reason_and_can_be_sent_as_it_was(as_lin, pledge, lin, chen, today):
    ReportFactory(
        pledge=pledge,
        author=lin,
        as_of=today,
        value=Decimal(43),
        state=ReportState.RETURNED,
        reviewer=chen,
        reviewed_at="2022-07-01T10:00+08:00",
        return_reason="请附名单",
    )
    answer = as_lin.get(door(pledge))
    form = answer.context["form"]

    assert "请附名单" in answer.content.decode()
    again = as_lin.post(door(pledge), {name: form[name].value() or "" for name in form.fields})
    assert again.status_code == 302
    assert ProgressReport.objects.waiting().get().value == 43


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


def test_a_shared_pledge_is_reported_into_one_book(client, campaign, finance, elsewhere, wu):
    first = PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 100)])
    second = PledgeFactory(
        campaign=campaign, department=elsewhere, shared_with=first, stones=[(campaign.ends_on, 100)]
    )
    rebuild_standings([first, second])
    client.force_login(wu)

    assert client.get(door(second)).status_code == 200
    assert client.post(door(second), typed(second)).status_code == 302
    assert ProgressReport.objects.get().pledge == first
    assert client.get(door(first)).status_code == 404


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


def test_the_form_costs_the_same_for_one_report_and_three(as_lin, pledge, lin, cost_of):
    ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, 1))
    one = cost_of(as_lin, door(pledge))
    for day in (2, 3):
        ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, day))

    assert cost_of(as_lin, door(pledge)) == one <= 15
