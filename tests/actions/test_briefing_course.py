"""A briefing names what was put off and closed since the last one, once each; merged pledges are followed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from pledges.actions.briefings import AGAIN, issue_briefing
from pledges.actions.closings import close_pledge, reopen_pledge
from pledges.actions.standings import rebuild_standings
from pledges.choices import Light
from pledges.models import Briefing, Milestone, Pledge
from pledges.queries.briefings import codes_known
from pledges.queries.bulletin import draft_of
from tests.cast import PledgeFactory, accepted
from tests.kit.extensions import DUE, LATEST, grant
from tests.kit.paper import a_briefing

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MAY_31, JUNE_20 = date(2022, 5, 31), date(2022, 6, 20)


@pytest.fixture
def campaign(campaign):
    campaign.refresh_from_db()
    return campaign


@pytest.fixture
def stone(campaign, finance) -> Milestone:
    """A deadline of 30 June."""
    pledge = PledgeFactory(campaign=campaign, department=finance, number="14-01", stones=[(DUE, 10)])
    return pledge.milestones.get()


@pytest.fixture
def done(campaign, finance, chen, lin) -> Pledge:
    pledge = PledgeFactory(campaign=campaign, department=finance, number="14-02", stones=[(DUE, 10)])
    accepted(pledge, as_of=MAY_31, value=10, reviewer=chen, author=lin)
    return pledge


@pytest.fixture
def on(time_machine):
    def moved(day, hour=10):
        time_machine.move_to(f"{day} {hour:02}:00 +0800", tick=False)
        return day

    return moved


def told(content: dict, register: str) -> list[str]:
    """The codes of a section's rows; nothing where there is no such section."""
    return [
        row["code"]
        for section in content["sections"]
        if section.get("register") == register
        for row in section["table"]["rows"]
    ]


def rows_of(content: dict, register: str) -> list[list[str]]:
    found = [each for each in content["sections"] if each.get("register") == register]
    return [row["cells"] for each in found for row in each["table"]["rows"]]


def test_where_nothing_happened_there_is_no_section(campaign, stone, done):
    content = draft_of(campaign, day=JUNE_20, than=MAY_31)

    assert [section for section in content["sections"] if "register" in section] == []


def test_a_deadline_put_off_is_named_with_its_first_day(campaign, stone, lin, chen, on):
    on(JUNE_20)
    grant(stone, lin, chen)
    on(JUNE_20 + DAY)
    grant(stone, lin, chen, new_due=LATEST)
    content = draft_of(campaign, day=JUNE_20 + DAY, than=MAY_31)

    first, second = rows_of(content, "extension-list")
    assert [day for day in ("6月30日", "8月31日", "6月20日") if day not in first[2]] == []
    assert [day for day in ("6月30日", "8月31日", "10月31日", "6月21日") if day not in second[2]] == []
    assert "用地指标未下达" in first[2]


def test_a_closed_pledge_is_named_until_it_is_reopened(campaign, done, chen, on):
    on(JUNE_20)
    close_pledge(done, by=chen, words="", today=JUNE_20)
    on(JUNE_20 + DAY)
    reopen_pledge(done, by=chen, reason="核查不实")

    assert told(draft_of(campaign, day=JUNE_20, than=MAY_31), "closing-list") == [done.code]
    assert told(draft_of(campaign, day=JUNE_20 + DAY, than=MAY_31), "closing-list") == []
    (row,) = rows_of(draft_of(campaign, day=JUNE_20, than=MAY_31), "closing-list")
    assert [day for day in ("6月30日", "6月20日") if day not in row[2]] == []


def test_each_is_named_by_one_briefing_and_none_is_lost(campaign, stone, done, lin, chen, on):
    """What is decided on the day of a briefing after it was issued stands in the next, on the same day or later."""
    on(JUNE_20, 9)
    grant(stone, lin, chen)
    on(JUNE_20, 10)
    first = a_briefing(campaign, by=chen, day=JUNE_20, than=MAY_31)
    on(JUNE_20, 11)
    close_pledge(done, by=chen, words="", today=JUNE_20)
    second = a_briefing(campaign, by=chen, day=JUNE_20, than=MAY_31)
    on(JUNE_20, 12)
    grant(stone, lin, chen, new_due=LATEST)
    third = a_briefing(campaign, by=chen, day=JUNE_20, than=MAY_31)
    fourth = a_briefing(campaign, by=chen, day=JUNE_20 + DAY, than=MAY_31)

    named = [
        (len(told(each.content, "extension-list")), len(told(each.content, "closing-list")))
        for each in (first, second, third, fourth)
    ]
    assert named == [(1, 0), (0, 1), (1, 0), (0, 0)]


def test_the_first_briefing_looks_back_to_the_day_compared_with(campaign, stone, lin, chen, on):
    on(JUNE_20)
    grant(stone, lin, chen)

    assert len(told(draft_of(campaign, day=JUNE_20, than=JUNE_20 - DAY), "extension-list")) == 1
    assert told(draft_of(campaign, day=JUNE_20 + DAY, than=JUNE_20), "extension-list") == []
    assert len(told(draft_of(campaign, day=JUNE_20 + DAY, than=None), "extension-list")) == 1


def test_after_a_briefing_of_an_older_shape_the_days_after_it_count(campaign, stone, lin, chen, on):
    last = a_briefing(campaign, by=chen, day=JUNE_20, than=MAY_31)
    Briefing.objects.filter(pk=last.pk).update(content={**last.content, "told": None})
    on(JUNE_20)
    grant(stone, lin, chen)
    on(JUNE_20 + DAY)
    grant(stone, lin, chen, new_due=LATEST)

    assert len(told(draft_of(campaign, day=JUNE_20 + DAY, than=MAY_31), "extension-list")) == 1


def test_what_happens_later_does_not_change_an_issued_one(campaign, stone, lin, chen, on):
    on(JUNE_20)
    grant(stone, lin, chen)
    issued = a_briefing(campaign, by=chen, day=JUNE_20, than=MAY_31)
    before = rows_of(issued.content, "extension-list")
    on(JUNE_20 + DAY)
    grant(stone, lin, chen, new_due=LATEST)

    assert rows_of(Briefing.objects.get().content, "extension-list") == before


def left_over_rows(content: dict) -> list[dict]:
    """The rows of what was left over from last time: the first section here."""
    return content["sections"][0]["table"]["rows"]


def test_a_pledge_merged_with_another_is_followed_there(campaign, stone, finance, elsewhere, chen):
    lead = PledgeFactory(campaign=campaign, department=elsewhere, number="09-01", stones=[(DUE, 10)])
    last = a_briefing(campaign, by=chen, day=DUE + DAY, than=MAY_31)
    assert {row["code"] for row in last.content["unfinished"]} == {stone.pledge.code, lead.code}

    Pledge.objects.filter(pk=stone.pledge_id).update(shared_with=lead)
    rebuild_standings(Pledge.objects.all())
    content = draft_of(campaign, day=DUE + 2 * DAY, than=MAY_31)

    assert [(row["code"], row["light"]) for row in left_over_rows(content)] == [(lead.code, Light.RED)] * 2
    assert [lead.title in row["cells"][2] for row in left_over_rows(content)].count(True) == 1


def test_a_pledge_that_is_gone_is_counted_and_not_linked(campaign, stone, finance, chen):
    gone = PledgeFactory(campaign=campaign, department=finance, number="14-09", stones=[(DUE, 10)])
    last = a_briefing(campaign, by=chen, day=DUE + DAY, than=MAY_31)
    gone.delete()
    content = draft_of(campaign, day=DUE + 2 * DAY, than=MAY_31)

    words = content["sections"][0]["paragraphs"][0]
    assert [each in words for each in ("2", "1")] == [True, True]
    assert sorted(row["code"] for row in left_over_rows(content)) == ["", stone.pledge.code]
    assert codes_known(campaign, last.content) == {stone.pledge.code}


def test_another_one_of_the_same_day_is_asked_about_once(campaign, stone, chen):
    def issue(**how):
        return issue_briefing(campaign, day=JUNE_20, than=MAY_31, by=chen, today=JUNE_20, **how)

    assert issue(again=False).number == 1
    with pytest.raises(ValidationError) as asked:
        issue(again=False)
    assert (asked.value.code, "1" in asked.value.messages[0]) == (AGAIN, True)
    assert issue(again=True).number == 2
    assert Briefing.objects.count() == 2
    tomorrow = issue_briefing(
        campaign, day=JUNE_20 + DAY, than=MAY_31, by=chen, today=JUNE_20 + DAY, again=False
    )
    assert tomorrow.number == 3
