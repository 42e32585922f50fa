"""Kept counts: always what they stand for, built a batch at a time, never shown when they may be wrong."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import OperationalError

from pledges.actions import boards
from pledges.actions.boards import (
    check_boards_daily,
    drop_wrong_boards,
    faults_of,
    join_counts,
    keep_board,
    keep_boards,
)
from pledges.actions.standings import rebuild_campaign, rejudge
from pledges.choices import Basis
from pledges.models import Campaign, KeptBoard, KeptCount, Pledge
from pledges.models.plans import once_among
from pledges.queries.counted import kept_sums, live_sums
from pledges.queries.sums import COUNTED, NOW, lights_in
from tests.cast import PledgeFactory, accepted

MAY_31, JULY_1 = date(2022, 5, 31), date(2022, 7, 1)
JUNE_1, JUNE_30, DECEMBER_31 = date(2022, 6, 1), date(2022, 6, 30), date(2022, 12, 31)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(boards, "BATCH", 3)
    monkeypatch.setattr(boards, "KEPT_FROM", 5)


@pytest.fixture
def plan(campaign, finance, elsewhere):
    """Eight pledges of two departments: one is shared, one is a stretch goal, one a deliverable."""
    own = [PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 50)]) for _ in range(4)]
    own.append(PledgeFactory(campaign=campaign, department=finance, stretch=True, stones=[(JUNE_30, 9)]))
    own.append(
        PledgeFactory(
            campaign=campaign,
            department=elsewhere,
            basis=Basis.DELIVERABLE,
            unit="",
            stones=[(date(2022, 7, 10), None)],
        )
    )
    own.append(PledgeFactory(campaign=campaign, department=elsewhere, stones=[(DECEMBER_31, 100)]))
    return [*own, PledgeFactory(campaign=campaign, department=elsewhere, shared_with=own[0])]


@pytest.fixture
def board(plan, campaign):
    return keep_board(campaign, day=JULY_1, than=MAY_31)


def noon(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def shown(campaign, *, than=MAY_31):
    return kept_sums(campaign, day=JULY_1, than=than)


def assert_it_is_what_it_stands_for(board):
    every = Pledge.objects.filter(campaign=board.campaign)
    counted = live_sums(every, once=once_among(every), day=board.day, than=board.than)
    assert shown(board.campaign, than=board.than).rows == counted


def tell(pledge, value, *, on, lin, chen):
    accepted(pledge, as_of=on, value=value, reviewer=chen, author=lin)
    rejudge(pledge, today=JULY_1)


def test_a_board_is_built_in_batches_and_equals_what_it_stands_for(board):
    assert (board.is_whole, board.is_stale, faults_of(board)) == (True, False, 0)
    rows = shown(board.campaign).rows
    assert [sum(lights_in(row.sums, NOW).values()) for row in rows] == [5, 3]
    assert sum(sum(lights_in(row.sums, COUNTED).values()) for row in rows) == 7  # the shared one once
    assert_it_is_what_it_stands_for(board)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_told_in_whatever_order_it_stays_equal(plan, board, lin, chen, seed):
    dice = Random(seed)
    for _step in range(6):
        pledge = dice.choice([each for each in plan if not each.shared_with_id])
        day = date(2022, dice.randint(1, 6), dice.randint(1, 28))
        value = 1 if pledge.is_deliverable else dice.randint(0, 120)
        tell(pledge, value, on=day, lin=lin, chen=chen)
    if dice.random() < 0.5:
        join_counts(board, loose=0)

    assert_it_is_what_it_stands_for(board)
    assert faults_of(board) == 0


def test_other_thresholds_move_it_as_well(board, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(yellow_points=1, red_points=2)

    rebuild_campaign(campaign.pk, today=JULY_1)

    assert_it_is_what_it_stands_for(board)


def test_a_board_cut_short_is_not_shown_and_goes_on(plan, campaign, lin, chen):
    begun = KeptBoard.objects.create(campaign=campaign, day=JULY_1, than=MAY_31)
    boards._count_batch(begun)
    begun.refresh_from_db()
    assert (begun.is_whole, begun.counted_to) == (False, plan[2].pk)
    assert shown(campaign) is None

    tell(plan[1], 50, on=date(2022, 6, 1), lin=lin, chen=chen)  # counted already
    tell(plan[6], 60, on=date(2022, 6, 1), lin=lin, chen=chen)  # still to come
    assert_it_is_what_it_stands_for(keep_board(campaign, day=JULY_1, than=MAY_31))


def test_somebody_else_may_have_counted_the_same_batch(plan, campaign):
    begun = KeptBoard.objects.create(campaign=campaign, day=JULY_1, than=MAY_31)
    KeptBoard.objects.filter(pk=begun.pk).update(counted_to=plan[2].pk)

    assert boards._count_batch(begun) is False
    assert not KeptCount.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda plan, campaign, finance, elsewhere: plan[6].delete(),
        lambda plan, campaign, finance, elsewhere: PledgeFactory(campaign=campaign, department=finance),
        lambda plan, campaign, finance, elsewhere: Pledge.objects.filter(pk=plan[1].pk).update(stretch=True),
        lambda plan, campaign, finance, elsewhere: Pledge.objects.filter(pk=plan[1].pk).update(
            department=elsewhere
        ),
        lambda plan, campaign, finance, elsewhere: Pledge.objects.filter(pk=plan[7].pk).update(
            shared_with=plan[1]
        ),
    ],
    ids=["gone", "come", "stretch", "department", "shared"],
)
def test_what_changes_hands_is_counted_anew(board, plan, campaign, finance, elsewhere, change):
    change(plan, campaign, finance, elsewhere)
    assert shown(campaign) is None

    keep_boards(now=noon(JULY_1))

    board = KeptBoard.objects.get(is_stale=False)
    assert (board.is_whole, board.than, faults_of(board)) == (True, JUNE_1, 0)
    assert_it_is_what_it_stands_for(board)


def test_a_word_in_a_title_changes_no_count(board, plan, campaign):
    Pledge.objects.filter(pk=plan[1].pk).update(title="另一个标题")

    assert shown(campaign) is not None


def test_only_today_is_kept_and_only_of_what_is_big(plan, campaign, monkeypatch):
    keep_boards(now=noon(JUNE_30))
    keep_boards(now=noon(JULY_1))
    fresh = KeptBoard.objects.filter(is_stale=False)
    assert [(each.day, each.than) for each in fresh] == [(JULY_1, JUNE_1)]

    monkeypatch.setattr(boards, "KEPT_FROM", 9)
    keep_boards(now=noon(JULY_1))
    assert not fresh.all().exists()


def test_in_the_evening_tomorrow_is_built_and_at_midnight_it_is_there(plan, campaign, lin, chen):
    keep_boards(now=noon(JUNE_30) + timedelta(hours=8))
    days = KeptBoard.objects.filter(is_stale=False, is_whole=True).values_list("day", flat=True)
    assert list(days) == [JUNE_30, JULY_1]
    ahead = KeptBoard.objects.get(day=JULY_1)

    tell(plan[1], 50, on=JUNE_1, lin=lin, chen=chen)
    keep_boards(now=noon(JULY_1) - timedelta(hours=12))

    assert KeptBoard.objects.get(is_stale=False) == ahead
    assert_it_is_what_it_stands_for(ahead)


def test_what_is_let_go_of_can_be_read_for_a_little_longer(plan, campaign, monkeypatch):
    keep_boards(now=noon(JUNE_30))
    before = KeptBoard.objects.get()
    keep_boards(now=noon(JULY_1))
    assert before.counts.count() == 4  # a row for each department of a batch

    keep_boards(now=noon(JULY_1) + boards.READING)
    assert KeptBoard.objects.filter(pk=before.pk).exists()
    keep_boards(now=noon(JULY_1) + 2 * boards.READING)
    assert not KeptBoard.objects.filter(pk=before.pk).exists()
    assert set(KeptCount.objects.values_list("board", flat=True)) == {KeptBoard.objects.get().pk}


def test_on_the_first_day_there_is_nothing_to_keep(plan, campaign):
    keep_boards(now=noon(campaign.starts_on))

    assert not KeptBoard.objects.exists()


def test_rows_are_joined_once_there_are_many(board, plan, lin, chen):
    join_counts(board, loose=0)
    board.refresh_from_db()
    for step in range(1, 5):
        tell(plan[0], 10 * step, on=date(2022, step, 1), lin=lin, chen=chen)
    before = KeptCount.objects.count()

    assert join_counts(board, loose=before) == 0
    assert join_counts(board, loose=0) == before
    board.refresh_from_db()

    assert KeptCount.objects.count() == 2
    assert join_counts(board, loose=0) == 0
    assert_it_is_what_it_stands_for(board)


def test_a_wrong_count_is_found_told_and_counted_anew(board, campaign, caplog):
    wrong = KeptCount.objects.first()
    wrong.sums[0] += 7
    wrong.save()
    now = datetime(2022, 7, 1, 3, tzinfo=UTC)

    check_boards_daily(now=now)
    assert "was wrong in 1 of its numbers" in caplog.text
    assert shown(campaign) is None

    KeptBoard.objects.update(is_stale=False)
    check_boards_daily(now=now)  # once a day
    assert shown(campaign) is not None
    assert drop_wrong_boards() == 1


def test_what_is_right_is_left_alone(board, campaign):
    assert drop_wrong_boards() == 0
    assert shown(campaign) is not None


def test_a_board_that_is_whole_is_left_as_it_is(board, campaign):
    counts = list(KeptCount.objects.values_list("pk", flat=True))

    assert keep_board(campaign, day=JULY_1, than=MAY_31) == board
    assert list(KeptCount.objects.values_list("pk", flat=True)) == counts


def test_where_somebody_holds_a_pledge_it_is_counted_later(plan, campaign, monkeypatch):
    def held(_coming):
        raise OperationalError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(boards, "_held", held)
        assert keep_board(campaign, day=JULY_1, than=MAY_31).is_whole is False

    assert keep_board(campaign, day=JULY_1, than=MAY_31).is_whole is True


@pytest.mark.django_db(transaction=True)
def test_both_counts_are_of_one_moment(plan, campaign):
    assert faults_of(keep_board(campaign, day=JULY_1, than=MAY_31)) == 0


def test_what_another_release_has_kept_is_neither_shown_nor_added_to(board, plan, campaign, lin, chen):
    KeptBoard.objects.update(layout="another")
    counts = KeptCount.objects.count()
    assert shown(campaign) is None

    tell(plan[1], 50, on=JUNE_1, lin=lin, chen=chen)

    assert (KeptBoard.objects.get().is_stale, KeptCount.objects.count()) == (True, counts)


def test_where_another_release_keeps_the_same_days_one_of_ours_is_built(board, campaign):
    KeptBoard.objects.update(layout="another")

    own = keep_board(campaign, day=JULY_1, than=MAY_31)

    assert list(KeptBoard.objects.filter(is_stale=False)) == [own]
    assert_it_is_what_it_stands_for(own)
