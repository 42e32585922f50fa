"""Planning: inserted once, for the right person, on working days only, and again after a change."""

from datetime import date, timedelta

import pytest

from pledges.actions.reminders import plan_again, plan_reminders
from pledges.actions.reports import accept_report
from pledges.actions.standings import rebuild_standings
from pledges.choices import Dropped, ReminderState, ReportState
from pledges.errors import PlanningError
from pledges.models import Heartbeat, Reminder, SpecialDay
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory, accepted
from tests.kit.posting import DUE, TODAY, rows

pytestmark = pytest.mark.django_db


def test_step_is_planned_on_its_day_for_who_reports(late_pledge, lin, wu, chen, li):
    plan_reminders(today=TODAY - timedelta(days=1))
    assert rows() == []

    plan_reminders(today=TODAY)

    assert rows() == [("lin", "ahead", 30, TODAY, "waiting")]
    reminder = Reminder.objects.get()
    assert (reminder.pledge, reminder.due, reminder.label) == (late_pledge, DUE, str(late_pledge))


def test_planning_again_adds_nothing(late_pledge, lin):
    for _ in range(3):
        plan_reminders(today=TODAY)
        plan_again(today=TODAY)

    assert len(rows()) == 1


def test_without_the_key_planning_again_would_double(late_pledge, lin, monkeypatch):
    """The twin: the unique key is what makes a reminder once."""
    monkeypatch.setattr(
        "pledges.rules.asking.Asked.key_for", lambda asked, pledge, who: f"{Reminder.objects.count()}"
    )

    for _ in range(2):
        plan_reminders(today=TODAY)
        plan_again(today=TODAY)

    assert len(rows()) == 2


def test_after_days_without_a_tick_the_newest_is_told_and_the_others_are_kept_as_skipped(late_pledge, lin):
    plan_reminders(today=date(2022, 12, 27))

    assert rows() == [
        ("lin", "ahead", 30, TODAY, "skipped"),
        ("lin", "ahead", 14, date(2022, 12, 16), "skipped"),
        ("lin", "ahead", 7, date(2022, 12, 23), "skipped"),
        ("lin", "ahead", 3, date(2022, 12, 27), "waiting"),
    ]


@pytest.mark.parametrize("day", [date(2022, 12, 24), date(2022, 10, 3)])
def test_nothing_is_planned_on_a_day_of_rest(late_pledge, lin, day):
    plan_reminders(today=day)

    assert rows() == []
    assert Heartbeat.objects.get(duty="reminders").day == day


def test_own_table_makes_a_working_day(late_pledge, lin):
    saturday = date(2022, 12, 24)
    SpecialDay.objects.create(day=saturday, is_workday=True, name="加班")

    plan_reminders(today=saturday)

    assert rows(state=ReminderState.WAITING) == [("lin", "ahead", 7, date(2022, 12, 23), "waiting")]


def test_own_table_makes_a_holiday(late_pledge, lin):
    SpecialDay.objects.create(day=TODAY, is_workday=False, name="停电")

    plan_reminders(today=TODAY)
    assert rows() == []

    plan_reminders(today=date(2022, 11, 29))
    assert rows() == [("lin", "ahead", 30, date(2022, 11, 29), "waiting")]


def test_milestone_that_is_read_anew_is_not_told_anew(late_pledge, lin):
    plan_reminders(today=TODAY)
    late_pledge.milestones.all().delete()
    late_pledge.milestones.create(due=DUE)

    plan_reminders(today=TODAY + timedelta(days=1))

    assert len(rows()) == 1


@pytest.mark.parametrize(
    "why, again", [(Dropped.REPORTED, "waiting"), (Dropped.MOVED, "waiting"), (Dropped.CANCELLED, "dropped")]
)
def test_what_was_dropped_for_a_while_only_is_told_after_all(late_pledge, lin, why, again):
    plan_reminders(today=TODAY)
    Reminder.objects.update(state=ReminderState.DROPPED, dropped=why)

    plan_reminders(today=TODAY + timedelta(days=1))

    assert [row[-1] for row in rows()] == [again]


def test_campaign_that_cannot_be_planned_keeps_no_other_waiting(late_pledge, lin):
    CampaignFactory(code="broken", lead_days="30,,7")
    other = PledgeFactory(
        campaign=CampaignFactory(code="also-broken", lead_days="x"), department=late_pledge.department
    )

    with pytest.raises(PlanningError, match="broken"):
        plan_reminders(today=TODAY)

    assert [row.pledge for row in Reminder.objects.all()] == [late_pledge]
    assert Heartbeat.objects.get(duty="reminders").day < TODAY
    assert not Reminder.objects.filter(pledge=other).exists()


def test_moved_deadline_makes_a_new_reminder(late_pledge, lin):
    plan_reminders(today=TODAY)
    late_pledge.milestones.update(due=DUE - timedelta(days=1))

    plan_reminders(today=TODAY + timedelta(days=1))

    assert [row.due for row in Reminder.objects.order_by("id")] == [DUE, DUE - timedelta(days=1)]


@pytest.mark.parametrize("state, told", [(ReportState.SUBMITTED, 0), (ReportState.WITHDRAWN, 1)])
def test_nothing_is_planned_for_what_waits_for_review(late_pledge, lin, state, told):
    ReportFactory(pledge=late_pledge, author=lin, as_of=date(2022, 11, 28), value=1, state=state)

    plan_reminders(today=TODAY)

    assert len(rows()) == told


def test_figure_that_is_accepted_and_too_small_asks_again_on_the_same_day(
    pledge, lin, chen, time_machine, django_capture_on_commit_callbacks
):
    time_machine.move_to("2022-12-30 07:00 +0800")
    due = date(2022, 12, 30)
    pledge.milestones.update(due=due)
    report = ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 12, 28), value=20)
    plan_reminders(today=due)
    assert rows() == []

    with django_capture_on_commit_callbacks(execute=True):
        accept_report(report, reviewer=chen, today=due)
    plan_reminders(today=due)

    assert [row[1:3] for row in rows(state=ReminderState.WAITING)] == [("ahead", 0)]


def test_nothing_is_planned_for_what_is_done(late_pledge, lin, chen):
    accepted(late_pledge, as_of=date(2022, 11, 20), value=1, author=lin, reviewer=chen)

    plan_reminders(today=TODAY)

    assert rows() == []


def test_regular_report_is_asked_for_three_days_ahead_and_on_the_day(pledge, lin):
    for day in (21, 22, 23, 24, 25, 26):
        plan_reminders(today=date(2022, 8, day))

    assert rows() == [
        ("lin", "cycle", 3, date(2022, 8, 22), "waiting"),
        ("lin", "cycle", 0, date(2022, 8, 25), "waiting"),
    ]


def test_figure_for_the_cycle_keeps_its_reminder_away(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 8, 1), value=60, author=lin, reviewer=chen)

    plan_reminders(today=date(2022, 8, 22))

    assert rows() == []


def test_overdue_is_a_line_a_day_and_goes_up_in_steps(late_pledge, lin, sun, li):
    late_pledge.milestones.update(due=date(2022, 9, 2))
    rebuild_standings([late_pledge])
    for number in range(1, 25):
        plan_reminders(today=date(2022, 9, 2) + timedelta(days=number))

    found = rows()
    workdays = [5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 21, 22, 23, 26]  # Monday 12 was Mid-Autumn
    assert [row[3].day for row in found if row[0] == "lin"] == workdays
    assert [row[1:4] for row in found if row[0] == "sun"] == [("escalated", None, date(2022, 9, 7))]
    assert [row[1:4] for row in found if row[0] == "li"] == [
        ("digest", None, date(2022, 9, 19)),
        ("digest", None, date(2022, 9, 26)),
    ]


def test_campaign_that_never_goes_up_stays_with_the_clerk(late_pledge, campaign, lin, sun, li):
    late_pledge.milestones.update(due=date(2022, 6, 30))
    rebuild_standings([late_pledge])
    campaign.head_after_days = campaign.leaders_after_days = None
    campaign.save()

    plan_reminders(today=date(2022, 8, 1))

    assert [(who, what) for who, what, *_rest in rows()] == [("lin", "overdue")]


def test_what_two_promised_together_goes_to_the_leaders_once(late_pledge, campaign, elsewhere, lin, wu, li):
    stones = [(date(2022, 6, 30), None)]
    late_pledge.milestones.update(due=date(2022, 6, 30))
    PledgeFactory(
        campaign=campaign, department=elsewhere, basis="deliverable", shared_with=late_pledge, stones=stones
    )
    rebuild_standings([late_pledge])

    plan_reminders(today=date(2022, 8, 1))

    assert [who for who, what, *_rest in rows() if what == "digest"] == ["li"]
    assert [who for who, what, *_rest in rows() if what == "overdue"] == ["lin", "wu"]


def test_stretch_goal_is_announced_and_never_dunned(late_pledge, lin, sun, li):
    type(late_pledge).objects.update(stretch=True)

    plan_reminders(today=DUE)
    plan_reminders(today=date(2023, 1, 16))

    assert {what for _who, what, *_rest in rows()} == {"ahead"}


def test_ended_campaign_is_left_alone_after_three_months(late_pledge, lin):
    plan_reminders(today=date(2023, 4, 3))

    assert rows() == []
