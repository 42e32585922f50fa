"""The stored lights follow the facts, can be rebuilt, and a change is recorded once."""

from datetime import date
from itertools import pairwise

import pytest
from django.db.models import Count

from pledges.actions import standings
from pledges.actions.standings import rebuild_campaign, rebuild_standings, record_light_changes
from pledges.choices import Light
from pledges.models import Campaign, Heartbeat, LightChange, Pledge, Standing
from pledges.models.standings import FOR_EVER
from pledges.queries.facts import judged
from tests.cast import PledgeFactory, accepted

JUNE_30, JULY_1 = date(2022, 6, 30), date(2022, 7, 1)


@pytest.fixture
def series(campaign, finance):
    return PledgeFactory(
        campaign=campaign, department=finance, stones=[(JUNE_30, 16), (date(2022, 12, 31), 34)]
    )


def test_standings_follow_each_other_without_a_gap(series, lin, chen):
    accepted(series, as_of=JUNE_30, value=16, reviewer=chen, author=lin)

    rows = list(Standing.objects.filter(pledge=series).values_list("since", "until", "light"))

    assert rows[0][0] == date(2022, 1, 1)
    assert rows[-1][1] == FOR_EVER
    assert all((after - before).days == 1 for (_, before, _), (after, _, _) in pairwise(rows))


@pytest.mark.parametrize("day", [date(2022, 1, 1), JUNE_30, JULY_1, date(2022, 9, 1), date(2023, 1, 1)])
def test_the_stored_light_is_the_judged_light(series, lin, chen, day):
    accepted(series, as_of=JUNE_30, value=15, reviewer=chen, author=lin)

    stored = Standing.objects.on(day).get(pledge=series)
    line = judged([series], today=day)[0]

    assert (stored.light, stored.rank) == (line.verdict.light, line.verdict.light.rank)
    assert stored.until == (line.verdict.holds_until or FOR_EVER) or line.reading is None


def test_rebuilding_twice_changes_nothing(series):
    before = list(Standing.objects.values_list("pledge", "since", "until", "light", "rank", "reason"))

    rebuild_standings(Pledge.objects.all())

    assert list(Standing.objects.values_list("pledge", "since", "until", "light", "rank", "reason")) == before


def test_a_campaign_is_rebuilt_after_its_thresholds_changed(series, lin, chen):
    accepted(series, as_of=date(2022, 5, 31), value=12, reviewer=chen, author=lin)
    assert Standing.objects.on(date(2022, 6, 1)).get().light == Light.GREEN
    Campaign.objects.update(yellow_points=1)

    rebuild_campaign(series.campaign_id, today=date(2022, 6, 1))

    assert Standing.objects.on(date(2022, 6, 1)).get().light == Light.YELLOW
    assert list(LightChange.objects.values_list("day", "light")) == [(date(2022, 6, 1), Light.YELLOW)]


def test_time_alone_changes_a_light_and_it_is_recorded_once(series):
    assert record_light_changes(today=JUNE_30) == 1
    assert record_light_changes(today=JULY_1) == 1
    assert record_light_changes(today=JULY_1) == 0

    assert list(LightChange.objects.order_by("id").values_list("day", "was", "light")) == [
        (JUNE_30, "", Light.GREY),
        (JULY_1, Light.GREY, Light.RED),
    ]


def test_days_missed_are_caught_up_with_the_light_of_the_day(series):
    record_light_changes(today=date(2022, 3, 1))

    record_light_changes(today=date(2022, 9, 1))

    assert list(LightChange.objects.order_by("id").values_list("day", "light")) == [
        (date(2022, 3, 1), Light.GREY),
        (date(2022, 9, 1), Light.RED),
    ]


def test_a_clock_that_jumps_back_records_nothing(series):
    record_light_changes(today=JULY_1)

    assert record_light_changes(today=date(2022, 1, 5)) == 0
    assert Heartbeat.objects.get(duty="lights").day == JULY_1


@pytest.mark.parametrize("item_count", [1, 3])
def test_judging_asks_the_same_number_of_questions(campaign, finance, item_count, django_assert_num_queries):
    for _ in range(item_count):
        PledgeFactory(campaign=campaign, department=finance)

    pledges = Pledge.objects.select_related("campaign").prefetch_related("milestones")
    with django_assert_num_queries(3):
        assert len(judged(pledges, today=JUNE_30)) == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_rebuilding_asks_the_same_number_of_questions(
    campaign, finance, item_count, django_assert_num_queries
):
    for _ in range(item_count):
        PledgeFactory(campaign=campaign, department=finance)

    with django_assert_num_queries(9):
        rebuild_standings(Pledge.objects.all())

    assert Standing.objects.values("pledge").annotate(Count("pk")).count() == item_count


def test_an_interrupted_day_is_taken_up_where_it_was_left(campaign, finance, monkeypatch):
    for _ in range(3):
        PledgeFactory(campaign=campaign, department=finance)
    monkeypatch.setattr(standings, "MOST_RECORDED", 1)
    batches = iter([standings._record])

    def interrupted(*args, **options):
        return next(batches)(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(standings, "_record", interrupted)
        with pytest.raises((StopIteration, RuntimeError)):
            record_light_changes(today=JUNE_30)
    assert LightChange.objects.count() == 1
    assert Heartbeat.objects.get(duty="lights").day < JUNE_30

    assert record_light_changes(today=JUNE_30) == 2
    assert LightChange.objects.values("pledge").distinct().count() == 3
    assert Heartbeat.objects.get(duty="lights").day == JUNE_30
