"""The page of a pledge: what it shows, to whom, of which day, and at which price."""

from datetime import UTC, date, datetime

import pytest

from pledges.actions.standings import rebuild_standings
from pledges.choices import Basis, ReportState
from tests.cast import PledgeFactory, ReportFactory, accepted
from tests.kit.pages import JUNE, page_of


def test_a_figure_after_the_day_is_not_counted(client, li, lin, chen, pledge):
    accepted(pledge, as_of=JUNE, value=50, reviewer=chen, author=lin)
    accepted(pledge, as_of=date(2022, 8, 31), value=80, reviewer=chen, author=lin)
    client.force_login(li)
    context = client.get(page_of(pledge)).context
    assert context["line"].verdict.actual == 50
    assert [report.value for report in context["dossier"].reports] == [50]
    assert context["dossier"].newer == 1
    assert client.get(page_of(pledge, "on=2022-09-01")).context["line"].verdict.actual == 80


def test_a_waiting_report_is_shown_apart_with_what_it_would_do(client, li, lin, chen, pledge):
    accepted(pledge, as_of=date(2022, 5, 31), value=5, reviewer=chen, author=lin)
    ReportFactory(pledge=pledge, author=lin, as_of=JUNE, value=60)
    client.force_login(li)
    context = client.get(page_of(pledge)).context
    [waiting] = context["dossier"].waiting
    assert (context["line"].verdict.light, waiting.after.verdict.light) == ("red", "green")
    assert [row.kind for row in context["charts"].rows] == ["today", "waiting", "accepted"]


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.RETURNED, ReportState.WITHDRAWN])
def test_drafts_of_another_department_stay_unseen(client, wu, lin, chen, pledge, state):
    reviewed = {"reviewer": chen, "return_reason": "不符"} if state == ReportState.RETURNED else {}
    ReportFactory(pledge=pledge, author=lin, note="内部草稿", state=state, **reviewed)
    client.force_login(wu)
    assert client.get(page_of(pledge)).status_code == 404
    client.force_login(lin)
    assert "内部草稿" in client.get(page_of(pledge)).content.decode()


def test_a_shared_pledge_shows_one_book_to_both_departments(
    client, lin, wu, chen, campaign, finance, elsewhere
):
    lead = PledgeFactory(campaign=campaign, department=elsewhere, number="09-16")
    twin = PledgeFactory(campaign=campaign, department=finance, number="11-10", shared_with=lead)
    accepted(lead, as_of=JUNE, value=70, reviewer=chen, author=wu)
    client.force_login(lin)
    context = client.get(page_of(twin)).context
    assert [report.value for report in context["dossier"].reports] == [70]
    assert context["line"].verdict.actual == 70
    assert context["dossier"].neighbours.shared == []  # the lead itself is not theirs to see
    client.force_login(chen)
    assert client.get(page_of(twin)).context["dossier"].neighbours.shared == [lead]


def test_the_whole_and_its_parts_lead_to_each_other(client, li, campaign, finance):
    whole = PledgeFactory(campaign=campaign, department=finance, number="02-11")
    part = PledgeFactory(campaign=campaign, department=finance, number="02-12", subset_of=whole)
    client.force_login(li)
    assert client.get(page_of(part)).context["dossier"].neighbours.whole == whole
    assert client.get(page_of(whole)).context["dossier"].neighbours.parts == [part]


def test_buttons_are_those_of_the_role(client, lin, chen, li, boss, pledge):
    report = ReportFactory(pledge=pledge, author=lin)

    def doors(user):
        client.force_login(user)
        context = client.get(page_of(pledge)).context
        return context["may_report"], context["to_review"], context["to_withdraw"]

    assert doors(lin) == (True, None, [report.pk])
    assert doors(chen) == (False, report, [])
    assert doors(li) == (False, None, [])
    assert doors(boss) == (True, report, [])


def test_the_page_costs_the_same_for_one_report_and_many(client, li, lin, chen, pledge, cost_of):
    client.force_login(li)
    accepted(pledge, as_of=date(2022, 1, 31), value=1, reviewer=chen, author=lin)
    ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 2, 1), value=2)
    few = cost_of(client, page_of(pledge))
    for month in range(3, 7):
        accepted(pledge, as_of=date(2022, month, 20), value=month, reviewer=chen, author=lin)
        ReportFactory(pledge=pledge, author=lin, as_of=date(2022, month, 21), value=month)
    assert cost_of(client, page_of(pledge)) == few


def test_a_correction_strikes_the_figure_it_corrects(client, li, lin, chen, pledge):
    wrong = accepted(pledge, as_of=JUNE, value=50, reviewer=chen, author=lin)
    ReportFactory(
        pledge=pledge, author=lin, as_of=JUNE, value=40, corrects=wrong, state=ReportState.ACCEPTED, reviewer=chen,
        reviewed_at=datetime(2022, 7, 1, tzinfo=UTC), note="重复计算",
    )  # fmt: skip
    rebuild_standings([pledge])
    client.force_login(li)
    context = client.get(page_of(pledge)).context
    assert (context["dossier"].replaced, context["line"].verdict.actual) == ({wrong.pk}, 40)


def test_milestones_tell_their_outcome(client, li, lin, chen, campaign, finance):
    stones = [(date(2022, 3, 31), 10), (date(2022, 5, 31), 20), (JUNE, 40), (date(2022, 12, 31), 100)]
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=stones)
    accepted(pledge, as_of=date(2022, 3, 20), value=12, reviewer=chen, author=lin)
    accepted(pledge, as_of=date(2022, 6, 15), value=25, reviewer=chen, author=lin)
    client.force_login(li)
    stages = client.get(page_of(pledge)).context["dossier"].stages
    assert [(stage.outcome, stage.missing) for stage in stages] == [
        ("on_time", None), ("late", None), ("missed", 15), ("open", 75),
    ]  # fmt: skip


def test_a_statistic_is_not_missed_before_it_can_be_published(client, li, campaign, finance):
    pledge = PledgeFactory(campaign=campaign, department=finance, statistic=True, stones=[(JUNE, 100)])
    client.force_login(li)
    assert [s.is_pending for s in client.get(page_of(pledge)).context["dossier"].stages] == [True]
    assert [s.is_pending for s in client.get(page_of(pledge, "on=2022-07-31")).context["dossier"].stages] == [
        False
    ]


def test_what_comes_after_the_light_is_told(client, li, campaign, finance):
    pledge = PledgeFactory(
        campaign=campaign,
        department=finance,
        basis=Basis.DELIVERABLE,
        unit="",
        stones=[(date(2022, 7, 31), None)],
    )
    client.force_login(li)
    context = client.get(page_of(pledge)).context
    assert context["line"].verdict.light == "grey"
    assert context["dossier"].afterwards.verdict.light == "yellow"
    assert context["dossier"].afterwards.verdict.judged_on == date(2022, 7, 16)


@pytest.mark.parametrize(
    "who, status", [("lin", 200), ("wu", 404), ("chen", 200), ("li", 200), ("boss", 200)]
)
def test_who_may_open_a_pledge(client, request, pledge, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page_of(pledge)).status_code == status
