"""The report form's doors: who comes in, and what is explained."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from pledges.actions.standings import rebuild_standings
from pledges.choices import Basis, ReportState
from pledges.models import ProgressReport
from tests.cast import PledgeFactory, ReportFactory, accepted
from tests.kit.reporting import door, faults_of, typed

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


def test_the_form_costs_the_same_for_one_report_and_three(as_lin, pledge, lin, cost_of):
    ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, 1))
    one = cost_of(as_lin, door(pledge))
    for day in (2, 3):
        ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, day))

    assert cost_of(as_lin, door(pledge)) == one <= 15
