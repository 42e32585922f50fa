"""Bring the pledges and milestones of a campaign in step with a read plan."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.actions.rows import BATCH, Tally, sync
from pledges.models import Campaign, Department, Milestone, Pledge, ProgressReport
from pledges.models.plans import PledgeQuerySet

PLEDGE_FIELDS = (
    *("campaign_id", "department_id", "number", "title", "metric", "unit", "basis", "direction", "strict"),
    *("stretch", "statistic", "quote", "span_start", "span_end", "remark"),
)
STONE_FIELDS = ("due_words", "target", "mark_start", "mark_end")
REFUSED = gettext_lazy(
    "%(pledge)s: people have reported about it or asked for more time, so its promise was not changed."
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The pledges of a plan by their number, and the numbers of those whose judgement may be another."""

    pledges: dict[str, Pledge]
    touched: frozenset[str]

    def touched_with(self, others: Iterable[Pledge]) -> PledgeQuerySet:
        """What must be judged anew: what changed, and all who share a number with it."""
        rows = [*(self.pledges[number] for number in self.touched), *others]
        books = {pledge.book_id for pledge in rows}
        return Pledge.objects.filter(Q(pk__in={row.pk for row in rows} | books) | Q(shared_with__in=books))


def sync_plan(
    campaign: Campaign,
    rows: list[Row],
    *,
    code_of: Callable[[str], str],
    moved: Callable[[date], date],
    tally: Tally,
) -> Plan:
    """Create, change or keep every pledge of the rows, with its milestones and its relations.

    A pledge about which people have reported keeps its promise: a row that says another one is refused.
    """
    departments = {department.name: department for department in Department.objects.all()}
    wanted = {row["number"]: _pledge_of(campaign, departments, row, code_of) for row in rows}
    stones = {row["number"]: _stones_of(row, moved) for row in rows}
    stored = {row.number: row for row in campaign.pledges.prefetch_related("milestones")}
    refused = _refused(stored, wanted, stones)
    for number in sorted(refused):
        tally.add(Pledge, "refused")
        tally.remarks.append(REFUSED % {"pledge": stored[number]})
    open_rows = [pledge for number, pledge in wanted.items() if number not in refused]
    synced = sync(stored.values(), open_rows, PLEDGE_FIELDS, key=lambda row: row.number, tally=tally)
    pledges = synced.rows | {number: stored[number] for number in refused}
    related = _relate(pledges, [row for row in rows if row["number"] not in refused])
    restoned = _sync_stones(pledges, {n: s for n, s in stones.items() if n not in refused}, tally)
    return Plan(pledges, synced.touched | related | restoned)


def _pledge_of(
    campaign: Campaign, departments: dict[str, Department], row: Row, code_of: Callable[[str], str]
) -> Pledge:
    return Pledge(
        campaign=campaign,
        department=departments[row["department"]],
        code=code_of(row["number"]),
        span_start=row["span"][0],
        span_end=row["span"][1],
        strict=row["comparator"] in {">", "<"},
        **{name: row[name] for name in ("number", "title", "metric", "unit", "basis", "direction")},
        **{name: row[name] for name in ("stretch", "statistic", "quote", "remark")},
    )


def _stones_of(row: Row, moved: Callable[[date], date]) -> list[Milestone]:
    return [
        Milestone(
            due=moved(date.fromisoformat(stone["due"])),
            due_words=stone["due_words"],
            target=None if stone["target"] is None else Decimal(stone["target"]),
            mark_start=stone["mark"][0],
            mark_end=stone["mark"][1],
        )
        for stone in row["milestones"]
    ]


def _promise(pledge: Pledge, stones: Iterable[Milestone]) -> tuple[object, ...]:
    """What must not change under somebody's reports: the number, its side and its first deadlines."""
    return (
        *(pledge.unit, pledge.basis, pledge.direction, pledge.strict),
        *sorted((stone.first_due, stone.target or 0) for stone in stones),
    )


def _refused(
    stored: dict[str, Pledge], wanted: dict[str, Pledge], stones: dict[str, list[Milestone]]
) -> set[str]:
    """The numbers of pledges that people have spoken about and that would promise something else."""
    spoken = _spoken_about(stored.values())
    return {
        number
        for number, pledge in stored.items()
        if number in wanted
        and pledge.book_id in spoken
        and _promise(pledge, pledge.milestones.all()) != _promise(wanted[number], stones[number])
    }


def _spoken_about(pledges: Iterable[Pledge]) -> set[int]:
    """The books about which somebody has reported, or asked for more time."""
    books = {pledge.book_id for pledge in pledges}
    of_people = ProgressReport.objects.filter(author__isnull=False, pledge__in=books)
    asked = Pledge.objects.filter(
        Q(pk__in=books) | Q(shared_with__in=books), milestones__extensions__isnull=False
    )
    return {*of_people.values_list("pledge", flat=True), *(pledge.book_id for pledge in asked)}


def _relate(pledges: dict[str, Pledge], rows: list[Row]) -> frozenset[str]:
    """Point each pledge at the one it is part of or shared with; returns the numbers that changed."""
    changed = []
    for row in rows:
        pledge = pledges[row["number"]]
        whole, lead = (pledges[row[name]] if row[name] else None for name in ("subset_of", "shared_with"))
        if (pledge.subset_of_id, pledge.shared_with_id) != (whole and whole.pk, lead and lead.pk):
            pledge.subset_of, pledge.shared_with = whole, lead
            changed.append(pledge)
    Pledge.objects.bulk_update(changed, ("subset_of", "shared_with"), batch_size=BATCH)
    return frozenset(pledge.number for pledge in changed)


def _sync_stones(
    pledges: dict[str, Pledge], stones: dict[str, list[Milestone]], tally: Tally
) -> frozenset[str]:
    """The milestones of each pledge as the rows say; returns the numbers of pledges that changed.

    A deadline that was put off is the one first printed: what was granted is not taken back.
    """
    numbers = {pledges[number].pk: number for number in stones}
    for number, own in stones.items():
        for stone in own:
            stone.pledge = pledges[number]
    wanted = [stone for own in stones.values() for stone in own]
    stored = list(Milestone.objects.filter(pledge__in=numbers).select_related("pledge"))
    days = {_first(stone) for stone in wanted}
    gone = [stone for stone in stored if _first(stone) not in days]
    for stone in gone:
        tally.add(Milestone, "removed")
        tally.remarks.append(_("%(milestone)s: removed.") % {"milestone": stone})
    Milestone.objects.filter(pk__in=[stone.pk for stone in gone]).delete()
    synced = sync(stored, wanted, STONE_FIELDS, key=_first, tally=tally)
    touched = {pk for pk, _day in synced.touched} | {stone.pledge_id for stone in gone}
    return frozenset(numbers[pk] for pk in touched)


def _first(stone: Milestone) -> tuple[int, date]:
    """By what a stored and a read milestone are the same: the pledge, and the day first promised."""
    return stone.pledge_id, stone.first_due
