"""A leader's word on a pledge: left once, answered once, closed once, by those who may."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from pledges.actions.directives import answer_directive, close_directive, usual_day
from pledges.choices import Role
from pledges.errors import StaleError
from pledges.models import Directive, Membership
from pledges.queries.directives import Stage
from pledges.rules.workdays import Calendar
from tests.cast import PledgeFactory, person
from tests.kit.directives import MONDAY, WEEK, leave, stages
from tests.kit.races import again

pytestmark = pytest.mark.usefixtures("monday")


def test_the_usual_day_is_seven_working_days_ahead():
    rests = Calendar(rests=frozenset({date(2022, 7, 5)}))

    assert (usual_day(MONDAY, Calendar()), usual_day(MONDAY, rests)) == (date(2022, 7, 13), date(2022, 7, 14))


@pytest.mark.parametrize("role", ["li", "boss"])
def test_leaders_and_administrators_direct(pledge, role, request):
    by = request.getfixturevalue(role)

    made = leave(pledge, by=by, words=" 请抓紧 \n")

    assert (made.pledge, made.by, made.words, made.answer_by) == (pledge, by, "请抓紧", MONDAY + WEEK)
    assert stages(pledge) == [Stage.WAITING]


@pytest.mark.parametrize("role", ["lin", "sun", "wu", "chen"])
def test_others_do_not(pledge, role, request):
    with pytest.raises(PermissionDenied):
        leave(pledge, by=request.getfixturevalue(role))

    assert Directive.objects.count() == 0


@pytest.mark.parametrize(
    "fields, at",
    [
        ({"words": " \n "}, "words"),
        ({"answer_by": MONDAY - timedelta(days=1)}, "answer_by"),
        ({"answer_by": MONDAY + timedelta(days=367)}, "answer_by"),
    ],
)
def test_what_cannot_be_answered_is_refused_at_its_field(pledge, li, fields, at):
    with pytest.raises(ValidationError) as refused:
        leave(pledge, by=li, **fields)

    assert (set(refused.value.message_dict), Directive.objects.count()) == ({at}, 0)


@pytest.mark.parametrize("day", [MONDAY, MONDAY + timedelta(days=366)])
def test_the_first_and_the_last_day_are_days(pledge, li, day):
    assert leave(pledge, by=li, answer_by=day).answer_by == day


def test_the_same_words_sent_twice_are_one_directive(pledge, li):
    assert leave(pledge, by=li) == leave(pledge, by=li)
    assert Directive.objects.count() == 1


def test_the_same_words_with_another_day_are_refused_while_the_first_is_open(pledge, li, directive):
    with pytest.raises(ValidationError):
        leave(pledge, by=li, answer_by=MONDAY + 2 * WEEK)

    close_directive(directive, by=li, saw_answer=False)

    assert leave(pledge, by=li, answer_by=MONDAY + 2 * WEEK).pk != directive.pk


def test_the_same_words_of_two_leaders_or_on_two_pledges_are_two(pledge, li, boss, directive):
    leave(pledge, by=boss)
    leave(PledgeFactory(campaign=pledge.campaign, department=pledge.department), by=li)

    assert Directive.objects.count() == 3


def test_the_department_answers_and_the_words_are_kept(directive, lin):
    answer_directive(directive, by=lin, answer=" 已办结 ")

    assert (directive.answer, directive.answered_by) == ("已办结", lin)
    assert directive.answered_at is not None
    assert stages(directive.pledge) == [Stage.ANSWERED]


@pytest.mark.parametrize("role", ["sun", "wu", "chen", "li"])
def test_only_those_who_report_for_the_department_answer(directive, role, request):
    with pytest.raises(PermissionDenied):
        answer_directive(directive, by=request.getfixturevalue(role), answer="已办结")

    assert again(directive).answered_at is None


def test_nobody_answers_their_own_words(pledge, li, finance):
    Membership.objects.create(user=li, role=Role.REPORTER, department=finance)
    own = leave(pledge, by=li)

    with pytest.raises(PermissionDenied):
        answer_directive(own, by=li, answer="已办结")


def test_an_empty_answer_is_none(directive, lin):
    with pytest.raises(ValidationError):
        answer_directive(directive, by=lin, answer=" ")

    assert again(directive).answered_at is None


def test_the_second_answer_is_told_who_was_first(directive, lin, finance):
    other = person("he", "何会计", Role.REPORTER, finance)
    late = again(directive)
    answer_directive(directive, by=lin, answer="已办结")

    with pytest.raises(StaleError, match="林会计"):
        answer_directive(late, by=other, answer="未办结")

    assert again(directive).answer == "已办结"


def test_the_same_answer_sent_twice_is_one(directive, lin):
    late = again(directive)
    answer_directive(directive, by=lin, answer="已办结")
    moment = directive.answered_at

    assert answer_directive(late, by=lin, answer="已办结").answered_at == moment


def test_another_answer_of_the_same_person_is_not_taken(directive, lin):
    answer_directive(directive, by=lin, answer="已办结")

    with pytest.raises(StaleError):
        answer_directive(directive, by=lin, answer="其实没有")

    assert again(directive).answer == "已办结"


def test_a_closed_directive_takes_no_answer(directive, li, lin):
    close_directive(directive, by=li, saw_answer=False)

    with pytest.raises(StaleError, match="李市长"):
        answer_directive(again(directive), by=lin, answer="已办结")

    assert again(directive).answer == ""
