"""Directives as they stood on a day: what waits for whom, and since when."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.timezone import localdate

from pledges.choices import Role
from pledges.models import Campaign, Department, Directive, Pledge, Standing, User
from pledges.models.briefings import DirectiveQuerySet


class Stage(StrEnum):
    """Whose turn it is, in the order of the list: trouble first."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


UNANSWERED, OPEN = "unanswered", "open"
GROUPS = {
    OPEN: (Stage.OVERDUE, Stage.WAITING, Stage.ANSWERED),
    UNANSWERED: (Stage.OVERDUE, Stage.WAITING),
    **{stage.value: (stage,) for stage in Stage},
}
"""What the list can be asked for, by name; nothing asked is everything."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A directive at the end of a day: what was answered or closed later has not happened yet."""

    directive: Directive
    day: date

    @property
    def is_answered(self) -> bool:
        answered = self.directive.answered_at
        return answered is not None and localdate(answered) <= self.day

    @property
    def is_closed(self) -> bool:
        closed = self.directive.closed_at
        return closed is not None and localdate(closed) <= self.day

    @property
    def stage(self) -> Stage:
        if self.is_closed:
            return Stage.CLOSED
        if self.is_answered:
            return Stage.ANSWERED
        return Stage.OVERDUE if self.days_left < 0 else Stage.WAITING

    @property
    def days_left(self) -> int:
        """Days to the day of the answer, below zero when it is over."""
        return (self.directive.answer_by - self.day).days

    @property
    def days_over(self) -> int:
        return -self.days_left


@dataclass(frozen=True, slots=True)
class Sheaf:
    """The directives of one pledge: those that are open, and those that are done with."""

    open: list[Slip]
    closed: list[Slip]


WITH_PEOPLE = ("by", "answered_by", "closed_by")


def _left_by(day: date) -> Q:
    return Q(created_at__date__lte=day)


def sheaf_of(pledge: Pledge, *, day: date) -> Sheaf:
    """The directives of a pledge as they stood on a day. One query."""
    found = Directive.objects.filter(_left_by(day), pledge=pledge).select_related(*WITH_PEOPLE)
    slips = [Slip(directive, day) for directive in found]
    closed = [slip for slip in slips if slip.is_closed]
    closed.sort(key=lambda slip: slip.directive.pk, reverse=True)
    return Sheaf([slip for slip in slips if not slip.is_closed], closed)


def unanswered_by(user: User, *, roles: Collection[Role], day: date) -> list[Slip]:
    """What the departments in which a person holds one of the roles had to answer on a day. One query."""
    own = user.departments_as(roles)
    later_or_never = Q(answered_at__isnull=True) | Q(answered_at__date__gt=day)
    open_then = Q(closed_at__isnull=True) | Q(closed_at__date__gt=day)
    found = Directive.objects.filter(_left_by(day), later_or_never, open_then, pledge__department__in=own)
    related = ("by", "pledge__campaign", "pledge__department")
    return [Slip(directive, day) for directive in found.select_related(*related).order_by("answer_by", "pk")]


def _is_at(stage: Stage, day: date) -> Q:
    """Directives at a stage today, as a question to the database."""
    unanswered = Q(closed_at__isnull=True, answered_at__isnull=True)
    return {
        Stage.OVERDUE: unanswered & Q(answer_by__lt=day),
        Stage.WAITING: unanswered & Q(answer_by__gte=day),
        Stage.ANSWERED: Q(closed_at__isnull=True, answered_at__isnull=False),
        Stage.CLOSED: Q(closed_at__isnull=False),
    }[stage]


def staged(directives: DirectiveQuerySet, *, day: date) -> Any:
    """Directives with the place of their stage, as `place`.

    A DirectiveQuerySet still; Any, because types do not see what an annotation adds.
    """
    places = [When(_is_at(stage, day), then=Value(place)) for place, stage in enumerate(Stage)]
    return directives.annotate(place=Case(*places, output_field=IntegerField()))


def in_group(staged_ones: Any, group: str) -> QuerySet[Directive]:
    """Those that the list is asked for; everything where it is asked for nothing it knows."""
    stages = list(Stage)
    wanted = [stages.index(stage) for stage in GROUPS.get(group, tuple(Stage))]
    return staged_ones.filter(place__in=wanted)


def directives_in(campaign: Campaign, user: User, *, day: date, department: str = "") -> Any:
    """The directives of a campaign that a person may see, as `staged`: open ones first, the longest overdue on top."""
    mine = Directive.objects.visible_to(user).filter(pledge__campaign=campaign)
    if department:
        mine = mine.filter(pledge__department__code=department)
    related = (*WITH_PEOPLE, "pledge__campaign", "pledge__department")
    return staged(mine, day=day).select_related(*related).order_by("place", "answer_by", "pk")


def counts_in(staged_ones: Any) -> dict[str, int]:
    """How many stand in each group, under its name; under no name all of them. One query."""
    rows = staged_ones.order_by().values_list("place").annotate(number=Count("pk"))
    counts, stages = Counter(dict(rows)), list(Stage)
    grouped = {name: sum(counts[stages.index(stage)] for stage in group) for name, group in GROUPS.items()}
    return grouped | {"": counts.total()}


def departments_with(campaign: Campaign, user: User) -> list[Department]:
    """The departments that have ever been given a directive in a campaign. One query."""
    mine = Directive.objects.visible_to(user).filter(pledge__campaign=campaign)
    return list(Department.objects.filter(pk__in=mine.order_by().values("pledge__department")))


def with_standings(slips: list[Slip]) -> list[tuple[Slip, Standing | None]]:
    """Each with the light of its pledge on its day. One query."""
    if not slips:
        return []
    pledges = {slip.directive.pledge_id for slip in slips}
    standings = {
        found.pledge_id: found for found in Standing.objects.on(slips[0].day).filter(pledge__in=pledges)
    }
    return [(slip, standings.get(slip.directive.pledge_id)) for slip in slips]
