"""Who is told: a deputy, whoever holds the post now, the author of what was returned."""

from datetime import date, timedelta

import pytest

from pledges.actions.reminders import plan_reminders, readdress_events, remind_of_nudge, remind_of_return
from pledges.actions.reports import return_report
from pledges.choices import Occasion, Role
from pledges.models import Leave, Membership, Nudge, Reminder, User
from pledges.queries.recipients import Roster
from tests.cast import PledgeFactory, ReportFactory, person
from tests.kit.posting import TODAY, rows

pytestmark = pytest.mark.django_db


def test_deputy_gets_the_letters_and_knows_for_whom(late_pledge, lin, finance):
    deputy = person("feng", "冯副", Role.REPORTER, finance)
    Membership.objects.filter(user=deputy).update(is_reminded=False)
    Leave.objects.create(person=lin, deputy=deputy, since=TODAY, until=TODAY)

    plan_reminders(today=TODAY)
    assert [(r.recipient, r.on_behalf_of) for r in Reminder.objects.all()] == [(deputy, lin)]

    plan_reminders(today=TODAY + timedelta(days=1))
    assert {r.recipient for r in Reminder.objects.all()} == {deputy, lin}


def test_deputy_without_the_post_reads_nothing(late_pledge, lin, wu):
    Leave.objects.create(person=lin, deputy=wu, since=TODAY, until=TODAY)

    plan_reminders(today=TODAY)

    assert [row.recipient for row in Reminder.objects.all()] == [lin]


def test_deputy_who_pauses_is_passed_over(late_pledge, lin, finance):
    deputy = person("feng", "冯副", Role.REPORTER, finance)
    Membership.objects.filter(user=deputy).update(is_reminded=False)
    User.objects.filter(pk=deputy.pk).update(paused_until=TODAY)
    Leave.objects.create(person=lin, deputy=deputy, since=TODAY, until=TODAY)

    plan_reminders(today=TODAY)

    assert [row.recipient for row in Reminder.objects.all()] == [lin]


def test_two_who_deputise_for_each_other_are_told_themselves(late_pledge, lin, finance):
    other = person("feng", "冯副", Role.REPORTER, finance)
    for one, two in ((lin, other), (other, lin)):
        Leave.objects.create(person=one, deputy=two, since=TODAY, until=TODAY)

    plan_reminders(today=TODAY)

    assert [
        (r.recipient.username, r.on_behalf_of) for r in Reminder.objects.order_by("recipient__username")
    ] == [
        ("feng", None),
        ("lin", None),
    ]


def test_who_has_left_is_not_told(late_pledge, lin):
    lin.is_active = False
    lin.save()

    plan_reminders(today=TODAY)

    assert rows() == []


def test_returned_report_is_told_to_its_author_in_the_same_transaction(pledge, lin, chen, time_machine):
    time_machine.move_to("2022-07-04 10:00 +0800")
    report = ReportFactory(pledge=pledge, author=lin)

    return_report(report, reviewer=chen, reason="请补依据")

    row = Reminder.objects.get()
    assert (row.occasion, row.recipient, row.report, row.letter_on) == (
        Occasion.RETURNED,
        lin,
        report,
        date(2022, 7, 4),
    )


def test_report_returned_on_a_day_of_rest_is_told_on_the_next_working_day(pledge, lin, chen, time_machine):
    time_machine.move_to("2022-07-02 10:00 +0800")  # a Saturday

    return_report(ReportFactory(pledge=pledge, author=lin), reviewer=chen, reason="请补依据")

    assert Reminder.objects.get().letter_on == date(2022, 7, 4)


def test_report_of_somebody_who_left_is_told_to_who_reports_now(pledge, lin, chen, finance):
    gone = person("gone", "已调离", Role.REPORTER, finance)
    report = ReportFactory(pledge=pledge, author=gone)
    gone.is_active = False
    gone.save()

    return_report(report, reviewer=chen, reason="请补依据")
    remind_of_return(report)  # twice is once

    assert [row.recipient for row in Reminder.objects.all()] == [lin]


def test_author_who_moved_to_another_department_reads_nothing_of_the_old_one(
    pledge, lin, chen, elsewhere, finance
):
    newcomer = person("new", "新会计", Role.REPORTER, finance)
    report = ReportFactory(pledge=pledge, author=lin)
    Membership.objects.filter(user=lin).update(department=elsewhere)

    return_report(report, reviewer=chen, reason="请补依据")

    assert [row.recipient for row in Reminder.objects.all()] == [newcomer]


def test_returned_report_on_a_shared_pledge_is_told_of_the_authors_own(
    campaign, pledge, wu, lin, chen, elsewhere
):
    own = PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)

    return_report(ReportFactory(pledge=pledge, author=wu), reviewer=chen, reason="请补依据")

    assert [(row.recipient, row.pledge) for row in Reminder.objects.all()] == [(wu, own)]


@pytest.mark.parametrize("change", ["leave", "post"])
def test_what_happened_on_a_weekend_follows_the_desk(pledge, lin, chen, finance, change):
    deputy = person("feng", "冯副", Role.REPORTER, finance)
    Membership.objects.filter(user=deputy).update(is_reminded=False)
    saturday, monday = date(2022, 8, 20), date(2022, 8, 22)
    remind_of_nudge(Nudge.objects.create(pledge=pledge, by=chen, day=saturday), Roster.on(saturday))
    if change == "leave":
        Leave.objects.create(person=lin, deputy=deputy, since=monday, until=monday)
    else:
        Membership.objects.filter(user=lin).delete()
        Membership.objects.filter(user=deputy).update(is_reminded=True)

    readdress_events(today=monday)

    assert rows() == [("feng", "nudge", None, monday, "waiting"), ("lin", "nudge", None, monday, "dropped")]
