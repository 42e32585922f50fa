"""What a briefing says, that it is issued once, and that nothing changes it afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pledges.actions import briefings as office
from pledges.actions.briefings import issue_briefing
from pledges.actions.reports import accept_report
from pledges.choices import Basis, CampaignKind, Change, Light
from pledges.errors import StaleError
from pledges.models import Briefing, Directive, Pledge
from pledges.queries.board import counts_on
from pledges.queries.briefings import canonical, fingerprint_of, is_intact, paper_of, usual_comparison
from pledges.queries.bulletin import draft_of, flat
from pledges.queries.changes import tally_of
from pledges.queries.facts import judged_one
from pledges.wording import what_to_do, why
from tests.cast import PledgeFactory, ReportFactory, accepted
from tests.kit.paper import MIDYEAR, SPRING, a_briefing

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = date(2022, 8, 1)


@pytest.fixture
def campaign(campaign):
    """As it is read: its thresholds are decimals."""
    campaign.refresh_from_db()
    return campaign


@pytest.fixture
def plan(campaign, finance, elsewhere, chen, lin):
    """One of each: far behind, behind, on track, done, silent from the start, due soon, shared."""
    values = {"red": 5, "yellow": 30, "green": 50, "done": 100}
    rows = {}
    for place, (light, value) in enumerate(values.items(), start=1):
        rows[light] = PledgeFactory(campaign=campaign, department=finance, number=f"14-{place:02}")
        accepted(rows[light], as_of=MIDYEAR - DAY, value=value, reviewer=chen, author=lin)
    rows["grey"] = PledgeFactory(campaign=campaign, department=elsewhere, number="09-01")
    due = [(MIDYEAR + 10 * DAY, None)]
    rows["soon"] = PledgeFactory(
        campaign=campaign, department=elsewhere, number="09-02", basis=Basis.DELIVERABLE, unit="", stones=due
    )
    PledgeFactory(campaign=campaign, department=elsewhere, number="09-03", shared_with=rows["red"])
    return rows


def tables_of(content: dict) -> list[list[dict]]:
    """The rows of each section, empty where it has no table."""
    return [(section["table"] or {"rows": []})["rows"] for section in content["sections"]]


def codes(rows: list[dict]) -> list[str]:
    return [row["code"] for row in rows]


def test_a_first_draft_names_alerts_what_is_behind_and_what_is_due(campaign, plan):
    _overall, alerts, behind, coming = tables_of(draft_of(campaign, day=MIDYEAR, than=SPRING))

    assert codes(alerts) == [plan["red"].code]
    assert set(codes(behind)) == {plan["yellow"].code, plan["soon"].code}
    assert codes(coming) == [plan["soon"].code]


def test_a_row_says_what_the_page_says(campaign, plan):
    row = tables_of(draft_of(campaign, day=MIDYEAR, than=SPRING))[1][0]
    line = judged_one(Pledge.objects.get(pk=plan["red"].pk), today=MIDYEAR)
    with translation.override("zh-hans"):
        said = flat(why(line)) + flat(what_to_do(line))

    assert (row["cells"][0], row["light"]) == ("1", "red")
    assert plan["red"].title in row["cells"][1]
    assert row["cells"][2] == said


def test_what_two_departments_promised_counts_once_and_names_both(campaign, plan):
    content = draft_of(campaign, day=MIDYEAR, than=SPRING)
    paper = paper_of(campaign, day=MIDYEAR, than=SPRING)

    assert tables_of(content)[1][0]["cells"][3] == "金融办、商务局"
    assert (paper.counts.total, paper.shared, len(content["footnotes"])) == (6, 1, 4)


def test_its_numbers_are_those_of_the_overview(campaign, plan):
    paper = paper_of(campaign, day=MIDYEAR, than=SPRING)
    pledges = Pledge.objects.filter(campaign=campaign)

    assert paper.counts == counts_on(pledges, day=MIDYEAR)
    assert paper.changes == tally_of(pledges.counted(), day=MIDYEAR, than=SPRING).numbers
    assert len(paper.of_light(Light.RED)) == paper.counts[Light.RED]
    assert len(paper.of_light(Light.YELLOW)) == paper.counts[Light.YELLOW]
    new = paper.changes[Change.NEW_RED] + paper.changes[Change.NEW_YELLOW] + paper.changes[Change.SILENT]
    assert (
        sum(
            bool(row["mark"])
            for rows in tables_of(draft_of(campaign, day=MIDYEAR, than=SPRING))
            for row in rows
        )
        == new
    )


def test_no_blank_stands_between_a_digit_and_a_chinese_character():
    assert flat("再完成 12\u00a0家（累计 20\u00a0家） 可转绿。") == "再完成12家（累计20家）可转绿。"
    assert flat("R&D 2 of 3") == "R&D 2 of 3"


def test_open_directives_head_the_paper_the_overdue_first(campaign, plan, li, lin):
    def directed(words, answer_by, **more):
        made = Directive.objects.create(pledge=plan["red"], by=li, words=words, answer_by=answer_by, **more)
        Directive.objects.filter(pk=made.pk).update(created_at=datetime(2022, 6, 1, tzinfo=UTC))

    june = datetime(2022, 6, 20, tzinfo=UTC)
    directed("已答", date(2022, 6, 10), answer="在办 3 件", answered_by=lin, answered_at=june)
    directed("未到", date(2022, 7, 9))
    directed("超期", date(2022, 6, 20))
    directed("已结", date(2022, 6, 20), closed_by=li, closed_at=june)

    first = tables_of(draft_of(campaign, day=MIDYEAR, than=SPRING))[0]

    assert [words for row in first for words in ("超期", "未到", "已答", "已结") if words in row["cells"][1]] == ["超期", "未到", "已答"]  # fmt: skip
    assert "在办 3 件" in first[2]["cells"][2]  # the department's own words stay as they are
    assert (
        len(tables_of(draft_of(campaign, day=date(2022, 6, 15), than=SPRING))[0]) == 4
    )  # none was closed then
    assert len(tables_of(draft_of(campaign, day=date(2022, 5, 15), than=SPRING))) == 4


def test_the_next_one_opens_with_the_last_ones_unfinished_list(campaign, plan, chen, lin):
    last = issue_briefing(campaign, day=MIDYEAR, than=SPRING, by=chen, today=TODAY)
    accepted(plan["red"], as_of=date(2022, 7, 20), value=100, reviewer=chen, author=lin)

    content = draft_of(campaign, day=date(2022, 7, 20), than=MIDYEAR)

    asked = [row["code"] for row in last.content["unfinished"]]
    left = tables_of(content)[0]
    assert content["number"] == 2
    assert sorted(codes(left)) == sorted(asked)
    assert set(asked) == {plan[name].code for name in ("red", "yellow", "soon")}
    now = {row["code"]: row["light"] for row in left}
    assert (now[plan["red"].code], now[plan["soon"].code]) == ("done", "red")
    assert [row["light"] for row in left] == sorted(now.values(), key=lambda light: Light(light).rank)


def test_what_is_no_longer_in_the_plan_is_still_accounted_for(campaign, plan, chen):
    issue_briefing(campaign, day=MIDYEAR, than=SPRING, by=chen, today=TODAY)
    Pledge.objects.filter(pk=plan["soon"].pk).delete()

    left = tables_of(draft_of(campaign, day=date(2022, 7, 20), than=MIDYEAR))[0]

    assert [row["light"] for row in left if row["cells"][1] == plan["soon"].title] == [""]


def test_invented_progress_says_so_in_the_contents(campaign, plan):
    assert draft_of(campaign, day=MIDYEAR, than=SPRING)["banner"] == ""
    campaign.kind = CampaignKind.REHEARSAL
    campaign.save()
    assert draft_of(campaign, day=MIDYEAR, than=SPRING)["banner"]


def test_the_paper_is_the_same_whoever_asks_and_whenever(campaign, plan):
    with translation.override("en"):
        english = canonical(draft_of(campaign, day=MIDYEAR, than=SPRING))
    with translation.override("zh-hans"):
        assert canonical(draft_of(campaign, day=MIDYEAR, than=SPRING)) == english


def test_an_empty_campaign_has_a_paper_too(campaign):
    content = draft_of(campaign, day=MIDYEAR, than=None)

    assert [bool(rows) for rows in tables_of(content)] == [False] * 4
    assert content["unfinished"] == []


def test_issued_it_is_kept_whole_with_its_fingerprint(campaign, plan, chen):
    draft = draft_of(campaign, day=MIDYEAR, than=SPRING)
    issued = issue_briefing(
        campaign, day=MIDYEAR, than=SPRING, by=chen, today=TODAY, seen=fingerprint_of(draft)
    )

    kept = Briefing.objects.get(pk=issued.pk)
    assert (kept.number, kept.day, kept.compared_with, kept.issued_by) == (1, MIDYEAR, SPRING, chen)
    assert canonical(kept.content) == canonical(draft)
    assert is_intact(kept)
    with pytest.raises(TypeError):
        kept.save()


def test_later_reports_move_the_board_and_not_the_briefing(campaign, plan, chen, lin):
    issued = issue_briefing(campaign, day=MIDYEAR, than=SPRING, by=chen, today=TODAY)
    before = canonical(Briefing.objects.get(pk=issued.pk).content)
    board = counts_on(Pledge.objects.filter(campaign=campaign), day=MIDYEAR)
    late = ReportFactory(pledge=plan["red"], author=lin, as_of=MIDYEAR, value=60)

    accept_report(late, reviewer=chen, today=TODAY)

    assert canonical(Briefing.objects.get(pk=issued.pk).content) == before
    assert counts_on(Pledge.objects.filter(campaign=campaign), day=MIDYEAR).red == board.red - 1
    assert canonical(draft_of(campaign, day=MIDYEAR, than=SPRING)) != before


def test_numbers_follow_each_other_in_each_campaign(campaign, plan, chen):
    days = [MIDYEAR, MIDYEAR, MIDYEAR + DAY]

    assert [issue_briefing(campaign, day=day, than=SPRING, by=chen, today=TODAY).number for day in days] == [
        1,
        2,
        3,
    ]


def test_sent_twice_it_is_issued_once(campaign, plan, chen, zhao):
    seen = fingerprint_of(draft_of(campaign, day=MIDYEAR, than=SPRING))
    asks = {"day": MIDYEAR, "than": SPRING, "today": TODAY, "seen": seen}

    assert issue_briefing(campaign, by=chen, **asks) == issue_briefing(campaign, by=chen, **asks)
    with pytest.raises(StaleError):
        issue_briefing(campaign, by=zhao, **asks)
    assert Briefing.objects.count() == 1


def test_what_was_not_on_the_screen_is_not_issued(campaign, plan, chen, lin):
    seen = fingerprint_of(draft_of(campaign, day=MIDYEAR, than=SPRING))
    accepted(plan["yellow"], as_of=MIDYEAR, value=60, reviewer=chen, author=lin)

    with pytest.raises(StaleError):
        issue_briefing(campaign, day=MIDYEAR, than=SPRING, by=chen, today=TODAY, seen=seen)
    assert not Briefing.objects.exists()


def test_of_two_with_one_number_the_second_is_told(campaign, plan, chen, monkeypatch):
    draft = draft_of(campaign, day=MIDYEAR, than=SPRING)
    issue_briefing(campaign, day=MIDYEAR, than=SPRING, by=chen, today=TODAY)
    monkeypatch.setattr(office, "draft_of", lambda *args, **kwargs: draft)  # read before the first was there

    with pytest.raises(StaleError):
        issue_briefing(campaign, day=MIDYEAR, than=SPRING, by=chen, today=TODAY)
    assert Briefing.objects.count() == 1


@pytest.mark.parametrize("who", ["lin", "sun", "wu", "li"])
def test_only_reviewers_issue(request, campaign, who):
    with pytest.raises(PermissionDenied):
        issue_briefing(campaign, day=MIDYEAR, than=None, by=request.getfixturevalue(who), today=TODAY)


@pytest.mark.parametrize(
    "day, than",
    [
        (TODAY + DAY, SPRING),
        (date(2021, 12, 31), None),
        (MIDYEAR, MIDYEAR),
        (MIDYEAR, MIDYEAR + DAY),
        (MIDYEAR, date(2021, 12, 31)),
        (MIDYEAR - DAY, SPRING),  # the last one speaks of a later day
    ],
)
def test_a_briefing_looks_back_and_never_before_the_last_one(campaign, chen, day, than):
    a_briefing(campaign, by=chen)

    with pytest.raises(ValidationError):
        issue_briefing(campaign, day=day, than=than, by=chen, today=TODAY)


def test_nothing_follows_a_briefing_that_was_tampered_with(campaign, chen):
    a_briefing(campaign, by=chen, sha256="0" * 64)

    with pytest.raises(ValidationError):
        issue_briefing(campaign, day=MIDYEAR, than=SPRING, by=chen, today=TODAY)


def test_it_is_compared_with_the_last_one_unless_another_day_is_chosen(campaign, chen):
    assert usual_comparison(campaign, day=MIDYEAR) == MIDYEAR - 30 * DAY
    assert usual_comparison(campaign, day=campaign.starts_on) is None
    a_briefing(campaign, by=chen, day=date(2022, 5, 1))
    assert usual_comparison(campaign, day=MIDYEAR) == date(2022, 5, 1)


def test_what_a_draft_costs_does_not_grow_with_the_plan(campaign, plan, finance, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        draft_of(campaign, day=MIDYEAR, than=SPRING)
    for place in range(20):
        PledgeFactory(campaign=campaign, department=finance, number=f"20-{place:02}")
    with django_assert_num_queries(len(few)):
        draft_of(campaign, day=MIDYEAR, than=SPRING)
