"""The leader's page: one look at a campaign on a day, beside an earlier day, under the filters of the page."""

from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from itertools import accumulate
from typing import Any

from django.db.models import Count, Q, Window

from pledges.choices import Light
from pledges.models import Campaign
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import (
    DUE_WITHIN,
    SHOWN_ATTENTION,
    Counts,
    DueRow,
    alerts_on,
    by_urgency,
    due_between,
    is_met_by,
)
from pledges.queries.calendar_map import Month, MonthMap, month_map
from pledges.queries.changes import Changes, Tally
from pledges.queries.counted import Kept, kept_sums, live_sums, moved_between
from pledges.queries.disciplines import discipline_on
from pledges.queries.facts import Line, thresholds_of
from pledges.queries.foremost import Coming, foremost_alerts, foremost_deadlines
from pledges.queries.gathered import Gathering, gather
from pledges.queries.sums import Tallied
from pledges.queries.tallies import Ranked, changes_among, ranking_of, tally_among
from pledges.rules.discipline import Discipline
from pledges.rules.facts import Reading
from pledges.rules.urgency import Urgency, urgency_of

MANY_DEPARTMENTS = 60
"""With more, the map shows those that stand worst, and discipline stands on the departments' own pages."""

SHOWN_WORST = 15
"""So many of them: a leader reads no further, and the page costs no more for it."""

MANY_PLEDGES = 2000
"""With more, only the departments that stand worst are mapped."""

MAPPED_PLEDGES = 500
"""As many of them as hold so many pledges together: bounded work for a province."""

MOST_MAPPED = 5000
"""All departments are mapped, where that is asked for, up to so many pledges."""

JUDGED_ATTENTION = 4 * SHOWN_ATTENTION
"""So many alerts are judged for those that are shown: room for what only a judgement can part."""

SHOWN_DUE = 24
"""So many deadlines are judged and shown; the rest is one click away."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the page is about: pledges of a campaign after its filters; `once` says which count in the sums."""

    campaign: Campaign
    every: PledgeQuerySet
    once: Q
    day: date
    than: date | None
    month: Month | None = None
    """Where the page is about one month's deadlines alone, that month."""
    is_whole: bool = False
    """Whether nothing of the campaign is left out: then its counts may be kept ones."""

    @property
    def counted(self) -> PledgeQuerySet:
        return self.every.filter(self.once)

    @property
    def moved(self) -> Any:
        """The pledges that count, with the lights of both days; none without an earlier one."""
        return moved_between(self.counted, day=self.day, than=self.than) if self.than else self.counted.none()

    def kept(self) -> Kept | None:
        """The numbers that are kept for just this, if there are any."""
        is_asked = self.is_whole and self.than is not None
        return kept_sums(self.campaign, day=self.day, than=self.than) if is_asked else None

    def live(self) -> list[Tallied]:
        """The numbers of the departments, counted now."""
        return live_sums(self.every, once=self.once, day=self.day, than=self.than)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the leader's page. Shared pledges are counted once except in their departments' rows."""

    tally: Tally
    changes: list[Changes]
    ranking: list[Ranked]
    attention: list[Line]
    newly_red: set[int]
    due: list[DueRow]
    due_total: int
    map: MonthMap
    disciplines: dict[int, Discipline]

    @property
    def may_map_all(self) -> bool:
        """Whether the map can show more departments than it does."""
        is_bounded = sum(row.counts.total for row in self.ranking) <= MOST_MAPPED
        return is_bounded and len(self.map.rows) < len(self.ranking)

    @property
    def counts(self) -> Counts:
        return self.tally.now

    @property
    def open_due(self) -> int | None:
        """How many of the coming deadlines are not reached yet; None where not all were judged."""
        whole = len(self.due) == self.due_total
        return sum(not row.is_met for row in self.due) if whole else None


def overview_of(scope: Scope, *, whole_map: bool = False) -> Overview:
    """The leader's page. Six queries, however many pledges; one more where only a few of a province are late."""
    day, kept, compared = scope.day, scope.kept(), scope.than is not None
    rows = kept.rows if kept else scope.live()
    ranking = ranking_of(scope.campaign, rows, compared=compared)
    mapped = _mapped(ranking, whole=whole_map)
    reds = _alerts(scope, kept)
    # Before the first day nothing has a light, and nothing is asked for.
    coming, due_total = _coming(scope, kept) if ranking else ([], 0)
    gathering = _gathered(scope, ranking, mapped, reds | {pledge for pledge, _due in coming})
    alerts = _most_urgent(reds, gathering, scope)
    lines = {pk: gathering.found[pk].line(today=day) for pk in alerts | {pledge for pledge, _due in coming}}
    attention = by_urgency([lines[pk] for pk in alerts])[:SHOWN_ATTENTION]
    return Overview(
        tally=tally_among(rows, compared=compared),
        changes=changes_among(rows, scope.moved) if compared else [],
        ranking=ranking,
        attention=attention,
        newly_red=_newly_red(attention, gathering, scope),
        due=[
            DueRow(stone, lines[pk], is_met_by(lines[pk], stone))
            for pk, stone in ((pk, gathering.found[pk].stone(due)) for pk, due in coming)
        ],
        due_total=due_total,
        map=month_map(
            scope.campaign,
            [row.department for row in mapped],
            gathering.found.values(),
            day=day,
            only=scope.month,
        ),
        disciplines=_disciplines(scope, mapped, gathering) if len(mapped) == len(ranking) else {},
    )


def _gathered(scope: Scope, ranking: list[Ranked], mapped: list[Ranked], others: set[int]) -> Gathering:
    """Everything about the pledges of the mapped departments, and about some others."""
    shown = Q(pk__in=others) | Q(department__in=[row.department.pk for row in mapped])
    departments = {row.department.pk: row.department for row in ranking}
    telling = len(mapped) == len(ranking)
    return gather(scope.every.filter(shown), scope.campaign, departments, day=scope.day, telling=telling)


def _mapped(ranking: list[Ranked], *, whole: bool) -> list[Ranked]:
    """The departments of the map: all where they are few or asked for, else those that stand worst."""
    pledges = sum(row.counts.total for row in ranking)
    if pledges <= MANY_PLEDGES:
        return ranking if whole else worst_of(ranking, most=MANY_DEPARTMENTS, shown=SHOWN_WORST)
    if whole and pledges <= MOST_MAPPED:
        return ranking
    worst = worst_of(ranking, most=0, shown=SHOWN_WORST)
    sums = accumulate(row.counts.total for row in worst)
    return [row for row, so_far in zip(worst, sums, strict=True) if so_far <= MAPPED_PLEDGES]


def worst_of(ranking: list[Ranked], *, most: int, shown: int) -> list[Ranked]:
    """All departments, the best first; of more than `most` so many that stand worst, the worst first."""
    if len(ranking) <= most:
        return ranking
    judged = [row for row in ranking if row.place is not None] or ranking
    return judged[-shown:][::-1]


def _alerts(scope: Scope, kept: Kept | None) -> set[int]:
    """The pledges among which the most urgent alerts are."""
    day, limit = scope.day, SHOWN_ATTENTION
    found = foremost_alerts(scope.campaign, day=day, limit=limit) if kept else None
    return alerts_on(scope.counted, day=day, limit=limit) if found is None else found


def _most_urgent(reds: set[int], gathering: Gathering, scope: Scope) -> set[int]:
    """Among so many alerts the first of them surely are; only these are judged."""
    if len(reds) <= JUDGED_ATTENTION:
        return reds
    thresholds = thresholds_of(scope.campaign)

    def urgency(pk: int) -> Urgency:
        each = gathering.found[pk]
        return urgency_of(each.trajectory, each.reading, today=scope.day, thresholds=thresholds)

    return set(nlargest(JUDGED_ATTENTION, sorted(reds), key=urgency))


def _newly_red(attention: list[Line], gathering: Gathering, scope: Scope) -> set[int]:
    """The alerts among these that were none on the earlier day."""
    than = scope.than
    if than is None:
        return set()
    return {
        line.pledge.pk for line in attention if gathering.found[line.pledge.pk].light_on(than) != Light.RED
    }


def _coming(scope: Scope, kept: Kept | None) -> tuple[list[Coming], int]:
    """The first deadlines of the next thirty days, and how many there are in all."""
    first, last = scope.day, scope.day + DUE_WITHIN
    if kept and kept.due_total is not None:
        coming = foremost_deadlines(scope.campaign, first=first, last=last, limit=SHOWN_DUE)
        if coming is not None:
            return coming, kept.due_total
    stones = due_between(scope.counted, first=first, last=last).annotate(total=Window(Count("pk")))
    rows = list(stones.order_by("due", "pledge__number").values_list("pledge", "due", "total")[:SHOWN_DUE])
    return [(pledge, due) for pledge, due, _total in rows], rows[0][2] if rows else 0


def _disciplines(scope: Scope, ranking: list[Ranked], gathering: Gathering) -> dict[int, Discipline]:
    """The discipline of each department, where all their pledges are at hand."""
    owing: dict[int, list[tuple[int, Reading | None]]] = {row.department.pk: [] for row in ranking}
    for each in gathering.found.values():
        if each.pledge.department_id in owing:
            owing[each.pledge.department_id].append((each.pledge.book_id, each.reading))
    return {
        department: discipline_on(scope.campaign, own, gathering.told, day=scope.day)
        for department, own in owing.items()
    }
