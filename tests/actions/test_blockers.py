"""What stands in the way: raised once, removed once, by those who may."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from pledges.actions import blockers as module
from pledges.actions.blockers import raise_blocker, remove_blocker
from pledges.choices import Role
from pledges.errors import StaleError
from pledges.models import AuditEvent, Blocker, Closing
from pledges.queries.blockers import heap_of, to_remove
from pledges.queries.deeds import newest_deeds
from tests.cast import CampaignFactory, PledgeFactory, person
from tests.kit.races import again, at_once

pytestmark = pytest.mark.usefixtures("monday")

MONDAY = date(2022, 7, 4)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def stand(pledge, by, *, weakness="用地指标不足", remedy="报省厅追加", due=MONDAY + WEEK, department=None):
    return raise_blocker(
        pledge,
        by=by,
        weakness=weakness,
        remedy=remedy,
        due=due,
        department=department or pledge.department,
        today=MONDAY,
    )


@pytest.fixture
def blocker(pledge, lin):
    return stand(pledge, lin)


@pytest.fixture
def foreign(pledge, lin, elsewhere):
    """In the way of the finance office, and the commerce office's to remove."""
    return stand(pledge, lin, department=elsewhere)


@pytest.mark.parametrize("role", ["lin", "sun", "chen", "li", "boss"])
def test_the_pledges_own_people_and_the_city_raise(pledge, elsewhere, role, request):
    by = request.getfixturevalue(role)

    made = stand(pledge, by, weakness=" 用地指标不足 \n", remedy=" 报省厅追加 ", department=elsewhere)

    assert (made.pledge, made.raised_by, made.department) == (pledge, by, elsewhere)
    assert (made.weakness, made.remedy, made.due) == ("用地指标不足", "报省厅追加", MONDAY + WEEK)
    assert [hitch.blocker for hitch in heap_of(pledge, day=MONDAY).open] == [made]


def test_others_do_not_raise(pledge, wu):
    with pytest.raises(PermissionDenied):
        stand(pledge, wu)

    assert Blocker.objects.count() == 0


@pytest.mark.parametrize(
    "fields, at",
    [
        ({"weakness": " \n "}, {"weakness"}),
        ({"remedy": ""}, {"remedy"}),
        ({"weakness": "", "remedy": " "}, {"weakness", "remedy"}),
        ({"due": MONDAY - DAY}, {"due"}),
        ({"due": MONDAY + timedelta(days=367)}, {"due"}),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(pledge, lin, fields, at):
    with pytest.raises(ValidationError) as refused:
        stand(pledge, lin, **fields)

    assert (set(refused.value.message_dict), Blocker.objects.count()) == (at, 0)


@pytest.mark.parametrize("due", [MONDAY, MONDAY + timedelta(days=366)])
def test_the_first_and_the_last_day_are_days(pledge, lin, due):
    assert stand(pledge, lin, due=due).due == due


def test_a_campaign_of_years_gives_time_until_its_last_figures(finance, lin):
    long = PledgeFactory(campaign=CampaignFactory(ends_on=date(2024, 12, 31)), department=finance)

    assert stand(long, lin, due=date(2025, 4, 2)).due == date(2025, 4, 2)
    with pytest.raises(ValidationError):
        stand(long, lin, weakness="另一件", due=date(2025, 4, 3))


def test_the_same_line_sent_twice_is_one_blocker(pledge, lin):
    assert stand(pledge, lin) == stand(pledge, lin)
    assert (Blocker.objects.count(), AuditEvent.objects.filter(action="blocker.raise").count()) == (1, 1)


@pytest.mark.parametrize("fields", [{"remedy": "另想办法"}, {"due": MONDAY + 2 * WEEK}])
def test_the_same_weakness_with_another_remedy_or_day_is_refused_while_it_stands(
    pledge, lin, blocker, fields
):
    with pytest.raises(ValidationError) as refused:
        stand(pledge, lin, **fields)
    assert set(refused.value.message_dict) == {"weakness"}

    remove_blocker(blocker, by=lin, outcome="填错了")

    assert stand(pledge, lin, **fields).pk != blocker.pk


def test_somebody_elses_same_line_stands_there_already(pledge, blocker, sun):
    with pytest.raises(ValidationError):
        stand(pledge, sun)


def test_another_department_or_another_pledge_is_another_blocker(pledge, lin, blocker, elsewhere):
    stand(pledge, lin, department=elsewhere)
    stand(PledgeFactory(campaign=pledge.campaign, department=pledge.department), lin)

    assert Blocker.objects.count() == 3


def test_a_closed_pledge_takes_no_blockers_but_lets_them_be_removed(pledge, lin, chen, blocker):
    Closing.objects.create(pledge=pledge, closed_by=chen)

    with pytest.raises(StaleError, match="陈督查"):
        stand(pledge, lin, weakness="另一件")

    assert remove_blocker(blocker, by=lin, outcome="已追加").removed_by == lin


def test_a_shared_pledge_is_closed_with_its_book(pledge, campaign, elsewhere, wu, chen):
    share = PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)
    Closing.objects.create(pledge=pledge, closed_by=chen)

    with pytest.raises(StaleError):
        stand(share, wu)


@pytest.mark.parametrize("role", ["lin", "sun", "chen", "boss"])
def test_the_responsible_department_and_the_office_remove(blocker, role, request):
    by = request.getfixturevalue(role)

    remove_blocker(blocker, by=by, outcome=" 指标已追加 \n")

    assert (blocker.outcome, blocker.removed_by) == ("指标已追加", by)
    assert blocker.removed_at is not None


@pytest.mark.parametrize("role", ["wu", "li"])
def test_leaders_and_other_departments_remove_nothing(blocker, role, request):
    with pytest.raises(PermissionDenied):
        remove_blocker(blocker, by=request.getfixturevalue(role), outcome="已解决")

    assert again(blocker).removed_at is None


def test_what_another_department_has_to_remove_the_pledges_own_does_not(foreign, lin, sun, wu):
    for own in (lin, sun):
        with pytest.raises(PermissionDenied):
            remove_blocker(foreign, by=own, outcome="已解决")

    assert remove_blocker(foreign, by=wu, outcome="已协调").removed_by == wu


def test_a_removal_says_how(blocker, lin):
    with pytest.raises(ValidationError) as refused:
        remove_blocker(blocker, by=lin, outcome=" ")

    assert (set(refused.value.message_dict), again(blocker).removed_at) == ({"outcome"}, None)


def test_the_second_removal_is_told_who_was_first_and_a_double_click_is_none(blocker, lin, chen):
    late = again(blocker)
    remove_blocker(blocker, by=lin, outcome="已追加")
    moment = blocker.removed_at

    with pytest.raises(StaleError, match="林会计"):
        remove_blocker(late, by=chen, outcome="已追加")

    assert remove_blocker(again(blocker), by=lin, outcome="已追加").removed_at == moment
    assert AuditEvent.objects.filter(action="blocker.remove").count() == 1


def test_other_words_of_the_same_person_are_not_taken(blocker, lin):
    remove_blocker(blocker, by=lin, outcome="已追加")

    with pytest.raises(StaleError):
        remove_blocker(blocker, by=lin, outcome="其实没有")

    assert again(blocker).outcome == "已追加"


def test_the_history_of_the_pledge_tells_both_steps(pledge, foreign, wu):
    remove_blocker(foreign, by=wu, outcome="已协调")

    deeds, _more = newest_deeds(pledge, until=MONDAY)

    assert [deed.event.action for deed in deeds] == ["blocker.remove", "blocker.raise"]
    assert [value for _name, value in deeds[0].details] == ["已协调"]
    assert {value for _name, value in deeds[1].details} >= {"用地指标不足", "报省厅追加", "商务局"}


def test_the_database_keeps_no_half_removal(blocker):
    with pytest.raises(IntegrityError):
        Blocker.objects.filter(pk=blocker.pk).update(outcome="已追加")


def test_a_day_that_is_over_shows_what_stood_then(pledge, blocker, lin, time_machine):
    time_machine.shift(2 * WEEK)
    remove_blocker(blocker, by=lin, outcome="已追加")

    days = [MONDAY - DAY, MONDAY, MONDAY + WEEK + DAY, MONDAY + 2 * WEEK]
    heaps = [heap_of(pledge, day=day) for day in days]
    stages = [[hitch.stage.value for hitch in [*heap.open, *heap.removed]] for heap in heaps]
    assert stages == [[], ["in_time"], ["overdue"], ["removed"]]
    assert [len(to_remove(lin, day=day)) for day in days] == [0, 1, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_of_two_removals_at_once_one_is_kept(blocker, lin, sun):
    pages = again(blocker), again(blocker)

    came = at_once(
        lambda: remove_blocker(pages[0], by=lin, outcome="甲"),
        lambda: remove_blocker(pages[1], by=sun, outcome="乙"),
    )

    assert [type(each) for each in came].count(StaleError) == 1
    kept = again(blocker)
    assert (kept.outcome, kept.removed_by) in [("甲", lin), ("乙", sun)]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_leave_one_blocker(pledge, lin):
    came = at_once(lambda: stand(pledge, lin), lambda: stand(pledge, lin))

    assert (came, Blocker.objects.count()) == ([None, None], 1)


def test_without_the_condition_the_second_removal_would_win(blocker, finance, lin, monkeypatch):
    other = person("he", "何会计", Role.REPORTER, finance)
    late = again(blocker)
    remove_blocker(blocker, by=lin, outcome="甲")
    anything = type("Anything", (), {"open": staticmethod(Blocker.objects.all)})
    monkeypatch.setattr(module.Blocker, "objects", anything, raising=False)

    remove_blocker(late, by=other, outcome="乙")

    monkeypatch.undo()
    assert again(blocker).outcome == "乙"
