"""What changed between two days: the standings of both, joined; each promise once where the pledges are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q

from pledges.choices import Change, Light, Reason
from pledges.models import Briefing, Campaign
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import Counts, with_light

SHOWN_NAMES = 12
"""So many names stand under a change; the rest is one click away."""

LOOKS_BACK = timedelta(days=30)
"""How far a comparison looks back where no briefing was issued yet."""

SHOWN_BRIEFINGS = 5

ANY_LIGHT, ANY_REASON = frozenset(Light), frozenset(Reason)
BEHIND = frozenset({Light.YELLOW, Light.RED})
HEARD = frozenset(
    {
        Reason.MET,
        Reason.MET_LATE,
        Reason.FAR_BEHIND,
        Reason.BEHIND,
        Reason.SILENT,
        Reason.ON_TRACK,
        Reason.NOT_DUE,
        Reason.PENDING,
    }
)
"""The reasons that only a pledge with a figure can have."""


@dataclass(frozen=True, slots=True)
class Move:
    """Which lights and reasons of an earlier and a later day make a change."""

    was: frozenset[Light] = ANY_LIGHT
    now: frozenset[Light] = ANY_LIGHT
    was_reasons: frozenset[Reason] = ANY_REASON
    now_reasons: frozenset[Reason] = ANY_REASON

    def holds(self, was: str, was_reason: str, now: str, now_reason: str) -> bool:
        lights = was in self.was and now in self.now
        return lights and was_reason in self.was_reasons and now_reason in self.now_reasons

    @property
    def condition(self) -> Q:
        """The same, asked of pledges that are joined to both days."""
        asked = {
            "was": (self.was, ANY_LIGHT),
            "light": (self.now, ANY_LIGHT),
            "was_reason": (self.was_reasons, ANY_REASON),
            "light_reason": (self.now_reasons, ANY_REASON),
        }
        return Q(**{f"{name}__in": sorted(some) for name, (some, every) in asked.items() if some != every})


MOVES = {
    Change.NEW_RED: Move(was=ANY_LIGHT - {Light.RED}, now=frozenset({Light.RED})),
    Change.NEW_YELLOW: Move(
        was=ANY_LIGHT - BEHIND, now=frozenset({Light.YELLOW}), now_reasons=ANY_REASON - {Reason.SILENT}
    ),
    Change.SILENT: Move(
        was=ANY_LIGHT - {Light.YELLOW}, now=frozenset({Light.YELLOW}), now_reasons=frozenset({Reason.SILENT})
    ),
    Change.EASED: Move(
        was=frozenset({Light.RED}),
        now=frozenset({Light.YELLOW}),
        now_reasons=ANY_REASON - {Reason.SILENT},
    ),
    Change.RECOVERED: Move(was=BEHIND, now=frozenset({Light.GREEN, Light.DONE})),
    Change.DONE: Move(was=ANY_LIGHT - {Light.DONE}, now=frozenset({Light.DONE})),
    Change.REPORTED: Move(was_reasons=frozenset({Reason.UNREPORTED}), now_reasons=HEARD),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One pledge that changed, by name."""

    code: str
    title: str
    department: str
    was: Light
    now: Light


@dataclass(slots=True)
class Changes:
    """One kind of change: how many, and the first names."""

    change: Change
    number: int = 0
    names: list[Moved] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.number - len(self.names)


@dataclass(slots=True)
class Tally:
    """The lights of a day and of an earlier one, stretch goals among them, and the changes between."""

    now: Counts = field(default_factory=Counts)
    then: Counts | None = None
    stretch: Counts = field(default_factory=Counts)
    numbers: dict[Change, int] = field(default_factory=lambda: dict.fromkeys(Change, 0))

    def difference(self, light: Light) -> int | None:
        """How many more than on the earlier day."""
        return None if self.then is None else self.now[light] - self.then[light]


def with_before(lit: PledgeQuerySet, *, than: date) -> Any:
    """Pledges that have the light of a day, joined to that of an earlier one as `was` and `was_reason`."""
    of_then = Q(standings__since__lte=than, standings__until__gte=than)
    joined = lit.annotate(before=FilteredRelation("standings", condition=of_then))
    return joined.filter(before__isnull=False).annotate(
        was=F("before__light"), was_reason=F("before__reason")
    )


def changed_as(lit: PledgeQuerySet, change: Change, *, than: date) -> Any:
    """The pledges that went through a change since an earlier day."""
    return with_before(lit, than=than).filter(MOVES[change].condition)


def tally_of(counted: PledgeQuerySet, *, day: date, than: date | None) -> Tally:
    """Both days' lights and all changes between them. One query; with the departments see `tallies`."""
    lit = with_light(counted, day=day)
    keys = ["stretch", "light", "light_reason"]
    if than is not None:
        lit, keys = with_before(lit, than=than), [*keys, "was", "was_reason"]
    rows = lit.order_by().values_list(*keys).annotate(number=Count("pk"))
    tally = Tally(then=None if than is None else Counts())
    for is_stretch, now, reason, *earlier, number in rows:
        tally.now.by_light[Light(now)] += number
        if is_stretch:
            tally.stretch.by_light[Light(now)] += number
        if tally.then is not None:
            was, was_reason = earlier
            tally.then.by_light[Light(was)] += number
            for change in changes_of(was, was_reason, now, reason):
                tally.numbers[change] += number
    return tally


def changes_of(was: str, was_reason: str, now: str, now_reason: str) -> list[Change]:
    """What a pledge went through that was this and is that."""
    return [change for change, move in MOVES.items() if move.holds(was, was_reason, now, now_reason)]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A day that one may want to compare with: the day of an issued briefing."""

    number: int
    day: date


def meetings_of(campaign: Campaign, *, day: date) -> list[Meeting]:
    """The days of the last briefings before a day, the newest first."""
    issued = Briefing.objects.filter(campaign=campaign, day__lt=day, day__gte=campaign.starts_on)
    rows = issued.order_by("-day", "-number").values_list("number", "day")[:SHOWN_BRIEFINGS]
    return [Meeting(number, of) for number, of in rows]


def usual_than(campaign: Campaign, meetings: Iterable[Meeting], *, day: date) -> date | None:
    """The day that is compared with unless another is asked for: the last briefing's, else thirty days before.

    None on the first day of a campaign and before it: nothing had a light yet.
    """
    if day <= campaign.starts_on:
        return None
    last = next(iter(meetings), None)
    return last.day if last else max(day - LOOKS_BACK, campaign.starts_on)
