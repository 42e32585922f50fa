"""More time for a deadline is asked for in time, once, by the department."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from pledges.actions.extensions import grant_extension, withdraw_extension
from pledges.choices import ExtensionState
from pledges.errors import StaleError
from pledges.models import AuditEvent, Extension
from tests.cast import accepted
from tests.kit.extensions import DAY, DUE, END, LATER, TODAY, ask, days
from tests.kit.races import again


@pytest.mark.parametrize("role", ["lin", "sun", "boss"])
def test_the_department_asks_and_nothing_moves(stone, role, request):
    by = request.getfixturevalue(role)

    extension = ask(stone, by, reason=" 用地指标未下达 \n")

    assert (extension.was_due, extension.new_due, extension.reason) == (DUE, LATER, "用地指标未下达")
    assert (extension.state, extension.asked_by) == (ExtensionState.ASKED, by)
    assert days(stone) == (DUE, None, None)


@pytest.mark.parametrize("role", ["wu", "chen", "li"])
def test_nobody_else_asks(stone, role, request):
    with pytest.raises(PermissionDenied):
        ask(stone, request.getfixturevalue(role))


@pytest.mark.parametrize(
    "fields, at_field",
    [({"reason": " \n "}, "reason"), ({"new_due": DUE}, "new_due"), ({"new_due": END}, "new_due")],
)
def test_what_cannot_be_asked_for_is_refused_at_its_field(stone, lin, fields, at_field):
    with pytest.raises(ValidationError) as refused:
        ask(stone, lin, **fields)

    assert (set(refused.value.message_dict), Extension.objects.count()) == ({at_field}, 0)


def test_the_last_deadline_may_move_as_far_as_figures_are_taken(pledge, lin):
    last = pledge.milestones.get(due=END)
    with pytest.raises(ValidationError, match="figures of later days"):
        ask(last, lin, new_due=END + timedelta(days=93))

    assert ask(last, lin, new_due=END + timedelta(days=92)).new_due == date(2023, 4, 2)


def test_on_the_day_of_the_deadline_it_is_in_time_and_the_day_after_too_late(stone, lin):
    with pytest.raises(StaleError, match="over"):
        ask(stone, lin, today=DUE + DAY)

    assert ask(stone, lin, today=DUE).pk


def test_what_is_reached_needs_no_more_time(pledge, stone, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 15), value=50, reviewer=chen, author=lin)

    with pytest.raises(StaleError, match="reached already"):
        ask(stone, lin)


def test_one_request_of_a_deadline_waits_and_a_form_sent_twice_makes_one(stone, lin, sun):
    first = ask(stone, lin)

    assert ask(stone, lin) == first
    with pytest.raises(StaleError, match="already waiting"):
        ask(stone, sun)
    assert [event.action for event in AuditEvent.objects.all()] == ["extension.ask"]


def test_a_form_that_showed_another_deadline_is_old(stone, lin):
    with pytest.raises(StaleError, match="moved"):
        ask(stone, lin, was_due=DUE - DAY)


def test_who_asked_takes_it_back_while_nobody_has_decided(stone, lin, sun, chen):
    extension = ask(stone, lin)
    with pytest.raises(PermissionDenied):
        withdraw_extension(again(extension), by=sun)

    withdraw_extension(extension, by=lin)

    assert extension.state == ExtensionState.WITHDRAWN
    with pytest.raises(StaleError, match="withdrawn by 林会计"):
        grant_extension(again(extension), by=chen, answer="", today=TODAY)
    assert ask(stone, lin).pk != extension.pk
