"""The board of a day: what is counted, for whom, at what price."""

from datetime import date

import pytest

from pledges.choices import Light
from pledges.models import Pledge
from pledges.models.plans import once_among
from pledges.queries.board import alerts_on, by_urgency, counts_on, in_campaign, with_light
from pledges.queries.facts import judged
from pledges.queries.overview import Scope, overview_of
from tests.cast import PledgeFactory, accepted

JUNE_30, JULY_1, YEAR_END = date(2022, 6, 30), date(2022, 7, 1), date(2022, 12, 31)


@pytest.fixture
def plan(campaign, finance, elsewhere, lin, wu, chen):
    """One red, one green and one grey of the finance office, one red elsewhere."""
    red = PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 10)])
    green = PledgeFactory(campaign=campaign, department=finance)
    grey = PledgeFactory(campaign=campaign, department=finance, stones=[(YEAR_END, 20)])
    other = PledgeFactory(campaign=campaign, department=elsewhere, stones=[(JUNE_30, 10)])
    accepted(green, as_of=JUNE_30, value=50, reviewer=chen, author=lin)
    return {"red": red, "green": green, "grey": grey, "other": other}


def lights(counts) -> dict[str, int]:
    return {light.value: number for light, number in counts.items() if number}


def seen_by(user, campaign, *, day):
    """The overview of a day, as a person may see it."""
    every = in_campaign(campaign, user)
    return overview_of(Scope(campaign=campaign, every=every, once=once_among(every), day=day, than=None))


def test_a_leader_sees_the_city(plan, campaign, li):
    board = seen_by(li, campaign, day=JULY_1)

    assert lights(board.counts) == {"red": 2, "green": 1, "grey": 1}
    assert {row.department.name: lights(row.counts) for row in board.ranking} == {
        "金融办": {"red": 1, "green": 1, "grey": 1},
        "商务局": {"red": 1},
    }
    assert {line.pledge for line in board.attention} == {plan["red"], plan["other"]}


def test_a_reporter_sees_their_department(plan, campaign, lin):
    board = seen_by(lin, campaign, day=JULY_1)

    assert lights(board.counts) == {"red": 1, "green": 1, "grey": 1}
    assert [row.department.name for row in board.ranking] == ["金融办"]
    assert [line.pledge for line in board.attention] == [plan["red"]]


def test_the_board_of_an_earlier_day_knows_nothing_of_later_ones(plan, campaign, li):
    assert lights(seen_by(li, campaign, day=date(2022, 6, 29)).counts) == {"grey": 4}


def test_a_shared_pledge_is_counted_once(plan, campaign, elsewhere, li):
    PledgeFactory(campaign=campaign, department=elsewhere, shared_with=plan["green"])

    board = seen_by(li, campaign, day=JULY_1)

    assert board.counts[Light.GREEN] == 1
    assert [row.counts[Light.GREEN] for row in board.ranking] == [1, 1]


def test_what_is_due_within_thirty_days(plan, campaign, li):
    due = seen_by(li, campaign, day=date(2022, 5, 31)).due

    assert [(row.milestone.due, row.days_left, row.is_met) for row in due] == [(JUNE_30, 30, False)] * 2
    assert seen_by(li, campaign, day=date(2022, 5, 30)).due == []
    assert seen_by(li, campaign, day=JUNE_30).open_due == 2


def test_shares_of_nothing_are_zero(campaign, li):
    counts = counts_on(Pledge.objects.none(), day=JULY_1)

    assert (counts.total, counts.attention, counts.share(Light.RED)) == (0, 0, 0.0)


def test_the_longest_overdue_stands_first(campaign, finance):
    late = PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 5, 31), 10)])
    later = PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 10)])
    grey = PledgeFactory(campaign=campaign, department=finance)

    lines = by_urgency(judged([grey, later, late], today=JULY_1))

    assert [line.pledge for line in lines] == [late, later, grey]


def test_the_most_urgent_are_found_before_the_list_is_cut(campaign, finance, lin, chen, li):
    early = date(2022, 3, 1)
    behind = [PledgeFactory(campaign=campaign, department=finance) for _ in range(3)]
    for number, pledge in enumerate(behind):
        accepted(pledge, as_of=early, value=number, reviewer=chen, author=lin)
    overdue = PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 10)])

    pledges = Pledge.objects.visible_to(li)
    assert alerts_on(pledges, day=JULY_1, limit=2) == {overdue.pk, *(pledge.pk for pledge in behind)}
    assert alerts_on(pledges, day=JULY_1, limit=1) == {overdue.pk}
    assert [line.pledge for line in seen_by(li, campaign, day=JULY_1).attention] == [overdue, *behind]


def test_a_milestone_passed_within_a_red_spell_is_a_spell_of_its_own(campaign, finance, lin, chen, li):
    series = PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 50), (YEAR_END, 100)])
    accepted(series, as_of=date(2022, 2, 1), value=0, reviewer=chen, author=lin)

    lit = with_light(Pledge.objects.visible_to(li), day=JULY_1).get()

    assert (lit.light, lit.light_reason, lit.since) == ("red", "missed", JULY_1)


def test_lights_are_filtered_and_sorted_in_the_database(plan, campaign, li):
    rows = with_light(Pledge.objects.visible_to(li), day=JULY_1).order_by("rank", "number")

    assert list(rows.values_list("light", flat=True)) == ["red", "red", "green", "grey"]
    assert rows.filter(light="red").count() == 2


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_board_asks_the_same_number_of_questions(
    campaign, finance, li, item_count, django_assert_num_queries
):
    for _ in range(item_count):
        PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 10), (date(2022, 7, 20), 20)])

    with django_assert_num_queries(6):
        assert seen_by(li, campaign, day=JULY_1).counts.total == item_count


def test_a_shared_pledge_counts_where_the_other_department_is_not_seen(plan, campaign, elsewhere, wu):
    PledgeFactory(campaign=campaign, department=elsewhere, shared_with=plan["green"])

    board = seen_by(wu, campaign, day=JULY_1)

    assert lights(board.counts) == {"red": 1, "green": 1}
