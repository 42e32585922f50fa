"""Letters about directives: to the department at once, before the day and once after it; the answer to the leader."""

from collections import Counter

import pytest
from django.core import mail
from django.urls import reverse

from pledges.actions import directives as room
from pledges.actions.directives import answer_directive, close_directive
from pledges.actions.reminders import plan_again, plan_reminders
from pledges.choices import Language, LetterState, Role
from pledges.models import Directive, Letter, Membership, Reminder, User
from tests.kit.answering import DAY, JUNE, MAY_30, REST, lines, told

pytestmark = pytest.mark.django_db


GIVEN_ON = {
    MAY_30: [("never answered", JUNE[6]), ("answered early", JUNE[20])],
    JUNE[4]: [("left on a holiday", JUNE[6])],
    JUNE[8]: [("by tomorrow", JUNE[9])],
    JUNE[13]: [("closed unanswered", JUNE[24])],
    JUNE[18]: [("over before it is told", JUNE[19])],
    JUNE[20]: [("answered on a Saturday", JUNE[22])],
}
ANSWERED_ON = {JUNE[1]: "answered early", JUNE[15]: "by tomorrow", JUNE[25]: "answered on a Saturday"}
CLOSED_ON = {JUNE[20]: "closed unanswered", JUNE[16]: "by tomorrow"}
TO_THE_DEPARTMENT = {
    "never answered": [(MAY_30, "directed"), (JUNE[2], "answer"), (JUNE[7], "unanswered")],
    "answered early": [(MAY_30, "directed")],
    "left on a holiday": [(JUNE[6], "directed"), (JUNE[7], "unanswered")],
    "by tomorrow": [(JUNE[8], "directed"), (JUNE[10], "unanswered")],
    "closed unanswered": [(JUNE[13], "directed")],
    "over before it is told": [(JUNE[20], "directed")],
    "answered on a Saturday": [(JUNE[20], "directed"), (JUNE[21], "answer"), (JUNE[23], "unanswered")],
}
TO_THE_LEADER = {"answered early": JUNE[1], "by tomorrow": JUNE[15], "answered on a Saturday": JUNE[27]}


@pytest.fixture
def a_month(quiet, lin, sun, li, clock, tick, given):
    """June 2022, each day with what was given, answered and closed on it, between two ticks."""
    day = MAY_30
    while day <= JUNE[30]:
        tick(day, 9)
        for words, answer_by in GIVEN_ON.get(day, []):
            given(quiet, day, answer_by, words)
        clock(day, 10)
        if day in ANSWERED_ON:
            answer_directive(Directive.objects.get(words=ANSWERED_ON[day]), by=lin, answer="已办")
        if day in CLOSED_ON:
            found = Directive.objects.get(words=CLOSED_ON[day])
            close_directive(found, by=li, saw_answer=found.answered_at is not None)
        tick(day, 11)
        day += DAY


def test_a_month_of_directives_day_by_day(a_month):
    """Worked out by hand from the calendar of June 2022; nothing more, nothing less, nothing on a day of rest."""
    department = [
        (who, on, occasion, words)
        for who in ("lin", "sun")
        for words, notices in TO_THE_DEPARTMENT.items()
        for on, occasion in notices
    ]
    leader = [("li", on, "answered", words) for words, on in TO_THE_LEADER.items()]

    assert told() == Counter(department + leader)
    assert not {letter.day for letter in Letter.objects.all()} & REST
    assert not Reminder.objects.waiting().exists()
    assert len(mail.outbox) == Letter.objects.filter(state=LetterState.SENT).count()


def test_the_department_is_told_in_the_transaction_of_the_directive(quiet, lin, sun, wu, given, monkeypatch):
    given(quiet, JUNE[8], JUNE[20])
    assert lines() == [("lin", "directed", "waiting", ""), ("sun", "directed", "waiting", "")]

    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(room, "remind_of_directive", broken)
    with pytest.raises(RuntimeError):
        given(quiet, JUNE[9], JUNE[20], "另一件")
    assert Directive.objects.count() == 1


def test_the_same_words_twice_are_told_once(quiet, lin, given, tick):
    for _again in range(2):
        given(quiet, JUNE[8], JUNE[20])
        tick(JUNE[8])

    assert told() == Counter({("lin", JUNE[8], "directed", "请抓紧"): 1})


def test_who_reports_and_heads_is_told_once(quiet, lin, finance, given):
    Membership.objects.create(user=lin, role=Role.HEAD, department=finance)

    given(quiet, JUNE[8], JUNE[20])

    assert lines() == [("lin", "directed", "waiting", "")]


def test_the_leader_is_told_of_an_answer_in_the_letter_of_the_next_day(quiet, lin, li, given, tick, clock):
    """In their letter of the day, never in one beside it."""
    first, second = (given(quiet, JUNE[8], JUNE[30], words) for words in ("甲", "乙"))
    clock(JUNE[9], 8)
    answer_directive(first, by=lin, answer="已办")
    tick(JUNE[9], 9)
    clock(JUNE[9], 10)
    answer_directive(second, by=lin, answer="已办")
    tick(JUNE[9], 11)
    assert [day for who, day, *_rest in told() if who == "li"] == [JUNE[9]]

    tick(JUNE[10], 9)
    assert sorted(day for who, day, *_rest in told() if who == "li") == [JUNE[9], JUNE[10]]


def test_planning_costs_the_same_for_one_directive_and_three(
    quiet, lin, given, clock, django_assert_max_num_queries
):
    def cost(day):
        clock(day, 8)
        plan_again(today=day)
        with django_assert_max_num_queries(60) as queries:
            plan_reminders(today=day)
        return len(queries)

    given(quiet, JUNE[8], JUNE[14], "甲")
    cost(JUNE[13])  # the first plan of a house makes its heartbeat and fills its caches
    one = cost(JUNE[13])
    for words in ("乙", "丙"):
        given(quiet, JUNE[8], JUNE[14], words)
    assert cost(JUNE[13]) == one


@pytest.mark.parametrize("language", Language.values)
def test_both_faces_say_who_directs_what_by_when_and_where_to_answer(
    quiet, lin, sun, li, given, tick, language
):
    User.objects.update(language=language)
    directive = given(quiet, JUNE[8], JUNE[14], "请<b>周二</b>前报方案")
    tick(JUNE[8])

    letters = {message.to[0]: message for message in mail.outbox}
    answer = reverse("directive-answer", args=[directive.pk])
    for user, link in ((lin, answer), (sun, quiet.get_absolute_url())):
        message = letters[user.email]
        html = message.alternatives[0][0]
        assert quiet.title in message.subject
        assert ("请<b>周二</b>前报方案" in message.body, li.name in message.body) == (True, True)
        assert ("<b>周二</b>" in html, "&lt;b&gt;周二&lt;/b&gt;" in html) == (False, True)
        assert (f"http://testserver{link}\n" in message.body, f'http://testserver{link}"' in html) == (
            True,
            True,
        )
    assert answer not in letters[sun.email].body


@pytest.mark.parametrize("language", Language.values)
def test_the_leader_reads_the_answer_and_who_gave_it(quiet, lin, li, given, tick, clock, language):
    User.objects.update(language=language)
    directive = given(quiet, JUNE[8], JUNE[14])
    clock(JUNE[9], 8)
    answer_directive(directive, by=lin, answer="已约谈企业")
    tick(JUNE[9])

    (message,) = [each for each in mail.outbox if each.to == [li.email]]
    html = message.alternatives[0][0]
    for words in ("请抓紧", "已约谈企业", lin.name):
        assert (words in message.body, words in html) == (True, True)
    assert quiet.get_absolute_url() in message.body
