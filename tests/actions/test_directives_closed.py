"""A directive is closed once, by those who may, and what was said meanwhile is read first; of two at once, one counts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from pledges.actions import directives as module
from pledges.actions.directives import answer_directive, close_directive
from pledges.choices import Role
from pledges.errors import StaleError
from pledges.models import Directive
from pledges.queries.directives import Stage, directives_in, unanswered_by
from tests.cast import PledgeFactory, person
from tests.kit.directives import MONDAY, WEEK, leave, stages
from tests.kit.races import again, at_once

pytestmark = pytest.mark.usefixtures("monday")


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
