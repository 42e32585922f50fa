"""Planning reads few columns of few pledges, and finds what asking every pledge in full finds."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from pledges.actions.reminders import plan_again, plan_reminders
from pledges.actions.standings import rebuild_standings
from pledges.choices import Dropped, ReminderState, ReportState, Role
from pledges.models import Pledge, ProgressReport, Reminder
from pledges.queries.planning import Planner
from pledges.queries.recipients import Roster
from pledges.queries.reminders import agenda_of, asks_about
from pledges.queries.workdays import office_calendar
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory, person

pytestmark = pytest.mark.django_db

DAYS = [
    date(2022, 5, 25),
    date(2022, 6, 24),
    date(2022, 6, 30),
    date(2022, 7, 4),
    date(2022, 7, 22),
    date(2023, 1, 16),
]
"""The closing day of a cycle, three days before one, a deadline, the Monday after it, and a day past the end."""


@pytest.fixture
def varied(campaign, finance, elsewhere, lin, wu, sun, li, chen):
    """Pledges of all kinds, drawn by a seed, with figures that were accepted, wait, or came back."""

    def make(seed):
        draw = Random(seed)
        campaign.statistics_lag_days = 20
        campaign.save()
        made = [_pledge(draw, campaign, draw.choice([finance, elsewhere])) for _each in range(14)]
        made.append(_pledge(draw, campaign, elsewhere, shared_with=made[0]))
        for each in made:
            _report(draw, each, lin, chen)
        rebuild_standings(Pledge.objects.all())
        return campaign

    return make


def _pledge(draw, campaign, place, **more):
    if draw.random() < 0.3:
        kind = {"basis": "deliverable", "unit": "", "stones": [(date(2022, 6, 30), None)]}
    else:
        stones = [(date(2022, month, 30), value) for month, value in ((6, 50), (9, 80), (12, 100))]
        kind = {"stones": draw.sample(stones, draw.choice([1, 2, 3])), "strict": draw.random() < 0.3}
        kind |= {"statistic": draw.random() < 0.3}
    return PledgeFactory(campaign=campaign, department=place, stretch=draw.random() < 0.2, **kind, **more)


def _report(draw, pledge, author, reviewer):
    last = None
    for number in range(draw.choice([0, 1, 2, 3])):
        day = date(2022, 5, 1) + timedelta(days=30 * number + draw.randrange(25))
        sent = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        state = draw.choice([ReportState.ACCEPTED, ReportState.ACCEPTED, *ReportState])
        known = state in {ReportState.ACCEPTED, ReportState.RETURNED}
        last = ReportFactory(
            pledge=pledge.shared_with or pledge,
            author=author,
            as_of=day,
            value=1 if pledge.is_deliverable else draw.choice([30, 50, 80, 100]),
            submitted_at=sent,
            state=state,
            reviewer=reviewer if known else None,
            reviewed_at=sent + timedelta(days=draw.choice([0, 40])) if known else None,
            return_reason="?" if state == ReportState.RETURNED else "",
            corrects=last if last and draw.random() < 0.3 else None,
        )


def in_full(campaign, day):
    roster, calendar = Roster.on(day), office_calendar()
    ids = campaign.pledges.values_list("pk", flat=True)
    return {
        (
            ask.key_for(reader.person.pk),
            "skipped" if ask.is_overtaken else "waiting",
            ask.letter_on,
            ask.milestone.pk if ask.milestone else None,
            str(ask.line.pledge),
        )
        for ask in asks_about(ids, day=day, calendar=calendar)
        for reader in roster.addressees(ask.occasion, ask.line.pledge.department_id)
    }


def planned(**which):
    found = Reminder.objects.filter(**which)
    return set(found.values_list("key", "state", "letter_on", "milestone", "label"))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("seed", range(3))
def test_planning_finds_what_asking_every_pledge_in_full_finds(varied, seed, day):
    campaign = varied(seed)

    plan_reminders(today=day)

    assert planned() == in_full(campaign, day)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_planned_day_by_day_lacks_nothing(varied, seed):
    campaign = varied(seed)
    for day in DAYS:
        plan_reminders(today=day)

        assert {row[0] for row in in_full(campaign, day)} <= {row[0] for row in planned()}


def test_who_joins_is_told_and_nobody_twice(varied, finance):
    campaign, day = varied(1), DAYS[3]
    plan_reminders(today=day)
    before = Reminder.objects.count()
    person("feng", "冯", Role.REPORTER, finance)
    plan_again(today=day)

    plan_reminders(today=day)

    assert planned() == in_full(campaign, day)
    assert Reminder.objects.count() > before


def test_pledges_of_which_all_is_planned_are_not_looked_at_again(varied, django_assert_num_queries):
    campaign, day = varied(1), DAYS[3]
    ProgressReport.objects.all().update(state=ReportState.WITHDRAWN)
    rebuild_standings(Pledge.objects.all())
    Pledge.objects.filter(stretch=True).update(stretch=False)
    Pledge.objects.filter(statistic=True).update(statistic=False)
    rebuild_standings(Pledge.objects.all())
    plan_reminders(today=day)
    planner = Planner(campaign, agenda_of(campaign, day=day, calendar=office_calendar()), Roster.on(day))

    with django_assert_num_queries(3):  # who may have something to tell, their deadlines, what is planned
        assert list(planner.batches()) == [[]]

    Reminder.objects.filter(state=ReminderState.WAITING).update(state="dropped", dropped=Dropped.MOVED)
    assert all(wanted.is_passed for wanted in next(planner.batches()))
    plan_again(today=day)
    plan_reminders(today=day)
    assert not Reminder.objects.filter(state=ReminderState.DROPPED).exists()


def test_what_nobody_would_be_told_is_not_worked_out(db):
    campaign = CampaignFactory()
    pledge = PledgeFactory(campaign=campaign, stones=[(date(2022, 6, 30), 50)])
    rebuild_standings([pledge])

    plan_reminders(today=DAYS[1])

    assert planned() == set()


@pytest.mark.parametrize("batch", [1, 3])
def test_batches_change_nothing(varied, monkeypatch, batch):
    monkeypatch.setattr("pledges.queries.planning.BATCH", batch)
    monkeypatch.setattr("pledges.actions.planned.BATCH", batch)
    campaign = varied(2)

    plan_reminders(today=DAYS[3])

    assert planned() == in_full(campaign, DAYS[3])
