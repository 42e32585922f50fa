"""A leader's word on a pledge: left once, answered once, closed once, by those who may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

from pledges.actions import directives as module
from pledges.actions.directives import answer_directive, close_directive, direct, usual_day
from pledges.choices import Role
from pledges.errors import StaleError
from pledges.models import Directive, Membership
from pledges.queries.directives import Stage, directives_in, sheaf_of, unanswered_by
from pledges.rules.workdays import Calendar
from tests.cast import PledgeFactory, person

MONDAY = date(2022, 7, 4)
WEEK = timedelta(days=7)
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(datetime(2022, 7, 4, 10, tzinfo=CHINA))


@pytest.fixture
def directive(pledge, li):
    return leave(pledge, by=li)


def leave(pledge, *, by, words="请抓紧", answer_by=MONDAY + WEEK):
    return direct(pledge, by=by, words=words, answer_by=answer_by, today=MONDAY)


def again(row):
    """The same row as another page holds it."""
    return type(row)._default_manager.get(pk=row.pk)


def stages(pledge, day=MONDAY):
    sheaf = sheaf_of(pledge, day=day)
    return [slip.stage for slip in [*sheaf.open, *sheaf.closed]]


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


@pytest.mark.parametrize("role", ["li", "chen", "boss"])
def test_an_answered_one_is_closed_by_the_office(directive, lin, role, request):
    by = request.getfixturevalue(role)
    answer_directive(directive, by=lin, answer="已办结")

    close_directive(directive, by=by, saw_answer=True)

    assert directive.closed_by == by
    assert stages(directive.pledge) == [Stage.CLOSED]


@pytest.mark.parametrize("role", ["lin", "sun", "wu"])
def test_departments_close_nothing(directive, lin, role, request):
    answer_directive(directive, by=lin, answer="已办结")

    with pytest.raises(PermissionDenied):
        close_directive(directive, by=request.getfixturevalue(role), saw_answer=True)


@pytest.mark.parametrize("role", ["chen", "boss"])
def test_without_an_answer_only_its_author_closes_it(directive, li, role, request):
    with pytest.raises(PermissionDenied):
        close_directive(directive, by=request.getfixturevalue(role), saw_answer=False)

    assert close_directive(directive, by=li, saw_answer=False).closed_by == li


def test_who_has_left_the_office_closes_nothing(directive, li):
    li.memberships.all().delete()

    with pytest.raises(PermissionDenied):
        close_directive(directive, by=again(li), saw_answer=False)


def test_an_answer_that_came_meanwhile_is_read_before_closing(directive, li, lin):
    answer_directive(directive, by=lin, answer="已办结")

    with pytest.raises(StaleError, match="林会计"):
        close_directive(again(directive), by=li, saw_answer=False)

    assert again(directive).closed_at is None


def test_an_answer_that_is_not_there_was_not_seen(directive, li):
    with pytest.raises(StaleError):
        close_directive(directive, by=li, saw_answer=True)

    assert again(directive).closed_at is None


def test_the_second_closing_is_told_who_was_first_and_a_double_click_is_none(directive, lin, li, chen):
    answer_directive(directive, by=lin, answer="已办结")
    late = again(directive)
    close_directive(directive, by=li, saw_answer=True)
    moment = directive.closed_at

    with pytest.raises(StaleError, match="李市长"):
        close_directive(late, by=chen, saw_answer=True)

    assert close_directive(late, by=li, saw_answer=True).closed_at == moment


def test_the_database_keeps_no_half_answer(directive):
    with pytest.raises(IntegrityError):
        Directive.objects.filter(pk=directive.pk).update(answer="已办结")


def test_a_day_that_is_over_shows_what_stood_then(pledge, directive, li, lin, time_machine):
    time_machine.shift(WEEK)
    answer_directive(directive, by=lin, answer="已办结")
    time_machine.shift(WEEK)
    close_directive(directive, by=li, saw_answer=True)

    days = [MONDAY - timedelta(days=1), MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]
    assert [stages(pledge, day) for day in days] == [[], [Stage.WAITING], [Stage.ANSWERED], [Stage.CLOSED]]
    assert [len(unanswered_by(lin, roles=[Role.REPORTER], day=day)) for day in days] == [0, 1, 0, 0]


def test_the_longest_overdue_comes_first_and_closed_ones_last(campaign, finance, li, lin, time_machine):
    names = ["later", "overdue", "soon", "answered", "closed"]
    ahead = [20, 1, 5, 2, 3]
    made = {
        name: leave(
            PledgeFactory(campaign=campaign, department=finance), by=li, answer_by=MONDAY + timedelta(days=n)
        )
        for name, n in zip(names, ahead, strict=True)
    }
    answer_directive(made["answered"], by=lin, answer="已办结")
    close_directive(made["closed"], by=li, saw_answer=False)

    found = directives_in(campaign, li, day=MONDAY + timedelta(days=2))

    assert [each.pk for each in found] == [
        made[name].pk for name in ("overdue", "soon", "later", "answered", "closed")
    ]


def at_once(*deeds):
    """Each deed in a connection of its own, all starting together; what came of it, in order."""
    barrier = Barrier(len(deeds))

    def act(deed):
        try:
            barrier.wait()
            deed()
        except StaleError as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(act, deeds))


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_kept(directive, lin, finance):
    other = person("he", "何会计", Role.REPORTER, finance)
    pages = again(directive), again(directive)

    came = at_once(
        lambda: answer_directive(pages[0], by=lin, answer="甲"),
        lambda: answer_directive(pages[1], by=other, answer="乙"),
    )

    assert [type(each) for each in came].count(StaleError) == 1
    kept = again(directive)
    assert (kept.answer, kept.answered_by) in [("甲", lin), ("乙", other)]


@pytest.mark.django_db(transaction=True)
def test_of_an_answer_and_a_closing_at_once_one_is_kept(directive, lin, li):
    pages = again(directive), again(directive)

    came = at_once(
        lambda: answer_directive(pages[0], by=lin, answer="甲"),
        lambda: close_directive(pages[1], by=li, saw_answer=False),
    )

    kept = again(directive)
    assert [type(each) for each in came].count(StaleError) == 1
    assert (kept.answered_at is None) != (kept.closed_at is None)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_leave_one_directive(pledge, li):
    came = at_once(lambda: leave(pledge, by=li), lambda: leave(pledge, by=li))

    assert (came, Directive.objects.count()) == ([None, None], 1)


def test_without_the_condition_the_second_answer_would_win(directive, lin, finance, monkeypatch):
    other = person("he", "何会计", Role.REPORTER, finance)
    late = again(directive)
    answer_directive(directive, by=lin, answer="甲")
    anything = type("Anything", (), {"unanswered": staticmethod(Directive.objects.all)})
    monkeypatch.setattr(module.Directive, "objects", anything, raising=False)

    answer_directive(late, by=other, answer="乙")

    monkeypatch.undo()
    assert again(directive).answer == "乙"
