"""Names and doubts on the pages: the form keeps and asks, the reviewer sees, the pledge shows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from pledges.actions.ledger_entries import list_names
from pledges.models import LedgerEntry, ProgressReport
from tests.cast import PledgeFactory, ReportFactory, accepted
from tests.kit.reporting import door
from tests.kit.reporting import typed as report_typed


@pytest.fixture
def in_yuan(campaign, finance, lin, chen, today):
    """A sum of money whose last figure is small."""
    pledge = PledgeFactory(
        campaign=campaign, department=finance, unit="亿元", stones=[(campaign.ends_on, 100)]
    )
    accepted(pledge, as_of=today - timedelta(days=30), value="0.5", reviewer=chen, author=lin)
    return pledge


def typed(pledge, **fields):
    """The form of a campaign that asks for names."""
    return report_typed(pledge, **{"names": ""} | fields)


def named(report, *names):
    list_names(report, names)
    return report


def test_the_box_is_there_for_counts_only(as_lin, pledge, in_yuan):
    assert "names" in as_lin.get(door(pledge)).context["form"].fields
    assert "names" not in as_lin.get(door(in_yuan)).context["form"].fields


def test_the_names_accepted_last_stand_in_the_box(as_lin, pledge, lin, chen, today):
    named(
        accepted(pledge, as_of=today - timedelta(days=30), value=2, reviewer=chen, author=lin), "甲厂", "乙厂"
    )

    assert as_lin.get(door(pledge)).context["form"]["names"].value() == "甲厂\n乙厂"


def test_what_came_back_stands_in_the_box_instead(as_lin, pledge, lin, chen, today):
    back = ReportFactory(
        pledge=pledge, as_of=today, value=1, author=lin, state="returned", reviewer=chen, return_reason="错"
    )
    named(back, "丙厂")

    assert as_lin.get(door(pledge)).context["form"]["names"].value() == "丙厂"


def test_a_pasted_list_is_kept_with_the_report(as_lin, pledge):
    answer = as_lin.post(door(pledge), typed(pledge, value="2", names="1、甲厂\n2、乙厂"))

    assert answer.status_code == 302
    assert list(LedgerEntry.objects.values_list("name", flat=True)) == ["甲厂", "乙厂"]


def test_the_difference_is_told_at_the_box_and_the_text_stays(as_lin, pledge):
    answer = as_lin.post(door(pledge), typed(pledge, value="7", names="1、甲厂\n2、乙厂"))

    assert answer.status_code == 422
    assert answer.context["form"].errors["names"] == [
        "7\N{NO-BREAK SPACE}家 is reported and the list has 2 names: 5 too few."
    ]
    assert "1、甲厂\n2、乙厂" in answer.content.decode()


def test_too_long_a_text_is_told(as_lin, pledge):
    answer = as_lin.post(door(pledge), typed(pledge, value="1", names="厂" * 70000))

    assert (answer.status_code, "names" in answer.context["form"].errors) == (422, True)


def test_a_doubt_comes_back_with_everything_kept_and_goes_through_the_second_time(as_lin, in_yuan):
    first = typed(in_yuan, note="项目集中放款")
    answer = as_lin.post(door(in_yuan), first)

    form, page = answer.context["form"], answer.content.decode()
    assert answer.status_code == 422
    assert ProgressReport.objects.count() == 1
    assert [doubt.code for doubt in form.doubts] == ["jump"]
    assert 'id="doubts"' in page
    assert "errors-head" not in page
    assert form["note"].value() == "项目集中放款"

    again = {name: form[name].value() or "" for name in first if name in form.fields}
    again["confirmed"] = form["confirmed"].value()
    assert (again["key"], again["confirmed"]) == (first["key"], "jump:0.5,50")
    assert as_lin.post(door(in_yuan), again).status_code == 302
    assert ProgressReport.objects.order_by("-id").first().confirmed == "jump"


def test_a_new_doubt_asks_again(as_lin, in_yuan):
    answer = as_lin.post(door(in_yuan), typed(in_yuan, value="60", confirmed="jump:0.5,50"))

    assert answer.status_code == 422
    assert answer.context["form"]["confirmed"].value() == "jump:0.5,60"


def test_a_form_without_doubts_asks_nothing(as_lin, pledge):
    assert 'id="doubts"' not in as_lin.get(door(pledge)).content.decode()
    assert as_lin.post(door(pledge), typed(pledge)).status_code == 302


def test_the_reviewer_sees_what_was_confirmed(as_chen, in_yuan, lin, today):
    report = ReportFactory(pledge=in_yuan, as_of=today, value=Decimal(50), author=lin, confirmed="jump")

    item = as_chen.get(reverse("review-detail", args=[report.pk])).context["item"]

    assert {check.code: check.is_confirmed for check in item.checks if check.wants_look} == {"jump": True}
    assert "large jump" in item.flags


def test_the_reviewer_sees_new_and_missing_names_and_who_else_claims_them(
    as_chen, campaign, pledge, elsewhere, lin, chen, today
):
    month_ago = today - timedelta(days=30)
    named(accepted(pledge, as_of=month_ago, value=2, reviewer=chen, author=lin), "甲厂", "乙厂")
    other = PledgeFactory(campaign=campaign, department=elsewhere, title="别家的军令状")
    named(accepted(other, as_of=month_ago, value=1, reviewer=chen, author=lin), "丙 厂")
    report = named(ReportFactory(pledge=pledge, as_of=today, value=Decimal(2), author=lin), "甲厂", "丙厂")

    answer = as_chen.get(reverse("review-detail", args=[report.pk]))
    page = answer.content.decode()

    assert [(claim.name, claim.spelling, claim.pledge) for claim in answer.context["claims"]] == [
        ("丙厂", "丙 厂", other)
    ]
    assert "<s>乙厂</s>" in page
    assert other.get_absolute_url() in page
    assert "names_gone" in {check.code for check in answer.context["item"].checks}


def test_a_report_without_names_shows_no_list(as_chen, pledge, lin, today):
    report = ReportFactory(pledge=pledge, as_of=today, value=Decimal(2), author=lin)

    assert 'id="names"' not in as_chen.get(reverse("review-detail", args=[report.pk])).content.decode()


def test_a_part_above_its_whole_is_refused_with_both_figures(
    as_chen, campaign, finance, pledge, lin, chen, today
):
    part = PledgeFactory(campaign=campaign, department=finance, subset_of=pledge)
    accepted(pledge, as_of=today, value=40, reviewer=chen, author=lin)
    report = ReportFactory(pledge=part, as_of=today, value=Decimal(41), author=lin)

    answer = as_chen.post(reverse("report-accept", args=[report.pk]), {"next": ""})

    report.refresh_from_db()
    assert (answer.status_code, report.state) == (409, "submitted")
    assert "over_whole" in {check.code for check in answer.context["item"].checks}
    assert pledge.title in answer.content.decode()


def test_the_pledge_shows_the_list_of_the_day(as_chen, pledge, lin, chen, today):
    month_ago = today - timedelta(days=30)
    named(accepted(pledge, as_of=month_ago, value=1, reviewer=chen, author=lin), "甲厂")
    names = [f"第{number}厂" for number in range(13)]
    named(accepted(pledge, as_of=today, value=13, reviewer=chen, author=lin), *names)

    now = as_chen.get(pledge.get_absolute_url()).content.decode()
    then = as_chen.get(pledge.get_absolute_url(), {"on": month_ago.isoformat()}).content.decode()
    before = as_chen.get(pledge.get_absolute_url(), {"on": (month_ago - timedelta(days=1)).isoformat()})

    assert ("第12厂" in now, "<details>" in now, "甲厂" in now) == (True, True, False)
    assert ("甲厂" in then, "<details>" in then) == (True, False)
    assert 'id="h-names"' not in before.content.decode()


def test_a_newer_figure_without_a_list_is_told(as_chen, pledge, lin, chen, today):
    named(accepted(pledge, as_of=today - timedelta(days=9), value=1, reviewer=chen, author=lin), "甲厂")
    accepted(pledge, as_of=today, value=3, reviewer=chen, author=lin)

    assert "came without a list" in as_chen.get(pledge.get_absolute_url()).content.decode()


def test_a_shared_pledge_lists_what_each_department_brought_in(
    as_chen, campaign, pledge, elsewhere, finance, lin, wu, chen, today
):
    PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)
    first = accepted(pledge, as_of=today - timedelta(days=9), value=10, reviewer=chen, author=lin)
    ProgressReport.objects.filter(pk=first.pk).update(department=finance)
    second = accepted(pledge, as_of=today, value=25, reviewer=chen, author=wu)
    ProgressReport.objects.filter(pk=second.pk).update(department=elsewhere)

    answer = as_chen.get(pledge.get_absolute_url())

    assert [(row.name, row.amount) for row in answer.context["contributions"].rows] == [
        ("金融办", 10),
        ("商务局", 15),
    ]
    assert 'id="h-shares"' in answer.content.decode()


def test_a_pledge_alone_lists_no_contributions(as_chen, pledge, lin, chen, today):
    accepted(pledge, as_of=today, value=3, reviewer=chen, author=lin)

    assert 'id="h-shares"' not in as_chen.get(pledge.get_absolute_url()).content.decode()


def test_names_are_written_as_text(as_chen, pledge, lin, chen, today):
    evil = "<script>alert(1)</script>厂"
    named(accepted(pledge, as_of=today - timedelta(days=9), value=1, reviewer=chen, author=lin), evil)
    report = named(ReportFactory(pledge=pledge, as_of=today, value=Decimal(1), author=lin), evil)

    for address in (pledge.get_absolute_url(), reverse("review-detail", args=[report.pk])):
        assert "<script>alert(1)" not in as_chen.get(address).content.decode()
