"""The numbers of a leader's page, department by department: counted from the standings of two days, or kept."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from pledges.models import Campaign, Department, KeptBoard, KeptCount
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import with_light
from pledges.queries.changes import with_before
from pledges.queries.sums import (
    LAYOUT,
    NOW,
    PASSED_UNMET,
    THEN,
    Sums,
    Tallied,
    add_to,
    count_lit,
    count_moved,
    none,
)

LIT = ("department_id", "is_counted", "stretch", "light", "light_reason", "was", "was_reason")
NAMED = ("of_code", "of_name", "of_order")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of two days of a campaign; `due_total` is None where it must be counted."""

    rows: list[Tallied]
    due_total: int | None


def live_sums(pledges: PledgeQuerySet, *, once: Q, day: date, than: date | None) -> list[Tallied]:
    """Counted from the pledges' standings, in printed order; `once` says which count in the sums. One query.

    A standing that holds on both days has not moved, so only those that began after the earlier day are
    looked at twice.
    """
    lit = with_light(pledges, day=day).order_by().annotate(is_counted=counted_column(once))
    rows: Any = _of_the_day(lit)
    if than is not None:
        rows = rows.union(_of_moves(lit, than=than), all=True)
    departments, found = {}, defaultdict[int, Sums](none)
    for key, is_counted, stretch, light, reason, was, was_reason, code, name, order, size in rows:
        if was:
            count_moved(found[key], size, (was, was_reason, light, reason), is_counted=is_counted)
        else:
            count_lit(found[key], size, light, reason, is_counted=is_counted, stretch=stretch)
            departments[key] = Department(pk=key, code=code, name=name, order=order)
    return _as_printed(Tallied(department, found[key]) for key, department in departments.items())


def _of_the_day(lit: Any) -> Any:
    """How many of what light, and why where a milestone passed unmet.

    The least name of one department is its name, so the rows group by their keys alone.
    """
    names = {f"of_{name}": Min(f"department__{name}") for name in ("code", "name", "order")}
    passed = Case(When(light_reason__in=PASSED_UNMET, then=F("light_reason")), default=_word())
    kinds = lit.annotate(passed=passed).values(*LIT[:4], "passed").annotate(size=Count("pk"), **names)
    # A union goes by places: these words stand where the others have a reason and an earlier light.
    nothing = kinds.annotate(was_=_word(), was_reason_=_word())
    return nothing.values_list(*LIT[:4], "passed", "was_", "was_reason_", *NAMED, "size")


def _of_moves(lit: Any, *, than: date) -> Any:
    """How many went which way."""
    kinds = _may_have_moved(lit, than=than).values(*LIT).annotate(size=Count("pk"))
    nameless = {"of_code": _word(), "of_name": _word(), "of_order": Value(0, output_field=IntegerField())}
    return kinds.annotate(**nameless).values_list(*LIT, *NAMED, "size")


def _word() -> Value:
    return Value("", output_field=CharField())


def _as_printed(rows: Iterable[Tallied]) -> list[Tallied]:
    return sorted(rows, key=lambda row: (row.department.order, row.department.pk))


def moved_between(pledges: PledgeQuerySet, *, day: date, than: date) -> Any:
    """The pledges that may have moved, with the lights of both days."""
    return _may_have_moved(with_light(pledges, day=day).order_by(), than=than)


def _may_have_moved(lit: Any, *, than: date) -> Any:
    return with_before(lit.filter(since__gt=than), than=than)


def counted_column(once: Q) -> Case | Value:
    """Whether a pledge counts in the sum, as a column."""
    yes = Value(True, output_field=BooleanField())  # noqa: FBT003
    return Case(When(once, then=yes), default=Value(False), output_field=BooleanField()) if once else yes  # noqa: FBT003


def keeping(campaigns: QuerySet[Campaign]) -> Any:
    """Campaigns that say whether any of their counts are kept, as `is_kept`: most have none, and need not be asked."""
    kept = KeptBoard.objects.filter(campaign=OuterRef("pk"), is_whole=True, is_stale=False)
    return campaigns.annotate(is_kept=Exists(kept))


def kept_sums(campaign: Campaign, *, day: date, than: date | None = None) -> Kept | None:
    """What is kept of a campaign on a day beside an earlier one, or beside whichever it is.

    None where there is nothing that can be relied on. One query.
    """
    boards = KeptBoard.objects.filter(
        campaign=campaign, day=day, is_whole=True, is_stale=False, layout=LAYOUT
    )
    chosen = boards.filter(than=than) if than else boards
    rows = KeptCount.objects.filter(board__in=chosen.order_by("-pk").values("pk")[:1]).order_by()
    found: dict[int, Tallied] = {}
    due = None
    for key, code, name, order, sums, due_total in _asked(rows):
        due = due_total
        if key in found:
            add_to(found[key].sums, sums)
        else:
            found[key] = Tallied(Department(pk=key, code=code, name=name, order=order), sums)
    shown = (row for row in found.values() if any(row.sums[NOW:THEN]))
    return Kept(_as_printed(shown), due) if found else None


def _asked(rows: QuerySet[KeptCount]) -> Iterable[tuple]:
    names = ("department__code", "department__name", "department__order")
    return rows.values_list("department_id", *names, "sums", "board__due_total")
