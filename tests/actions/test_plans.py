"""Plans for measuring: as many rows as were asked for, the same on every run, gone without a trace."""

from datetime import date

import pytest

from pledges.actions import plans
from pledges.actions.orders import load_orders
from pledges.actions.plan_removal import remove_plans
from pledges.actions.plans import BATCH, Order, make_plan
from pledges.actions.standings import rebuild_standings
from pledges.choices import CampaignKind, Light, Occasion, ReportState, Role
from pledges.errors import FaultsError
from pledges.models import (
    Campaign,
    Department,
    LightChange,
    Membership,
    Milestone,
    Pledge,
    ProgressReport,
    Reminder,
    Standing,
    User,
)
from tests.cast import PledgeFactory, ReportFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
MODELS = (Campaign, Department, Membership, Pledge, Milestone, ProgressReport, Standing, LightChange, User)


def rows():
    """What was made, without the numbers of the rows."""
    reports = ProgressReport.objects.order_by("key").values_list("key", "as_of", "value", "state")
    stones = Milestone.objects.order_by("pledge__code", "due").values_list("pledge__code", "due", "target")
    return list(reports), list(stones)


def test_as_many_rows_as_were_asked_for():
    campaign = make_plan(Order(30, 4, 100, 1, TODAY))

    assert campaign.kind == CampaignKind.SYNTHETIC
    assert campaign.code == "synthetic-1-30"
    assert (campaign.pledges.count(), Department.objects.count()) == (30, 4)
    assert ProgressReport.objects.count() == 100
    assert Standing.objects.on(TODAY).count() == 30


def test_more_pledges_than_fit_into_one_batch():
    make_plan(Order(BATCH + 1, 1, 0, 1, TODAY))

    assert Pledge.objects.count() == BATCH + 1
    assert ProgressReport.objects.count() == 0


def test_mixture_has_every_light_and_every_state():
    make_plan(Order(200, 7, 700, 1, TODAY))

    lights = Standing.objects.on(TODAY).values_list("light", flat=True)
    states = ProgressReport.objects.values_list("state", flat=True)
    assert set(lights) == set(Light) - {Light.GREY}
    assert set(states) == {ReportState.ACCEPTED, ReportState.RETURNED, ReportState.SUBMITTED}


def test_the_standings_are_those_of_the_rules():
    make_plan(Order(60, 3, 210, 1, TODAY))
    told = ("pledge__code", "since", "until", "light", "rank", "reason")
    poured = list(Standing.objects.order_by("pledge", "since").values_list(*told))

    rebuild_standings(Pledge.objects.all())

    assert list(Standing.objects.order_by("pledge", "since").values_list(*told)) == poured


def test_a_large_plan_goes_through_its_courses_again(monkeypatch):
    monkeypatch.setattr(plans, "COURSES", 4)
    make_plan(Order(9, 2, 27, 1, TODAY))

    years = [
        (
            list(pledge.milestones.values_list("due", "target")),
            list(pledge.standings.values_list("since", "light")),
        )
        for pledge in Pledge.objects.order_by("pk")
    ]
    assert years[:4] == years[4:8]
    assert len(set(map(str, years))) > 1


def test_a_pledge_has_one_report_more_or_fewer_than_the_next():
    order = Order(400, 4, 1400, 1, TODAY)

    assert {order.reports_at(place) for place in range(400)} == {2, 3, 4, 5}
    assert sum(order.reports_at(place) for place in range(400)) == 1400


def test_who_makes_pledges_afterwards_gets_new_keys():
    make_plan(Order(3, 1, 3, 1, TODAY))

    later = PledgeFactory()

    assert later.pk > max(Pledge.objects.exclude(pk=later.pk).values_list("pk", flat=True))


def test_some_fall_silent():
    make_plan(Order(60, 3, 210, 1, TODAY))

    assert Standing.objects.on(TODAY).filter(reason="silent").exists()


def test_same_order_makes_the_same_plan():
    make_plan(Order(20, 3, 50, 7, TODAY))
    once = rows()
    remove_plans()

    make_plan(Order(20, 3, 50, 7, TODAY))

    assert rows() == once


def test_another_seed_makes_another_plan():
    make_plan(Order(20, 3, 0, 7, TODAY))
    make_plan(Order(20, 3, 0, 8, TODAY))

    one, other = (
        list(Milestone.objects.filter(pledge__campaign=campaign).values_list("due", "target"))
        for campaign in Campaign.objects.order_by("code")
    )
    assert one != other
    assert Department.objects.count() == 3


def test_plan_that_exists_is_refused_and_nothing_is_added():
    make_plan(Order(5, 1, 5, 1, TODAY))
    before = rows()

    with pytest.raises(FaultsError, match="synthetic-1-5"):
        make_plan(Order(5, 1, 9, 1, TODAY))

    assert rows() == before


def test_reports_on_the_first_day_of_the_year_stay_in_the_year():
    make_plan(Order(3, 1, 6, 1, date(2026, 1, 1)))

    assert set(ProgressReport.objects.values_list("as_of", flat=True)) == {date(2026, 1, 1)}


def test_removal_leaves_no_trace_and_touches_nothing_else():
    load_orders(2022)
    before = {model: model.objects.count() for model in MODELS}
    make_plan(Order(20, 3, 60, 1, TODAY))
    make_plan(Order(10, 5, 0, 2, TODAY))

    assert remove_plans() == 2
    assert {model: model.objects.count() for model in MODELS} == before


def test_removal_takes_what_was_added_to_a_plan_later(boss, chen):
    campaign = make_plan(Order(2, 1, 2, 1, TODAY))
    one, other = campaign.pledges.all()
    first = ReportFactory(pledge=one, author=boss)
    correction = ReportFactory(pledge=one, author=boss, corrects=first, state=ReportState.WITHDRAWN)
    LightChange.objects.create(pledge=one, day=TODAY, light=Light.RED, reason="missed", report=correction)
    Pledge.objects.filter(pk=other.pk).update(subset_of=one)
    Membership.objects.create(user=boss, role=Role.REPORTER, department=one.department)

    assert remove_plans() == 1
    assert not ProgressReport.objects.exists()
    assert User.objects.count() == 2


def test_removal_takes_what_the_office_did_with_a_plan(boss):
    campaign = make_plan(Order(3, 1, 6, 1, TODAY))
    pledge = campaign.pledges.all()[0]
    told = {"campaign": campaign, "pledge": pledge, "recipient": boss, "letter_on": TODAY}
    Reminder.objects.create(key="k", occasion=Occasion.CYCLE, step=1, due=TODAY, label="x", **told)

    assert remove_plans() == 1
    assert not Pledge.objects.exists()
    assert not Reminder.objects.exists()


def test_made_up_people_cannot_sign_in():
    make_plan(Order(1, 1, 1, 1, TODAY))

    assert [(user.is_active, user.has_usable_password()) for user in User.objects.all()] == [
        (False, False)
    ] * 2
