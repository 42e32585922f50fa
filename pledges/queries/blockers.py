"""Blockers (堵点) as they stood on a day: of a pledge, of a campaign, of those who have to remove them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.timezone import localdate

from pledges.choices import Role
from pledges.models import Blocker, CalendarFeed, Campaign, Department, Pledge, User
from pledges.models.course import BlockerQuerySet
from pledges.rules.blockers import Stage, stage_on

OPEN = "open"
GROUPS = {
    OPEN: (Stage.OVERDUE, Stage.IN_TIME),
    Stage.OVERDUE.value: (Stage.OVERDUE,),
    Stage.REMOVED.value: (Stage.REMOVED,),
}
"""What the list can be asked for, by name; nothing asked is everything. What is overdue is open, too."""

MOST_IN_FEED = 100
"""So many blockers stand in a calendar at most, the earliest first."""

WITH_PEOPLE = ("department", "raised_by", "removed_by")


@dataclass(frozen=True, slots=True)
class Hitch:
    """A blocker at the end of a day: what was removed later has not happened yet."""

    blocker: Blocker
    day: date
    shows_pledge: bool = True

    @property
    def stage(self) -> Stage:
        removed = self.blocker.removed_at
        return stage_on(self.day, due=self.blocker.due, removed_on=localdate(removed) if removed else None)

    @property
    def is_removed(self) -> bool:
        return self.stage == Stage.REMOVED

    @property
    def days_left(self) -> int:
        """Days to the day of removal, below zero when it is over."""
        return (self.blocker.due - self.day).days

    @property
    def days_over(self) -> int:
        return -self.days_left


@dataclass(frozen=True, slots=True)
class Heap:
    """The blockers of one pledge: those in the way, and those removed, the newest first."""

    open: list[Hitch]
    removed: list[Hitch]


def raised_by(day: date) -> Q:
    """Known by the end of a day."""
    return Q(raised_at__date__lte=day)


def open_on(day: date) -> Q:
    """Raised by the end of a day and not removed then."""
    return raised_by(day) & (Q(removed_at__isnull=True) | Q(removed_at__date__gt=day))


def heap_of(pledge: Pledge, *, day: date) -> Heap:
    """The blockers of a pledge as they stood on a day, the earliest due first. One query."""
    found = Blocker.objects.filter(raised_by(day), pledge=pledge).select_related(*WITH_PEOPLE)
    hitches = [Hitch(blocker, day) for blocker in found]
    removed = [hitch for hitch in hitches if hitch.is_removed]
    removed.sort(key=lambda hitch: (hitch.blocker.removed_at, hitch.blocker.pk), reverse=True)
    return Heap([hitch for hitch in hitches if not hitch.is_removed], removed)


def _with_sight(blockers: BlockerQuerySet, user: User) -> Any:
    """Blockers with whether a person sees more of their pledge than its name, as `sees`."""
    seen = Pledge.objects.visible_to(user).filter(pk=OuterRef("pledge"))
    return blockers.annotate(sees=Exists(seen))


def hitches_of(seen: Iterable[Any], *, day: date) -> list[Hitch]:
    """Blockers with `sees`, as they stood on a day."""
    return [Hitch(blocker, day, blocker.sees) for blocker in seen]


def to_remove(user: User, *, day: date) -> list[Hitch]:
    """What the departments of a person had to remove on a day, whoever's pledge it is. Two queries."""
    own = user.departments_as(Role.of_a_department)
    found = _with_sight(Blocker.objects.filter(open_on(day), department__in=own), user)
    related = ("department", "pledge__campaign", "pledge__department")
    return hitches_of(found.select_related(*related).order_by("due", "pk"), day=day)


def in_feed(feed: CalendarFeed, *, day: date) -> list[Hitch]:
    """What the owner of a calendar has to remove, for the department that it is about. Two queries."""
    mine = to_remove(feed.owner, day=day)[:MOST_IN_FEED]
    return [hitch for hitch in mine if feed.department_id in {None, hitch.blocker.department_id}]


def open_in(campaign: Campaign, *, day: date) -> list[Hitch]:
    """What stood in the way in a campaign on a day, the earliest due first. One query."""
    found = Blocker.objects.filter(open_on(day), pledge__campaign=campaign)
    related = ("department", "pledge__department")
    return [Hitch(blocker, day) for blocker in found.select_related(*related).order_by("due", "pk")]


def _is_at(stage: Stage, day: date) -> Q:
    """Blockers at a stage today, as a question to the database."""
    return {
        Stage.OVERDUE: Q(removed_at__isnull=True, due__lt=day),
        Stage.IN_TIME: Q(removed_at__isnull=True, due__gte=day),
        Stage.REMOVED: Q(removed_at__isnull=False),
    }[stage]


def seen_in(campaign: Campaign, user: User) -> BlockerQuerySet:
    """The blockers of a campaign that a person may see."""
    return Blocker.objects.visible_to(user).filter(pledge__campaign=campaign)


def blockers_in(campaign: Campaign, user: User, *, day: date, department: str = "", of: str = "") -> Any:
    """The blockers of a campaign that a person may see: open ones first, the earliest due on top.

    `department` has to remove them, `of` is the one whose pledges they are in the way of. Each with its `place`
    in the order of stages, and with `sees`. A BlockerQuerySet still; Any, because types do not see annotations.
    """
    mine = seen_in(campaign, user)
    if department:
        mine = mine.filter(department__code=department)
    if of:
        mine = mine.filter(pledge__department__code=of)
    places = [When(_is_at(stage, day), then=Value(place)) for place, stage in enumerate(Stage)]
    staged = _with_sight(mine, user).annotate(place=Case(*places, output_field=IntegerField()))
    related = (*WITH_PEOPLE, "pledge__campaign", "pledge__department")
    return staged.select_related(*related).order_by("place", "due", "pk")


def in_group(blockers: Any, group: str) -> QuerySet[Blocker]:
    """Those that the list is asked for; everything where it is asked for nothing it knows."""
    stages = list(Stage)
    return blockers.filter(place__in=[stages.index(stage) for stage in GROUPS.get(group, tuple(Stage))])


def counts_in(blockers: BlockerQuerySet, *, day: date) -> dict[str, int]:
    """How many stand in each group, under its name; under `every` all of them. One query."""
    found = blockers.order_by().aggregate(**_numbers(Q(), day))
    return _grouped(found)


def _numbers(whose: Q, day: date, prefix: str = "") -> dict[str, Count]:
    """How many of those stand in each stage, to be asked of the database in one go."""
    return {f"{prefix}{stage.name}": Count("pk", filter=whose & _is_at(stage, day)) for stage in Stage}


def _grouped(found: dict[str, int], prefix: str = "") -> dict[str, int]:
    numbers = {stage: found[f"{prefix}{stage.name}"] for stage in Stage}
    grouped = {name: sum(numbers[stage] for stage in group) for name, group in GROUPS.items()}
    return grouped | {"every": sum(numbers.values())}


def departments_with(campaign: Campaign, user: User) -> tuple[list[Department], list[Department]]:
    """The departments that have ever had something to remove, and those that had something in their way. Two queries."""
    mine = seen_in(campaign, user).order_by()
    responsible = Department.objects.filter(pk__in=mine.values("department"))
    hindered = Department.objects.filter(pk__in=mine.values("pledge__department"))
    return list(responsible), list(hindered)


def tally_of(
    campaign: Campaign, user: User, department: Department, *, day: date
) -> dict[str, dict[str, int]]:
    """What a department has to remove, and what is in the way of its own pledges. One query."""
    whose = {"to_remove": Q(department=department), "in_the_way": Q(pledge__department=department)}
    asked = {
        name: count
        for prefix, theirs in whose.items()
        for name, count in _numbers(theirs, day, f"{prefix}_").items()
    }
    found = seen_in(campaign, user).order_by().aggregate(**asked)
    return {prefix: _grouped(found, f"{prefix}_") for prefix in whose}
