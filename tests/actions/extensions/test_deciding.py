"""More time is granted or refused by somebody else, once; the first day stays beside the new one."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from pledges.actions import extensions as module
from pledges.actions.closings import close_pledge
from pledges.actions.extensions import grant_extension, refuse_extension
from pledges.actions.letters import gather_letters
from pledges.actions.reminders import plan_again, plan_reminders
from pledges.actions.standings import rebuild_campaign
from pledges.choices import Dropped, ExtensionState, Light, Occasion, Reason, ReminderState
from pledges.errors import StaleError
from pledges.models import AuditEvent, Extension, Letter, LightChange, Milestone, Reminder
from pledges.queries.facts import judged_one, trajectory_of
from pledges.queries.letters import Office, content_of
from pledges.queries.workdays import office_calendar
from tests.cast import PledgeFactory, accepted
from tests.kit.desks import at
from tests.kit.extensions import DAY, DUE, END, LATER, LATEST, TODAY, ask, days, grant
from tests.kit.races import again, at_once


def test_granted_it_moves_the_deadline_and_keeps_the_first(pledge, stone, lin, chen):
    grant(stone, lin, chen)
    assert days(stone) == (LATER, DUE, None)

    grant(stone, lin, chen, new_due=LATEST)

    assert days(stone)[:2] == (LATEST, DUE)
    assert [each.state for each in Extension.objects.all()] == [ExtensionState.GRANTED] * 2
    assert [point.day for point in trajectory_of(pledge, original=True).milestones] == [DUE, END]
    assert [point.day for point in trajectory_of(again(pledge)).milestones] == [LATEST, END]


def test_granted_it_judges_anew_and_leaves_a_row_in_the_chain(pledge, stone, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 15), value=40, reviewer=chen, author=lin)
    extension = ask(stone, lin)
    after = DUE + DAY
    assert pledge.standings.on(after).get().reason == Reason.MISSED

    grant_extension(extension, by=chen, answer="同意", today=after)

    assert pledge.standings.on(after).get().light == Light.GREEN
    assert LightChange.objects.filter(pledge=pledge, day=after, light=Light.GREEN).exists()
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.pledge_id, event.actor_id) == ("extension.grant", pledge.pk, chen.pk)


def test_refused_it_moves_nothing_and_says_why(stone, lin, chen):
    extension = ask(stone, lin)
    with pytest.raises(ValidationError):
        refuse_extension(extension, by=chen, answer=" \n")

    refuse_extension(extension, by=chen, answer=" 倒排工期 ")

    assert (extension.state, extension.answer, extension.decided_by) == ("refused", "倒排工期", chen)
    assert days(stone) == (DUE, None, None)


@pytest.mark.parametrize("role", ["lin", "sun", "wu", "li"])
def test_only_the_supervision_office_decides(stone, lin, role, request):
    extension, by = ask(stone, lin), request.getfixturevalue(role)

    with pytest.raises(PermissionDenied):
        grant_extension(extension, by=by, answer="", today=TODAY)
    with pytest.raises(PermissionDenied):
        refuse_extension(extension, by=by, answer="不同意")


def test_nobody_decides_on_their_own_request(stone, boss):
    extension = ask(stone, boss)

    with pytest.raises(PermissionDenied):
        grant_extension(extension, by=boss, answer="", today=TODAY)
    with pytest.raises(IntegrityError):
        Extension.objects.filter(pk=extension.pk).update(
            state="granted", decided_by=boss, decided_at=at(TODAY)
        )


def test_the_second_decider_is_told_who_was_first(stone, lin, chen, zhao):
    extension = ask(stone, lin)
    late = again(extension)
    grant_extension(extension, by=chen, answer="", today=TODAY)

    with pytest.raises(StaleError, match="陈督查"):
        refuse_extension(late, by=zhao, answer="不同意")
    with pytest.raises(StaleError, match="陈督查"):
        grant_extension(again(extension), by=zhao, answer="", today=TODAY)
    assert days(stone)[0] == LATER


@pytest.mark.django_db(transaction=True)
def test_of_a_grant_and_a_refusal_at_once_one_counts(stone, lin, chen, zhao):
    extension = ask(stone, lin)
    pages = again(extension), again(extension)

    came = at_once(
        lambda: grant_extension(pages[0], by=chen, answer="", today=TODAY),
        lambda: refuse_extension(pages[1], by=zhao, answer="不同意"),
    )

    assert [type(each) for each in came].count(StaleError) == 1
    assert (days(stone)[0] == LATER) == (again(extension).state == ExtensionState.GRANTED)


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_waits(stone, lin, sun):
    came = at_once(lambda: ask(stone, lin), lambda: ask(stone, sun))

    assert sorted(str(type(each)) for each in came) == sorted(map(str, (type(None), StaleError)))
    assert Extension.objects.count() == 1


def test_without_the_condition_the_second_decision_would_win(stone, lin, chen, zhao, monkeypatch):
    extension = ask(stone, lin)
    late = again(extension)
    grant_extension(extension, by=chen, answer="", today=TODAY)
    anything = type("Anything", (), {"waiting": staticmethod(Extension.objects.all)})
    monkeypatch.setattr(module.Extension, "objects", anything, raising=False)

    refuse_extension(late, by=zhao, answer="不同意")

    monkeypatch.undo()
    assert again(extension).state == ExtensionState.REFUSED
    assert days(stone)[0] == LATER


def test_what_the_plan_says_meanwhile_is_heeded(pledge, stone, lin, chen):
    extension = ask(stone, lin)
    Milestone.objects.filter(pledge=pledge, due=END).update(due=LATER - DAY)
    with pytest.raises(ValidationError, match="next milestone"):
        grant_extension(again(extension), by=chen, answer="", today=TODAY)
    accepted(pledge, as_of=TODAY, value=60, reviewer=chen, author=lin)
    with pytest.raises(ValidationError, match="reached already"):
        grant_extension(again(extension), by=chen, answer="", today=TODAY)
    Milestone.objects.filter(pk=stone.pk).update(due=DUE + DAY)
    with pytest.raises(ValidationError, match="moved"):
        grant_extension(again(extension), by=chen, answer="", today=TODAY)

    assert again(extension).state == ExtensionState.ASKED


def test_what_is_closed_asks_for_nothing(pledge, stone, lin, chen, zhao):
    accepted(pledge, as_of=TODAY, value=100, reviewer=chen, author=lin)
    close_pledge(pledge, by=zhao, words="", today=TODAY)

    with pytest.raises(StaleError, match="closed"):
        ask(stone, lin)


def test_a_shared_deadline_moves_wherever_it_is_shared(pledge, stone, elsewhere, wu, lin, chen):
    stones = [(DUE, 50), (END, 100)]
    other = PledgeFactory(campaign=pledge.campaign, department=elsewhere, shared_with=pledge, stones=stones)
    twin = other.milestones.get(due=DUE)
    ask(twin, wu)
    with pytest.raises(StaleError, match="already waiting"):
        ask(stone, lin)

    grant_extension(Extension.objects.get(), by=chen, answer="", today=TODAY)

    assert days(stone) == days(twin) == (LATER, DUE, None)
    grant(stone, lin, chen, new_due=LATEST)
    assert days(stone) == days(twin) == (LATEST, DUE, TODAY)
    assert other.standings.on(TODAY).get().reason == Reason.PUT_OFF


def test_put_off_as_often_as_the_limit_says_it_is_an_alert_until_it_is_met(pledge, stone, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 15), value=40, reviewer=chen, author=lin)
    grant(stone, lin, chen)
    assert judged_one(again(pledge), today=TODAY).verdict.light == Light.GREEN

    grant(stone, lin, chen, new_due=LATEST)

    assert days(stone)[2] == TODAY
    assert judged_one(again(pledge), today=TODAY).verdict.reason == Reason.PUT_OFF
    assert pledge.standings.on(TODAY - DAY).get().light == Light.GREEN
    accepted(pledge, as_of=TODAY + DAY, value=50, reviewer=chen, author=lin)
    assert judged_one(again(pledge), today=TODAY + DAY).verdict.light == Light.GREEN


def test_a_limit_that_changes_is_counted_anew(pledge, stone, lin, chen):
    campaign = pledge.campaign
    grant(stone, lin, chen)
    marked = []
    for limit in (1, 2, None):
        campaign.red_after_extensions = limit
        campaign.save()
        rebuild_campaign(campaign.pk, today=TODAY)
        marked.append((days(stone)[2], pledge.standings.on(TODAY).get().reason == Reason.PUT_OFF))

    assert marked == [(TODAY, True), (None, False), (None, False)]


def test_reminders_of_the_old_day_are_not_told_and_the_new_day_is(stone, lin, chen):
    plan_reminders(today=TODAY)
    waiting = Reminder.objects.filter(state=ReminderState.WAITING, occasion=Occasion.AHEAD)
    assert {reminder.due for reminder in waiting} == {DUE}
    gather_letters(now=at(TODAY))
    letter = Letter.objects.get(recipient=lin)

    grant(stone, lin, chen)

    content = content_of(letter, Office.on(TODAY, office_calendar()))
    assert [(reminder.due, why) for reminder, why in content.dropped.items()] == [(DUE, Dropped.MOVED)]
    plan_again(today=LATER)
    plan_reminders(today=LATER)
    assert {reminder.due for reminder in waiting.filter(letter__isnull=True)} == {LATER}


@pytest.mark.django_db(transaction=True)
def test_granted_it_is_planned_again_on_the_same_day(stone, lin, chen):
    plan_reminders(today=TODAY)
    extension = ask(stone, lin, new_due=TODAY + timedelta(days=14))
    Milestone.objects.filter(pk=stone.pk).update(due=TODAY + DAY)
    Extension.objects.update(was_due=TODAY + DAY)

    grant_extension(again(extension), by=chen, answer="", today=TODAY)

    plan_reminders(today=TODAY)
    assert Reminder.objects.filter(due=TODAY + timedelta(days=14), step=14).exists()
