"""The form that urges shows exactly what it will do, and does exactly that."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from html import unescape
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from pledges.choices import ReportState, Role
from pledges.models import Membership, Nudge, Pledge, Reminder
from tests.cast import DepartmentFactory, PledgeFactory, ReportFactory, accepted
from tests.kit.urging import codes_in, messages_on, send

pytestmark = pytest.mark.usefixtures("monday")

MONDAY = datetime(2022, 7, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_form_shows_what_is_urged_and_what_is_not_with_the_reason(as_chen, door, make, lin, chen, li):
    open_, done, waits, urged = make(title="甲"), make(title="乙"), make(title="丙"), make(title="丁")
    accepted(done, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)
    ReportFactory(pledge=waits, author=lin)
    Nudge.objects.create(pledge=urged, by=li, day=MONDAY.date())

    page = as_chen.get(door())

    choice = page.context["choice"]
    assert [each.pledge for each in choice.urgable] == [open_]
    assert {each.pledge: each.hindrance for each in choice.left_out} == {
        done: "done",
        waits: "waiting",
        urged: "urged",
    }
    assert (codes_in(page), choice.people) == ([open_.code], [lin])
    text = page.content.decode()
    assert all(
        words in text for words in ("林会计", "by 李市长 at 4 July 2022, 10:00", "甲", "乙", "丙", "丁")
    )


def test_what_was_shown_is_urged_and_nothing_else(as_chen, door, make, chen, lin):
    red, other = make(stones=[(date(2022, 6, 30), 60)]), make()
    page = as_chen.get(door("light=red"))
    assert codes_in(page) == [red.code]

    answer = send(as_chen, door("light=red"), *codes_in(page), words="请抓紧")

    [nudge] = Nudge.objects.all()
    assert (nudge.pledge, nudge.by, nudge.words) == (red, chen, "请抓紧")
    assert answer.redirect_chain == [(f"{reverse('pledge-list', args=[red.campaign.code])}?light=red", 302)]
    assert messages_on(answer) == ["1 pledge is urged. 1 person gets a letter at once."]
    assert Reminder.objects.get().recipient == lin
    assert other.nudges.count() == 0


def test_on_a_day_of_rest_the_page_says_when_the_letters_leave(as_chen, door, pledge, time_machine):
    time_machine.move_to(MONDAY.replace(day=2))

    sentence = "Today is a day of rest: 1 person gets the letter on Monday, 4 July."
    assert sentence in as_chen.get(door()).content.decode()

    answer = send(as_chen, door(f"pledge={pledge.code}"), pledge.code)

    assert messages_on(answer) == [f"1 pledge is urged. {sentence}"]


@pytest.mark.parametrize(
    "query, name",
    [("pledge={code}", "pledge-detail"), ("department=jinrong", "department-detail"), ("", "pledge-list")],
)
def test_one_goes_back_to_where_one_came_from(as_chen, door, pledge, query, name):
    address = door(query.format(code=pledge.code))
    assert codes_in(as_chen.get(address)) == [pledge.code]

    answer = send(as_chen, address, pledge.code)

    assert answer.resolver_match.url_name == name
    assert answer.status_code == 200


def test_each_button_leads_to_the_form_of_what_the_page_shows(as_chen, campaign, finance, pledge, elsewhere):
    Membership.objects.create(
        user_id=Membership.objects.first().user_id, role=Role.REPORTER, department=elsewhere
    )
    PledgeFactory(campaign=campaign, department=elsewhere)
    pages = {
        reverse("pledge-detail", args=[pledge.code]): [pledge.code],
        reverse("department-detail", args=[campaign.code, finance.code]): [pledge.code],
        f"{reverse('pledge-list', args=[campaign.code])}?department=jinrong&sort=title": [pledge.code],
        reverse("pledge-list", args=[campaign.code]): [each.code for each in Pledge.objects.all()],
    }

    for page, codes in pages.items():
        [address] = re.findall(r'href="([^"]*/nudge/[^"]*)"', as_chen.get(page).content.decode())
        assert codes_in(as_chen.get(unescape(address))) == codes


def test_on_another_day_and_for_others_there_is_no_button(
    as_chen, client, campaign, finance, pledge, lin, sun
):
    pages = [
        reverse("pledge-detail", args=[pledge.code]),
        reverse("department-detail", args=[campaign.code, finance.code]),
        reverse("pledge-list", args=[campaign.code]),
    ]

    assert not any("/nudge/" in as_chen.get(page, {"on": "2022-06-30"}).content.decode() for page in pages)
    for person in (lin, sun):
        client.force_login(person)
        assert not any("/nudge/" in client.get(page).content.decode() for page in pages)


def test_where_nothing_can_be_urged_the_buttons_say_why(as_chen, campaign, finance, pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)

    page = as_chen.get(reverse("pledge-detail", args=[pledge.code])).content.decode()
    department = as_chen.get(
        reverse("department-detail", args=[campaign.code, finance.code])
    ).content.decode()

    assert ("Done: there is nothing to urge." in page, "/nudge/" in page) == (True, False)
    assert ("All done: nothing to urge." in department, "/nudge/" in department) == (True, False)


def test_where_nothing_can_be_urged_the_form_says_why(
    as_chen, door, campaign, pledge, lin, chen, time_machine
):
    accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)
    page = as_chen.get(door())
    assert (codes_in(page), "Nothing can be urged here" in page.content.decode()) == ([], True)
    assert "Done: there is nothing to urge." in page.content.decode()

    assert "No pledge is in this list." in as_chen.get(door("light=red")).content.decode()

    time_machine.move_to(datetime(2024, 7, 1, tzinfo=MONDAY.tzinfo))
    as_chen.force_login(chen)
    assert "takes no reports at present" in as_chen.get(door()).content.decode()
    assert "/nudge/" not in as_chen.get(reverse("pledge-list", args=[campaign.code])).content.decode()


def test_what_was_done_meanwhile_is_left_out_and_named(as_chen, door, make, lin, chen):
    one, two = make(), make()
    codes = codes_in(as_chen.get(door()))
    accepted(two, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)

    answer = send(as_chen, door(), *codes)

    assert [nudge.pledge for nudge in Nudge.objects.all()] == [one]
    assert messages_on(answer)[1] == "Left out: Done: there is nothing to urge."


def test_sent_twice_the_second_says_so_and_keeps_the_words(as_chen, door, pledge):
    send(as_chen, door(), pledge.code, words="请抓紧")

    again = send(as_chen, door(), pledge.code, words="再催一次")

    assert (again.status_code, Nudge.objects.count(), Reminder.objects.count()) == (409, 1, 1)
    assert messages_on(again) == ["Nothing was urged. Already urged today, by 陈督查 at 4 July 2022, 10:00."]
    assert "再催一次</textarea>" in again.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_is_told_who_was_first(door, pledge, lin, chen, li):
    barrier = Barrier(2)

    def urge(person):
        browser = Client()
        browser.force_login(person)
        barrier.wait()
        try:
            answer = browser.post(door(), {"codes": [pledge.code]})
            return answer.status_code, answer.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(urge, [chen, li]))

    assert [status for status, _page in answers] == [302, 409]
    assert str(Nudge.objects.get().by) in answers[1][1]


def test_everybody_who_sees_the_pledge_sees_who_urged_it(client, campaign, pledge, lin, sun, chen, li):
    for day in range(1, 6):
        Nudge.objects.create(pledge=pledge, by=li, day=date(2022, 6, day), words=f"第{day}次")
    page = reverse("pledge-detail", args=[pledge.code])

    for person in (lin, sun, chen, li):
        client.force_login(person)
        found = re.findall("第([0-9])次", client.get(page).content.decode())
        assert found == ["5", "4", "3", "2", "1"]
    assert re.findall("第([0-9])次", client.get(page, {"on": "2022-06-02"}).content.decode()) == ["2", "1"]


@pytest.mark.parametrize("state", [None, ReportState.SUBMITTED])
def test_the_form_costs_the_same_for_one_and_three(as_chen, door, campaign, cost_of, lin, state):
    def one_more():
        department = DepartmentFactory()
        Membership.objects.create(user=lin, role=Role.REPORTER, department=department)
        pledge = PledgeFactory(campaign=campaign, department=department)
        if state:
            ReportFactory(pledge=pledge, author=lin, state=state)

    one_more()
    one = cost_of(as_chen, door())
    one_more(), one_more()

    assert cost_of(as_chen, door()) == one
