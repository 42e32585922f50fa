"""What changed between two days: every change found, none invented, shared pledges once."""

from datetime import date

import pytest

from pledges.choices import Basis, Change, Light
from pledges.models import Briefing, Pledge
from pledges.models.plans import once_among
from pledges.queries.board import counts_on, with_light
from pledges.queries.changes import (
    SHOWN_NAMES,
    changed_as,
    changes_of,
    meetings_of,
    tally_of,
    usual_than,
    with_before,
)
from pledges.queries.counted import live_sums, moved_between
from pledges.queries.tallies import changes_among, ranking_of, tally_among
from tests.cast import PledgeFactory, accepted

MAY_20, MAY_31, JUNE_20, JUNE_30, JULY_1 = (
    date(2022, 5, 20),
    date(2022, 5, 31),
    date(2022, 6, 20),
    date(2022, 6, 30),
    date(2022, 7, 1),
)
DAYS = [
    (JULY_1, MAY_31),
    (JULY_1, date(2022, 1, 1)),
    (date(2022, 8, 30), JUNE_30),
    (date(2022, 12, 31), JULY_1),
]


@pytest.fixture
def plan(campaign, finance, elsewhere, lin, chen):
    """One pledge for every change from 31 May to 1 July, one that stands still, one that two departments share."""

    def made(*said, **facts):
        pledge = PledgeFactory(campaign=campaign, department=finance, **facts)
        for as_of, value in said:
            accepted(pledge, as_of=as_of, value=value, reviewer=chen, author=lin)
        return pledge

    plan = {
        "new-red": made(stones=[(JUNE_30, 10)]),
        "new-yellow": made(basis=Basis.DELIVERABLE, unit="", stones=[(date(2022, 7, 10), None)]),
        "silent": made((date(2022, 4, 1), 99), stones=[(date(2022, 12, 31), 100)]),
        "eased": made((MAY_20, 5), (JUNE_30, 30)),
        "recovered": made((MAY_20, 5), (JUNE_30, 50)),
        "done": made((MAY_20, 40), (JUNE_30, 100)),
        "recovered-done": made((MAY_20, 5), (JUNE_30, 100)),
        "reported": made((JUNE_20, 50)),
        "still": made((MAY_20, 40), (JUNE_30, 50)),
    }
    plan["shared"] = PledgeFactory(campaign=campaign, department=elsewhere, shared_with=plan["reported"])
    return plan


def counted(campaign, *, day, than):
    pledges = Pledge.objects.filter(campaign=campaign)
    return live_sums(pledges, once=once_among(pledges), day=day, than=than)


def named(campaign, *, day, than):
    moved = moved_between(Pledge.objects.filter(campaign=campaign).counted(), day=day, than=than)
    return changes_among(counted(campaign, day=day, than=than), moved)


@pytest.mark.parametrize(
    "change, names",
    [
        ("new-red", {"new-red"}),
        ("new-yellow", {"new-yellow"}),
        ("eased", {"eased"}),
        ("recovered", {"recovered", "recovered-done"}),
        ("done", {"done", "recovered-done"}),
        ("reported", {"reported", "shared"}),
    ],
)
def test_each_change_finds_its_pledges(plan, campaign, change, names):
    lit = with_light(Pledge.objects.filter(campaign=campaign), day=JULY_1)

    assert set(changed_as(lit, Change(change), than=MAY_31)) == {plan[name] for name in names}


def test_whoever_falls_silent_is_told_apart_from_whoever_falls_behind(plan, campaign):
    lit = with_light(Pledge.objects.filter(campaign=campaign), day=JULY_1)
    silent = changed_as(lit, Change.SILENT, than=date(2022, 4, 20))

    assert plan["silent"] in set(silent)
    assert {each.light_reason for each in silent} == {"silent"}
    assert plan["silent"] not in set(changed_as(lit, Change.NEW_YELLOW, than=date(2022, 4, 20)))


@pytest.mark.parametrize("day, than", DAYS)
def test_both_ways_of_counting_agree(plan, campaign, day, than):
    pledges = Pledge.objects.filter(campaign=campaign)
    summed = tally_among(counted(campaign, day=day, than=than), compared=True)
    tally = tally_of(pledges.counted(), day=day, than=than)

    assert (summed.now, summed.then, summed.stretch, summed.numbers) == (
        tally.now,
        tally.then,
        tally.stretch,
        tally.numbers,
    )
    assert (tally.now, tally.then) == (counts_on(pledges, day=day), counts_on(pledges, day=than))
    assert {each.change: each.number for each in named(campaign, day=day, than=than)} == {
        change: number for change, number in tally.numbers.items() if number
    }


@pytest.mark.parametrize("day, than", DAYS)
def test_the_query_and_the_rule_say_the_same(plan, campaign, day, than):
    lit = with_light(Pledge.objects.filter(campaign=campaign), day=day)
    both = list(with_before(lit, than=than))

    for change in Change:
        by_rule = {p for p in both if change in changes_of(p.was, p.was_reason, p.light, p.light_reason)}
        assert set(changed_as(lit, change, than=than)) == by_rule


def test_names_are_bounded_and_the_rest_is_counted(campaign, finance):
    PledgeFactory.create_batch(SHOWN_NAMES + 3, campaign=campaign, department=finance, stones=[(JUNE_30, 10)])
    pledges = Pledge.objects.filter(campaign=campaign)

    (reds,) = named(campaign, day=JULY_1, than=MAY_31)

    assert (reds.change, reds.number, len(reds.names), reds.more) == (Change.NEW_RED, 15, SHOWN_NAMES, 3)
    assert [each.code for each in reds.names] == list(
        pledges.order_by("number").values_list("code", flat=True)[:SHOWN_NAMES]
    )
    assert {(each.was, each.now, each.department) for each in reds.names} == {
        (Light.GREY, Light.RED, "金融办")
    }


def test_names_come_as_printed_whatever_way_they_went(campaign, finance, elsewhere, lin, chen):
    late = PledgeFactory(campaign=campaign, department=elsewhere, number="01-01", stones=[(JUNE_30, 10)])
    grey = PledgeFactory(campaign=campaign, department=finance, number="02-02", stones=[(JUNE_30, 10)])
    told = PledgeFactory(campaign=campaign, department=finance, number="02-01", stones=[(JUNE_30, 10)])
    accepted(told, as_of=MAY_20, value=8, reviewer=chen, author=lin)

    (reds,) = named(campaign, day=JULY_1, than=MAY_31)

    by_department = sorted([told, grey, late], key=lambda each: (each.department.order, each.number))
    assert [each.code for each in reds.names] == [each.code for each in by_department]


def test_on_the_first_day_nothing_is_compared(plan, campaign):
    rows = counted(campaign, day=campaign.starts_on, than=None)

    assert changes_among(rows, Pledge.objects.none()) == []
    assert tally_among(rows, compared=False).then is None
    assert {row.rise for row in ranking_of(campaign, rows, compared=False)} == {None}


def test_the_ranking_counts_a_shared_pledge_in_both_departments(plan, campaign):
    rows = counted(campaign, day=JULY_1, than=MAY_31)
    ranking = ranking_of(campaign, rows, compared=True)

    assert [(row.department.name, row.counts.total, row.place) for row in ranking] == [
        ("商务局", 1, 1),
        ("金融办", 9, 2),
    ]
    assert [row.rise for row in ranking] == [None, -1]  # nothing of the first was judged then
    assert tally_among(rows, compared=True).now.total == 9


def briefing(campaign, chen, number, day):
    return Briefing.objects.create(
        campaign=campaign, number=number, day=day, content={}, sha256="0" * 64, issued_by=chen
    )


@pytest.mark.parametrize(
    "day, than",
    [
        (date(2021, 12, 20), None),
        (date(2022, 1, 1), None),
        (date(2022, 1, 2), date(2022, 1, 1)),
        (date(2022, 3, 1), date(2022, 1, 30)),
        (JUNE_30, MAY_31),
        (date(2022, 5, 31), date(2022, 5, 20)),
        (date(2023, 2, 1), JUNE_30),
    ],
)
def test_what_is_compared_with_unless_asked(campaign, chen, day, than):
    for number, of in enumerate((date(2022, 5, 20), MAY_31, JUNE_30), start=1):
        briefing(campaign, chen, number, of)

    assert usual_than(campaign, meetings_of(campaign, day=day), day=day) == than
