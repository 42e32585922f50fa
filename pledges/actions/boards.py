"""Keep the counts of a big campaign's board: built a batch at a time, moved with every judgement, joined, checked.

A board counts pledges up to a key while it is being built. Whoever judges a pledge holds its row locked, and so
does the builder for its batch: a judgement comes before the batch and is counted by it, or after and is added.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Max, Q
from django.utils.timezone import localdate, localtime

from pledges.models import Campaign, Heartbeat, KeptBoard, KeptCount, Pledge
from pledges.models.plans import PledgeQuerySet, once_among
from pledges.queries.board import DUE_WITHIN, due_between, with_light
from pledges.queries.changes import meetings_of, usual_than, with_before
from pledges.queries.counted import counted_column
from pledges.queries.sums import KEYS, LAYOUT, Sums, add_to, added, none, sums_of

log = logging.getLogger(__name__)

KEPT_FROM = 2_000
"""Pledges from which a campaign's counts are kept; fewer are counted quickly enough, each time."""

BATCH = 20_000
"""Pledges counted in one transaction while a board is built."""

AHEAD_FROM = 20
"""The hour from which tomorrow's board is built."""

DUTY = "boards"
LOOSE = 2_000
"""So many rows added since the last time are joined."""

READING = timedelta(minutes=2)
"""So long somebody may be reading a board that is let go of."""


def keep_boards(*, now: datetime) -> None:
    """See to it that every big campaign has the board of today, in the evening that of tomorrow, and no other."""
    for campaign in Campaign.objects.all():
        wanted = {day: than for day in _days(now) if (than := _compared_with(campaign, day=day))}
        chosen = [Q(day=day, than=than, is_stale=False, layout=LAYOUT) for day, than in wanted.items()]
        unwanted = KeptBoard.objects.filter(campaign=campaign, let_go_at=None)
        unwanted.exclude(reduce(or_, chosen, Q(pk=None))).update(is_stale=True, let_go_at=now)
        for day, than in wanted.items():
            keep_board(campaign, day=day, than=than)
    KeptBoard.objects.filter(let_go_at__lt=now - READING).delete()
    # Counted while their board went.
    KeptCount.objects.exclude(board__in=KeptBoard.objects.all()).delete()


def _days(now: datetime) -> list[date]:
    """Today; late enough also tomorrow, because a million pledges take minutes."""
    today = localdate(now)
    return [today, today + timedelta(days=1)] if localtime(now).hour >= AHEAD_FROM else [today]


def _compared_with(campaign: Campaign, *, day: date) -> date | None:
    """The day that a leader's page compares a day with; None where nothing is worth keeping."""
    is_big = campaign.pledges.order_by("pk")[KEPT_FROM - 1 : KEPT_FROM].exists()
    return usual_than(campaign, meetings_of(campaign, day=day), day=day) if is_big else None


def keep_board(campaign: Campaign, *, day: date, than: date) -> KeptBoard:
    """Build a board, or go on with one that was begun, and join its rows where many were added.

    Safe beside others and at any time cut short: what is not whole is not shown, and goes on with the next call.
    """
    fresh = KeptBoard.objects.filter(campaign=campaign, day=day, than=than, is_stale=False)
    fresh.exclude(layout=LAYOUT).update(is_stale=True)
    board, _is_new = fresh.get_or_create(
        layout=LAYOUT, defaults={"campaign": campaign, "day": day, "than": than}
    )
    while not board.is_whole and _count_batch(board):
        board.refresh_from_db()
    board.refresh_from_db()
    join_counts(board)
    if board.is_whole and board.due_total is None:
        _count_due(board)
    return board


@transaction.atomic
def _count_due(board: KeptBoard) -> None:
    """Under the lock of the board: a deadline that is moved meanwhile makes it forget the number again."""
    KeptBoard.objects.select_for_update(no_key=True).get(pk=board.pk)
    counted = Pledge.objects.filter(campaign=board.campaign_id).counted()
    board.due_total = due_between(counted, first=board.day, last=board.day + DUE_WITHIN).count()
    board.save(update_fields=["due_total"])


def _count_batch(board: KeptBoard) -> bool:
    """Count the next pledges. False where none are left, or somebody holds one of them: then later."""
    try:
        with transaction.atomic():
            return _count_next(board)
    except OperationalError:
        log.info("the board %s is counted on later", board)
        return False


def _count_next(board: KeptBoard) -> bool:
    """Under the locks of the pledges and the board. Waiting for either could wait for somebody who waits for us."""
    coming = Pledge.objects.filter(campaign=board.campaign_id, pk__gt=board.counted_to).order_by("pk")
    keys = list(_held(coming).values_list("pk", flat=True)[:BATCH])
    held = KeptBoard.objects.select_for_update(no_key=True, nowait=True).filter(pk=board.pk)
    if not held.filter(counted_to=board.counted_to, is_whole=False):
        return False
    _add(board, _sums_of(board, Pledge.objects.filter(pk__in=keys)))
    if keys:
        held.update(counted_to=keys[-1])
    else:
        held.update(is_whole=True)
    return bool(keys)


def _held(coming: PledgeQuerySet) -> PledgeQuerySet:
    """Nobody judges these until they are counted; fails at once where somebody is at it."""
    return coming.select_for_update(of=("self",), nowait=True)


@contextmanager
def moves_counted(pledges: Iterable[Pledge]) -> Iterator[None]:
    """Add to the kept boards what the judgements made inside change. The pledges' rows must be locked."""
    keys = {pledge.pk for pledge in pledges}
    campaigns = {pledge.campaign_id for pledge in pledges}
    boards = _boards_of(campaigns) if keys else []
    before = [_sums_of(board, _counted_in(board).filter(pk__in=keys)) for board in boards]
    yield
    for board, then in zip(boards, before, strict=True):
        now = _sums_of(board, _counted_in(board).filter(pk__in=keys))
        for department, sums in then.items():
            add_to(now[department], [-number for number in sums])
        _add(board, now)


def _boards_of(campaigns: set[int]) -> list[KeptBoard]:
    """Those that are to be moved. What another release counts cannot be added to: while both are at work it is let go of."""
    fresh = list(KeptBoard.objects.filter(campaign__in=campaigns, is_stale=False))
    if foreign := [board.pk for board in fresh if board.layout != LAYOUT]:
        KeptBoard.objects.filter(pk__in=foreign).update(is_stale=True)
    return [board for board in fresh if board.layout == LAYOUT]


def _counted_in(board: KeptBoard) -> PledgeQuerySet:
    """The pledges that a board has counted already; the others are counted when their turn comes."""
    reached = Q() if board.is_whole else Q(pk__lte=board.counted_to)
    return Pledge.objects.filter(reached, campaign=board.campaign_id)


def _sums_of(board: KeptBoard, pledges: PledgeQuerySet) -> dict[int, Sums]:
    """The numbers of some pledges on both days of a board, by department. One query."""
    once = once_among(Pledge.objects.filter(campaign=board.campaign_id))
    both = with_before(with_light(pledges, day=board.day), than=board.than).order_by()
    rows = both.annotate(is_counted=counted_column(once)).values_list(*KEYS).annotate(size=Count("pk"))
    return sums_of(rows)


def _add(board: KeptBoard, found: dict[int, Sums]) -> None:
    rows = [
        KeptCount(board=board, department_id=department, sums=sums)
        for department, sums in found.items()
        if any(sums)
    ]
    KeptCount.objects.bulk_create(rows, batch_size=BATCH)


def join_counts(board: KeptBoard, *, loose: int = LOOSE) -> int:
    """Put the rows of each kind together where many were added since the last time; returns how many there were."""
    return _join(board) if _newest(board) - board.joined_to > loose else 0


def _newest(board: KeptBoard) -> int:
    return KeptCount.objects.filter(board=board).aggregate(newest=Max("pk"))["newest"] or 0


@transaction.atomic
def _join(board: KeptBoard) -> int:
    KeptBoard.objects.select_for_update(no_key=True).get(pk=board.pk)
    rows = list(KeptCount.objects.filter(board=board).values_list("pk", "department_id", "sums"))
    # Only what was seen: a row may come in meanwhile whose key is lower.
    keys = [pk for pk, _department, _sums in rows]
    for start in range(0, len(keys), BATCH):
        KeptCount.objects.filter(pk__in=keys[start : start + BATCH]).delete()
    _add(board, added((department, sums) for _pk, department, sums in rows))
    KeptBoard.objects.filter(pk=board.pk).update(joined_to=_newest(board))
    return len(keys)


def faults_of(board: KeptBoard) -> int:
    """How many numbers are kept as another than they are; 0 is how it must be."""
    with transaction.atomic():
        _one_moment()
        kept = added(KeptCount.objects.filter(board=board).values_list("department_id", "sums"))
        live = _sums_of(board, _counted_in(board))
    return sum(
        is_kept != is_counted
        for department in kept | live
        for is_kept, is_counted in zip(
            kept.get(department, none()), live.get(department, none()), strict=True
        )
    )


def _one_moment() -> None:
    """Both counts are of the same moment. Inside a transaction that began before, they are so already on SQLite."""
    if (
        connection.vendor == "postgresql"
        and not connection.needs_rollback
        and len(connection.savepoint_ids) == 0
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def check_boards_daily(*, now: datetime) -> None:
    """Count the kept boards again with the first tick of a day; what is wrong is let go of."""
    day = localdate(now)
    if Heartbeat.objects.filter(duty=DUTY, day=day).exists():
        return
    drop_wrong_boards()
    Heartbeat.objects.update_or_create(duty=DUTY, defaults={"beat_at": now, "day": day})


def drop_wrong_boards() -> int:
    """Count every kept board again, and let go of those that are wrong; returns how many."""
    wrong = 0
    for board in KeptBoard.objects.filter(is_whole=True, is_stale=False, layout=LAYOUT):
        if faults := faults_of(board):
            log.error("the kept board %s was wrong in %s of its numbers", board, faults)
            KeptBoard.objects.filter(pk=board.pk).update(is_stale=True)
            wrong += 1
    return wrong
