"""Extensions on their pages: asked beside the milestone, decided with both lights in view, counted with their lists."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from pledges.actions.extensions import ask_extension, grant_extension, refuse_extension
from pledges.models import Extension, Milestone
from tests.cast import PledgeFactory, accepted
from tests.kit.pages import text_of

TODAY, DUE, LATER, LATEST = date(2022, 6, 20), date(2022, 6, 30), date(2022, 8, 31), date(2022, 10, 31)
END = date(2022, 12, 31)
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(datetime(2022, 6, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture
def pledge(campaign, finance):
    return PledgeFactory(campaign=campaign, department=finance, stones=[(DUE, 50), (END, 100)])


@pytest.fixture
def stone(pledge):
    return pledge.milestones.get(due=DUE)


def ask(stone, by, new_due=LATER, reason="用地指标未下达"):
    stone = Milestone.objects.get(pk=stone.pk)
    return ask_extension(stone, by=by, new_due=new_due, reason=reason, was_due=stone.due, today=TODAY)


def grant(stone, by, reviewer, new_due=LATER):
    return grant_extension(ask(stone, by, new_due), by=reviewer, answer="同意", today=TODAY)


def asking(stone):
    return reverse("extension-ask", args=[stone.pledge.code, stone.pk])


def deciding(extension):
    return reverse("extension-decide", args=[extension.pk])


def listed(campaign, query=""):
    return f"{reverse('extension-list', args=[campaign.code])}?{query}"


def test_the_reporter_asks_from_the_page_of_the_pledge(pledge, stone, lin, sign):
    client = sign(lin)
    assert asking(stone) in text_of(client.get(pledge.get_absolute_url()))

    page = client.post(
        asking(stone), {"new_due": "2022年8月31日", "reason": EVIL, "was_due": DUE}, follow=True
    )

    assert page.redirect_chain[-1][0] == f"{pledge.get_absolute_url()}#extensions"
    assert EVIL not in page.content.decode()
    assert Extension.objects.get().reason == EVIL
    assert asking(stone) not in text_of(page)
    assert reverse("extension-withdraw", args=[Extension.objects.get().pk]) in text_of(page)


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(stone, lin, sign):
    sent = {"new_due": "2022-06-30", "reason": "用地指标未下达", "was_due": DUE}

    page = sign(lin).post(asking(stone), sent)

    assert page.status_code == 422
    assert "用地指标未下达" in text_of(page)
    assert set(page.context["form"].errors) == {"new_due"}


def test_a_form_that_is_older_than_the_plan_keeps_its_words(stone, lin, sign):
    sent = {"new_due": "2022-08-31", "reason": "用地指标未下达", "was_due": DUE - timedelta(days=1)}

    page = sign(lin).post(asking(stone), sent)

    assert (page.status_code, "用地指标未下达" in text_of(page), Extension.objects.count()) == (409, True, 0)


def test_where_nothing_can_be_asked_the_page_says_why_and_has_no_form(stone, lin, sign):
    ask(stone, lin)

    page = sign(lin).get(asking(stone))

    assert (page.status_code, page.context["why_not"] != "", 'name="reason"' in text_of(page)) == (
        200,
        True,
        False,
    )


def test_a_milestone_of_another_pledge_is_not_found(pledge, stone, lin, boss, sign):
    other = PledgeFactory(campaign=pledge.campaign, department=pledge.department)

    assert sign(lin).get(reverse("extension-ask", args=[other.code, stone.pk])).status_code == 404
    assert sign(lin).get(reverse("extension-ask", args=["nothing", stone.pk])).status_code == 404


def test_on_a_past_day_nothing_is_asked_for(pledge, stone, lin, sign):
    assert asking(stone) not in text_of(sign(lin).get(f"{pledge.get_absolute_url()}?on=2022-06-01"))


def test_the_reviewer_sees_what_granting_would_do_and_grants(pledge, stone, lin, chen, sign):
    accepted(pledge, as_of=date(2022, 6, 15), value=10, reviewer=chen, author=lin)
    extension = ask(stone, lin)
    client = sign(chen)
    assert deciding(extension) in text_of(client.get(pledge.get_absolute_url()))

    page = client.get(deciding(extension))
    done = client.post(deciding(extension), {"decision": "grant", "answer": ""}, follow=True)

    before, after = page.context["line"].verdict, page.context["granted_line"].verdict
    assert (before.light, after.light) == ("red", "yellow")
    assert done.redirect_chain[-1][0] == reverse("extension-list", args=[pledge.campaign.code])
    assert Milestone.objects.get(pk=stone.pk).due == LATER


def test_granting_what_reaches_the_limit_is_shown_as_the_alert_it_will_be(pledge, stone, lin, chen, sign):
    accepted(pledge, as_of=date(2022, 6, 15), value=45, reviewer=chen, author=lin)
    grant(stone, lin, chen)
    extension = ask(stone, lin, LATEST)

    page = sign(chen).get(deciding(extension))

    assert page.context["granted_line"].verdict.reason == "put_off"
    assert [each.state for each in page.context["earlier"]] == ["granted"]
    assert page.context["first_line"].verdict.milestone.day == DUE


@pytest.mark.parametrize(
    "sent", [{}, {"decision": "both"}, {"decision": "refuse"}, {"decision": "grant", "answer": "长" * 501}]
)
def test_a_decision_that_says_nothing_decides_nothing(stone, lin, chen, sign, sent):
    extension = ask(stone, lin)

    assert sign(chen).post(deciding(extension), sent).status_code == 422
    assert Extension.objects.get().state == "asked"


def test_the_second_reviewer_is_told_and_a_double_click_is_no_conflict(stone, lin, chen, zhao, sign):
    extension = ask(stone, lin)
    client = sign(chen)
    sent = {"decision": "refuse", "answer": "倒排工期"}
    statuses = [client.post(deciding(extension), sent).status_code for _ in range(2)]

    other = sign(zhao).post(deciding(extension), {"decision": "grant", "answer": "同意延期"})

    assert (statuses, other.status_code) == ([302, 302], 409)
    assert "陈督查" in text_of(other)
    assert "同意延期" in text_of(other)
    assert "陈督查" in text_of(sign(zhao).get(deciding(extension)))


def test_a_request_is_taken_back_once(stone, lin, chen, sign):
    extension = ask(stone, lin)
    client, address = sign(lin), reverse("extension-withdraw", args=[extension.pk])
    assert [client.post(address).status_code for _ in range(2)] == [302, 302]
    decided = refuse_extension(ask(stone, lin), by=chen, answer="倒排工期")

    assert client.post(reverse("extension-withdraw", args=[decided.pk])).status_code == 409


def test_both_lights_stand_on_the_page_with_both_days(pledge, stone, lin, chen, sign):
    accepted(pledge, as_of=date(2022, 6, 15), value=26, reviewer=chen, author=lin)
    Milestone.objects.filter(pk=stone.pk).update(due_words="6月底前")
    client = sign(lin)
    assert client.get(pledge.get_absolute_url()).context["first_line"] is None
    grant(stone, lin, chen)

    page = client.get(pledge.get_absolute_url())

    first, line = page.context["first_line"].verdict, page.context["line"].verdict
    assert (first.light, line.light) == ("yellow", "green")
    said = text_of(page)
    assert "<s" in said
    assert "6月底前 (30 June)" in said


def test_every_number_opens_the_list_that_it_counts(campaign, pledge, stone, elsewhere, lin, wu, chen, sign):
    other = PledgeFactory(campaign=campaign, department=elsewhere)
    ask(other.milestones.get(), wu, date(2023, 1, 31))
    grant(stone, lin, chen)
    refuse_extension(ask(stone, lin, LATEST), by=chen, answer="倒排工期")
    client = sign(chen)

    tabs = client.get(listed(campaign)).context["tabs"]

    assert [tab.number for tab in tabs] == [3, 1, 1, 1, 0]
    for tab in tabs:
        assert client.get(listed(campaign, tab.url[1:])).context["page"].paginator.count == tab.number
    own = client.get(reverse("department-detail", args=[campaign.code, "jinrong"]))
    assert (own.context["asked"]["every"], own.context["asked"]["granted"]) == (2, 1)
    query = "department=jinrong&state=granted"
    assert f"{reverse('extension-list', args=[campaign.code])}?{query}" in text_of(own)
    assert client.get(listed(campaign, query)).context["page"].paginator.count == 1


def test_what_waits_stands_on_top_the_oldest_first(campaign, pledge, stone, elsewhere, lin, wu, chen, sign):
    decided = grant(stone, lin, chen)
    first = ask(stone, lin, LATEST)
    second = ask(
        PledgeFactory(campaign=campaign, department=elsewhere).milestones.get(), wu, date(2023, 1, 31)
    )

    rows = sign(chen).get(listed(campaign)).context["rows"]

    assert [row.pk for row in rows] == [first.pk, second.pk, decided.pk]


def test_other_departments_see_none_of_it(campaign, stone, lin, wu, sign):
    ask(stone, lin)
    page = sign(wu).get(listed(campaign, "department=jinrong"))

    assert (len(page.context["rows"]), page.context["departments"]) == (0, [])


def test_the_work_of_the_department_and_of_the_office_show_what_waits(
    campaign, stone, lin, sun, chen, wu, sign
):
    extension = ask(stone, lin)
    works = [sign(person).get(reverse("work")).context["requests"] for person in (lin, sun, wu, chen)]
    assert works == [[extension], [extension], [], []]
    queue = sign(chen).get(reverse("review-queue"))
    assert f"{reverse('extension-list', args=[campaign.code])}?state=asked" in text_of(queue)
    assert [each["number"] for each in queue.context["requests"]] == [1]


def test_a_decision_stands_in_the_work_for_two_weeks(stone, lin, chen, sign, time_machine):
    refuse_extension(ask(stone, lin), by=chen, answer="倒排工期")
    assert "倒排工期" in text_of(sign(lin).get(reverse("work")))

    time_machine.shift(timedelta(days=15))

    assert sign(lin).get(reverse("work")).context["requests"] == []


def test_the_list_of_pledges_finds_what_was_put_off_and_shows_the_first_day(
    campaign, pledge, stone, lin, chen, sign
):
    PledgeFactory(campaign=campaign, department=pledge.department)
    grant(stone, lin, chen)
    client, address = sign(chen), reverse("pledge-list", args=[campaign.code])

    put_off, never = (client.get(f"{address}?extended={answer}") for answer in "10")

    assert (put_off.context["total"], never.context["total"]) == (1, 1)
    assert "30 June" in text_of(put_off)


@pytest.mark.parametrize("name", ["extension-list", "pledge-detail", "work"])
def test_a_page_costs_the_same_for_one_request_and_for_three(
    campaign, pledge, lin, chen, sign, cost_of, name
):
    address = {
        "extension-list": listed(campaign),
        "pledge-detail": pledge.get_absolute_url(),
        "work": reverse("work"),
    }[name]
    grant(pledge.milestones.get(due=DUE), lin, chen)
    ask(pledge.milestones.get(due=LATER), lin, LATEST)
    client = sign(lin)
    once = cost_of(client, address)
    for _ in range(2):
        other = PledgeFactory(campaign=campaign, department=pledge.department)
        ask(other.milestones.get(), lin, date(2023, 1, 31))
    ask(pledge.milestones.get(due=END), lin, date(2023, 1, 31))

    assert cost_of(client, address) == once
