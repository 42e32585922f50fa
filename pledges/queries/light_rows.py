"""Where the counts of a board come from: from every pledge and its standings, or kept as counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from pledges.choices import Light
from pledges.models import Campaign, KeptBoard, KeptCount
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import with_light
from pledges.queries.changes import with_before

LIGHTS = {light.value: light for light in Light}


class Way(NamedTuple):
    """What a pledge was on the earlier day and is on the later one."""

    was: str
    was_reason: str
    light: str
    light_reason: str

    @property
    def shift(self) -> tuple[Light, Light]:
        """From one light to another."""
        return LIGHTS[self.was], LIGHTS[self.light]


class LightRow(NamedTuple):
    """So many pledges of a department with one light."""

    department: int
    light: str
    stretch: bool
    is_counted: bool
    code: str
    name: str
    order: int
    size: int


class MoveRow(NamedTuple):
    """So many pledges of a department that went one way."""

    department: int
    is_counted: bool
    way: Way
    size: int


BY_LIGHT = ("department_id", "light", "stretch", "is_counted")
BY_WAY = ("department_id", "is_counted", *Way._fields)
KEYS = ("department_id", "is_counted", "stretch", *Way._fields)
"""What a kept count is kept by."""

NAMED = {f"of_{name}": Min(f"department__{name}") for name in ("code", "name", "order")}
"""The least of one is that one: so the rows are grouped by their keys alone."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The lights of a day by department, and what stands otherwise than it stood: a query each, when asked."""

    of_day: Iterable[tuple]
    of_moves: Iterable[tuple] | None
    """None without an earlier day."""

    def lights(self) -> Iterator[LightRow]:
        """In no order."""
        return (LightRow(*row) for row in self.of_day)

    def moves(self) -> Iterator[MoveRow]:
        """In no order."""
        for department, is_counted, *way, size in self.of_moves or ():
            yield MoveRow(department, is_counted, Way(*way), size)


def live_rows(pledges: PledgeQuerySet, *, once: Q, day: date, than: date | None) -> Rows:
    """Counted from the pledges' standings; `once` says which of them count in the sums.

    A standing that holds on both days has not moved, so only those that began after the earlier day are
    looked at twice.
    """
    lit = with_light(pledges, day=day).order_by().annotate(is_counted=counted_column(once))
    of_day = lit.values_list(*BY_LIGHT).annotate(**NAMED, size=Count("pk"))
    if than is None:
        return Rows(of_day, None)
    return Rows(of_day, _moved(lit, than=than).values_list(*BY_WAY).annotate(size=Count("pk")))


def moved_between(pledges: PledgeQuerySet, *, day: date, than: date) -> Any:
    """The pledges that may have moved, with the lights of both days."""
    return _moved(with_light(pledges, day=day).order_by(), than=than)


def _moved(lit: Any, *, than: date) -> Any:
    return with_before(lit.filter(since__gt=than), than=than)


def counted_column(once: Q) -> Case | Value:
    """Whether a pledge counts in the sum, as a column."""
    yes = Value(True, output_field=BooleanField())  # noqa: FBT003
    return Case(When(once, then=yes), default=Value(False), output_field=BooleanField()) if once else yes  # noqa: FBT003


def keeping(campaigns: QuerySet[Campaign]) -> Any:
    """Campaigns that say whether any of their counts are kept, as `is_kept`: most have none, and need not be asked."""
    kept = KeptBoard.objects.filter(campaign=OuterRef("pk"), is_whole=True, is_stale=False)
    return campaigns.annotate(is_kept=Exists(kept))


def kept_board(campaign: Campaign, *, day: date, than: date | None) -> KeptBoard | None:
    """The counts kept for two days of a campaign, None where there are none that can be relied on. One query."""
    if than is None:
        return None
    return KeptBoard.objects.filter(
        campaign=campaign, day=day, than=than, is_whole=True, is_stale=False
    ).first()


def kept_rows(board: KeptBoard) -> Rows:
    """The same from the counts that are kept."""
    # The sum is an annotation, which the type checker cannot see.
    counts: Any = KeptCount.objects.filter(board=board).order_by()
    unmoved = Q(was=F("light"), was_reason=F("light_reason"))
    sums = {"size": Sum("number")}
    return Rows(
        counts.values_list(*BY_LIGHT).annotate(**NAMED, **sums).exclude(size=0),
        counts.exclude(unmoved).values_list(*BY_WAY).annotate(**sums).exclude(size=0),
    )
