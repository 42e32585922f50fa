"""Before it is sent, every reminder is weighed against the facts of the day."""

from datetime import date, timedelta

import pytest
from django.core import mail

from pledges.actions.letters import gather_letters
from pledges.actions.reminders import plan_reminders, remind_of_nudge
from pledges.actions.reports import return_report
from pledges.choices import Dropped, ReminderState, ReportState
from pledges.models import Membership, Nudge, Reminder
from pledges.queries.recipients import Roster
from tests.cast import PledgeFactory, ReportFactory, accepted
from tests.kit.posting import DUE, TODAY, at, fate, send

pytestmark = pytest.mark.django_db


def test_done_meanwhile_is_not_told(letter, late_pledge, lin, chen):
    accepted(late_pledge, as_of=TODAY, value=1, author=lin, reviewer=chen)

    assert send() == {"dropped": 1}
    assert (mail.outbox, fate()) == ([], ("dropped", Dropped.MET))


def test_reported_meanwhile_is_not_told(letter, late_pledge, lin):
    ReportFactory(pledge=late_pledge, author=lin, as_of=TODAY, value=1, state=ReportState.SUBMITTED)

    send()
    assert fate() == ("dropped", Dropped.REPORTED)


def test_moved_deadline_is_not_told(letter, late_pledge):
    late_pledge.milestones.update(due=DUE + timedelta(days=20))

    send()
    assert fate() == ("dropped", Dropped.MOVED)


def test_milestone_taken_out_is_not_told(letter, late_pledge):
    late_pledge.milestones.create(due=date(2022, 12, 1))
    late_pledge.milestones.filter(due=DUE).delete()

    send()
    assert fate() == ("dropped", Dropped.GONE)


def test_pledge_taken_out_is_not_told_and_stays_on_record(letter, late_pledge):
    label = str(late_pledge)
    late_pledge.delete()

    send()
    assert fate() == ("dropped", Dropped.GONE)
    assert Reminder.objects.get().label == label


def test_newer_notice_takes_the_place_of_an_older_one(letter):
    Reminder.objects.update(step=90, key="ahead|p0|90|2022-12-30|1")

    send()
    assert fate() == ("dropped", Dropped.OVERTAKEN)


def test_closed_campaign_tells_nothing(letter, campaign):
    type(campaign).objects.update(ends_on=date(2022, 3, 1))

    send()
    assert fate() == ("dropped", Dropped.CLOSED)


@pytest.mark.parametrize("way", ["post", "account"])
def test_who_no_longer_holds_the_post_is_not_told(letter, lin, way):
    if way == "post":
        Membership.objects.all().delete()
    else:
        type(lin).objects.filter(pk=lin.pk).update(is_active=False)

    send()
    assert fate() == ("dropped", Dropped.LEFT)


def test_regular_report_that_came_in_is_not_asked_for(pledge, lin, chen):
    plan_reminders(today=date(2022, 8, 22))
    gather_letters(now=at(9, day=date(2022, 8, 22)))
    accepted(pledge, as_of=date(2022, 8, 20), value=60, author=lin, reviewer=chen)

    send(day=date(2022, 8, 22))
    assert fate() == ("dropped", Dropped.REPORTED)


def test_urged_and_answered_is_not_told(late_pledge, lin, chen, time_machine):
    time_machine.move_to(at(8))
    remind_of_nudge(Nudge.objects.create(pledge=late_pledge, by=chen, day=TODAY), Roster.on(TODAY))
    gather_letters(now=at(9))
    ReportFactory(pledge=late_pledge, author=lin, as_of=TODAY, value=0, submitted_at=at(8, 30))

    send()
    assert fate() == ("dropped", Dropped.REPORTED)


def test_urged_and_done_is_not_told(late_pledge, lin, chen):
    remind_of_nudge(Nudge.objects.create(pledge=late_pledge, by=chen, day=TODAY), Roster.on(TODAY))
    gather_letters(now=at(9))
    accepted(late_pledge, as_of=TODAY, value=1, author=lin, reviewer=chen)

    send()
    assert fate() == ("dropped", Dropped.MET)


def test_returned_and_reported_anew_is_not_told(pledge, lin, chen, time_machine):
    time_machine.move_to(at(9))
    return_report(ReportFactory(pledge=pledge, author=lin), reviewer=chen, reason="请补依据")
    gather_letters(now=at(9))
    ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 7, 1), submitted_at=at(9))

    send()
    assert fate() == ("dropped", Dropped.REPORTED)


def test_what_is_no_longer_true_is_left_out_of_a_letter_that_has_more(
    campaign, finance, late_pledge, lin, chen
):
    other = PledgeFactory(campaign=campaign, department=finance, basis="deliverable", stones=[(DUE, None)])
    plan_reminders(today=TODAY)
    gather_letters(now=at(9))
    accepted(other, as_of=TODAY, value=1, author=lin, reviewer=chen)

    assert send() == {"sent": 1}
    assert {row.pledge: row.state for row in Reminder.objects.all()} == {
        late_pledge: ReminderState.TOLD,
        other: ReminderState.DROPPED,
    }
    assert other.title not in mail.outbox[0].body
