"""What need not be told of a directive any more is dropped with its reason; what follows the desk is told there."""

from collections import Counter

import pytest
from django.core import mail

from pledges.actions.directives import answer_directive, close_directive
from pledges.actions.letters import gather_letters
from pledges.actions.post import send_letters
from pledges.actions.reminders import plan_again, plan_reminders
from pledges.choices import Dropped, Role
from pledges.models import Directive, Leave, Membership, User
from tests.cast import person
from tests.kit.answering import JUNE, lines, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("deed, why", [("answer", Dropped.ANSWERED), ("close", Dropped.SETTLED)])
def test_what_was_settled_on_the_weekend_is_not_told(quiet, lin, li, given, tick, clock, deed, why):
    directive = given(quiet, JUNE[18], JUNE[22])
    clock(JUNE[19], 10)
    if deed == "answer":
        answer_directive(directive, by=lin, answer="已办")
    else:
        close_directive(directive, by=li, saw_answer=False)

    tick(JUNE[20])

    assert lines(recipient=lin) == [("lin", "directed", "dropped", why)]
    assert [letter.to for letter in mail.outbox] == ([[li.email]] if deed == "answer" else [])


@pytest.mark.parametrize("occasion, day", [("answer", JUNE[21]), ("unanswered", JUNE[23])])
@pytest.mark.parametrize("deed, why", [("answer", Dropped.ANSWERED), ("close", Dropped.SETTLED)])
def test_a_planned_notice_is_dropped_with_its_reason(
    quiet, lin, li, given, tick, clock, occasion, day, deed, why
):
    directive = given(quiet, JUNE[15], JUNE[22])
    tick(JUNE[15])
    plan_reminders(today=day)
    clock(day, 8)
    if deed == "answer":
        answer_directive(directive, by=lin, answer="已办")
    else:
        close_directive(directive, by=li, saw_answer=False)

    tick(day)

    assert lines(occasion=occasion) == [("lin", occasion, "dropped", why)]
    assert [message.to for message in mail.outbox[1:]] == ([[li.email]] if deed == "answer" else [])


def test_of_two_notices_that_wait_only_the_newest_is_told(quiet, lin, given, tick):
    given(quiet, JUNE[15], JUNE[22])
    tick(JUNE[15])
    plan_reminders(today=JUNE[21])

    tick(JUNE[23])

    assert lines(occasion__in=["answer", "unanswered"]) == [
        ("lin", "answer", "dropped", Dropped.OVERTAKEN),
        ("lin", "unanswered", "told", ""),
    ]


def test_an_answer_that_was_read_and_closed_is_not_told(quiet, lin, li, given, tick, clock):
    directive = given(quiet, JUNE[17], JUNE[30])
    tick(JUNE[17])
    clock(JUNE[18], 10)
    answer_directive(directive, by=lin, answer="已办")
    close_directive(Directive.objects.get(), by=li, saw_answer=True)

    tick(JUNE[20])

    assert lines(recipient=li) == [("li", "answered", "dropped", Dropped.SETTLED)]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("gone", ["post", "account"])
def test_where_the_leader_has_gone_the_other_leaders_are_told(quiet, lin, li, given, tick, clock, gone):
    person("zheng", "郑市长", Role.LEADER)
    directive = given(quiet, JUNE[8], JUNE[30])
    if gone == "post":
        Membership.objects.filter(user=li).delete()
    else:
        User.objects.filter(pk=li.pk).update(is_active=False)
    clock(JUNE[9], 8)
    answer_directive(directive, by=lin, answer="已办")

    tick(JUNE[9])

    assert [who for who, _day, occasion, _words in told() if occasion == "answered"] == ["zheng"]


def test_an_administrator_who_directs_is_told_of_the_answer(quiet, lin, boss, given, tick, clock):
    directive = given(quiet, JUNE[8], JUNE[30], by=boss)
    clock(JUNE[9], 8)
    answer_directive(directive, by=lin, answer="已办")

    tick(JUNE[9])

    assert [who for who, _day, occasion, _words in told() if occasion == "answered"] == ["boss"]


@pytest.mark.parametrize("change", ["leave", "post"])
def test_a_directive_left_on_a_weekend_follows_the_desk(quiet, lin, finance, given, tick, change):
    deputy = person("feng", "冯副", Role.REPORTER, finance)
    Membership.objects.filter(user=deputy).update(is_reminded=False)
    given(quiet, JUNE[18], JUNE[30])
    if change == "leave":
        Leave.objects.create(person=lin, deputy=deputy, since=JUNE[20], until=JUNE[20])
    else:
        Membership.objects.filter(user=lin).delete()
        Membership.objects.filter(user=deputy).update(is_reminded=True)

    tick(JUNE[20])

    assert told() == Counter({("feng", JUNE[20], "directed", "请抓紧"): 1})
    assert lines(recipient=lin) == [("lin", "directed", "dropped", Dropped.LEFT)]


def test_who_takes_over_the_post_is_told_the_current_step_once(quiet, lin, finance, given, tick):
    given(quiet, JUNE[8], JUNE[14])
    for day in (JUNE[8], JUNE[13]):
        tick(day)
    Membership.objects.filter(user=lin).delete()
    person("new", "新会计", Role.REPORTER, finance)
    for day in (JUNE[14], JUNE[15], JUNE[16]):
        tick(day)

    assert sorted((day, occasion) for who, day, occasion, _words in told() if who == "new") == [
        (JUNE[14], "answer"),
        (JUNE[15], "unanswered"),
    ]


def test_who_comes_back_to_the_post_is_told_after_all(quiet, lin, given, tick, clock):
    given(quiet, JUNE[8], JUNE[14])
    tick(JUNE[8])
    plan_reminders(today=JUNE[15])
    Membership.objects.filter(user=lin).update(is_reminded=False)
    now = clock(JUNE[15], 11)
    gather_letters(now=now)
    send_letters(clock=lambda: now, within=3600)
    assert lines(occasion="unanswered") == [("lin", "unanswered", "dropped", Dropped.LEFT)]

    Membership.objects.filter(user=lin).update(is_reminded=True)
    plan_again(today=JUNE[15])
    tick(JUNE[15], 12)
    tick(JUNE[16])

    assert lines(occasion="unanswered") == [("lin", "unanswered", "told", "")]


def test_who_pauses_gets_the_directive_and_nothing_planned(quiet, lin, given, tick):
    User.objects.filter(pk=lin.pk).update(paused_until=JUNE[30])
    given(quiet, JUNE[8], JUNE[14])
    for day in (JUNE[8], JUNE[13], JUNE[15]):
        tick(day)

    assert [occasion for _who, _day, occasion, _words in told()] == ["directed"]
