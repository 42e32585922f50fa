"""Requests for more time (延期申请): of a pledge, of a campaign, of a department, of a person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.choices import ExtensionState, Role
from pledges.models import Campaign, Department, Extension, Milestone, Pledge, User
from pledges.models.course import ExtensionQuerySet
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import in_campaign, is_met_by
from pledges.queries.closings import BOOK, is_closed
from pledges.queries.facts import Line, entries_of, judged_one, line_of, trajectory_of
from pledges.rules.extensions import DayFault, Deadline, Obstacle
from pledges.rules.facts import Reading, latest_reading
from pledges.rules.reporting import LATE_REPORTING
from pledges.wording import day_words

RECENT = timedelta(days=14)
"""So long a decision stands in the work of those who asked."""

WITH_PEOPLE = ("asked_by", "decided_by", "milestone__pledge__department", "milestone__pledge__campaign")

WHY_NOT = {
    Obstacle.CLOSED: lambda: _("This pledge is closed."),
    Obstacle.LIMIT: lambda: _("A limit is kept over its whole time; its deadline is not put off."),
    Obstacle.MET: lambda: _("This milestone is reached already."),
    Obstacle.WAITING: lambda: _("An extension of this deadline is already waiting for a decision."),
    Obstacle.OVER: lambda: _("The deadline is over; more time can only be asked for before."),
    Obstacle.NO_ROOM: lambda: _("There is no day between this deadline and the next."),
}


def obstacle_words(obstacle: Obstacle) -> str:
    """Why no later day can be asked for."""
    return WHY_NOT[obstacle]()


def why_not_granted(extension: Extension, stone: Milestone, deadline: Deadline) -> str:
    """Why a request that waits cannot be granted any more, in words; empty where it can."""
    if stone.due != extension.was_due:
        return _("Meanwhile the deadline was moved to %(day)s.") % {"day": day_words(stone.due)}
    if obstacle := deadline.obstacle_to_granting():
        return obstacle_words(obstacle)
    fault = deadline.fault(extension.new_due)
    return fault_words(fault, deadline) if fault else ""


def fault_words(fault: DayFault, deadline: Deadline) -> str:
    """What is wrong with a day, with the day that is the limit."""
    if fault == DayFault.NOT_LATER:
        return _("Give a day after %(day)s, the deadline in force.") % {"day": day_words(deadline.due)}
    latest = {"day": day_words(deadline.latest)}
    if deadline.following and deadline.following > deadline.latest >= deadline.following - timedelta(days=1):
        return _("Not after %(day)s: the next milestone follows.") % latest
    return _("Not after %(day)s: figures of later days are not taken.") % latest


def family_of(pledge: Pledge) -> PledgeQuerySet:
    """The pledges that keep one book: what is shared has one deadline, as it has one number."""
    return Pledge.objects.filter(Q(pk=pledge.book_id) | Q(shared_with=pledge.book_id))


def twins_of(milestone: Milestone) -> QuerySet[Milestone]:
    """A deadline in all pledges that share it, itself included."""
    return Milestone.objects.filter(pledge__in=family_of(milestone.pledge), due=milestone.due)


def as_of(extension: Extension, day: date) -> Extension:
    """A request as it stood at the end of a day, to be shown: what was decided later still waits.

    When a request was withdrawn is not kept with it; it stands as withdrawn on every day.
    """
    if extension.decided_at is None or localdate(extension.decided_at) <= day:
        return extension
    kept = ("pk", "milestone", "was_due", "new_due", "reason", "asked_by", "asked_at")
    return Extension(**{name: getattr(extension, name) for name in kept})


def asked_by(extensions: Iterable[Extension], day: date) -> list[Extension]:
    """What had been asked for by the end of a day, as it stood then."""
    return [as_of(each, day) for each in extensions if localdate(each.asked_at) <= day]


@dataclass(frozen=True, slots=True)
class Course:
    """What was asked about the deadlines of a book, the newest first, and its other deadlines."""

    extensions: list[Extension]
    dues: list[date]
    is_closed: bool

    @classmethod
    def of(cls, pledge: Pledge, *, closed: bool | None = None, asks: bool = True) -> Self:
        """One query for what was asked; two more where somebody may ask, unless it is known that it is closed."""
        family = family_of(pledge)
        found = Extension.objects.filter(milestone__pledge__in=family).select_related(*WITH_PEOPLE)
        dues = Milestone.objects.filter(pledge__in=family).order_by("due").values_list("due", flat=True)
        is_over = closed if closed is not None else asks and is_closed(pledge)
        return cls(list(found), list(dues) if asks else [], is_over)

    def granted(self, milestone: Milestone) -> list[Extension]:
        """What was granted for a deadline, wherever it is shared."""
        granted = (each for each in self.extensions if each.state == ExtensionState.GRANTED)
        return [each for each in granted if each.milestone.due == milestone.due]

    def deadline(self, milestone: Milestone, line: Line) -> Deadline:
        """What must be known before a milestone is put off."""
        waiting = (each for each in self.extensions if each.state == ExtensionState.ASKED)
        return Deadline(
            due=milestone.due,
            figures_until=line.pledge.campaign.ends_on + LATE_REPORTING,
            following=next((day for day in self.dues if day > milestone.due), None),
            is_met=is_met_by(line, milestone),
            is_limit=line.trajectory.is_ceiling,
            is_waiting=any(each.milestone.due == milestone.due for each in waiting),
            is_closed=self.is_closed,
        )


def deadline_of(milestone: Milestone, *, today: date) -> Deadline:
    """What must be known before a milestone is put off, from the facts of today."""
    line = judged_one(milestone.pledge, today=today)
    return Course.of(milestone.pledge).deadline(milestone, line)


def at_first(line: Line, readings: Iterable[Reading]) -> Line | None:
    """The judgement by the days first promised, beside the one in force; None where nothing was put off."""
    pledge = line.pledge
    if not any(stone.original_due for stone in pledge.milestones.all()):
        return None
    trajectory = trajectory_of(pledge, original=True)
    reading = latest_reading(trajectory, [(reading.as_of, reading.value) for reading in readings])
    return line_of(pledge, trajectory, reading, today=line.verdict.judged_on)


def if_granted(extension: Extension, line: Line, course: Course) -> Line:
    """The judgement of today as it would be with the later day. Nothing is changed."""
    today, limit = line.verdict.judged_on, line.pledge.campaign.red_after_extensions
    reaches_limit = limit is not None and len(course.granted(extension.milestone)) + 1 == limit
    stones = (
        replace(
            stone, day=extension.new_due, put_off_on=stone.put_off_on or (today if reaches_limit else None)
        )
        if stone.day == extension.milestone.due
        else stone
        for stone in line.trajectory.milestones
    )
    trajectory = replace(line.trajectory, milestones=tuple(sorted(stones, key=lambda stone: stone.day)))
    said = entries_of([line.pledge], until=today).get(line.pledge.book_id, ())
    return line_of(line.pledge, trajectory, latest_reading(trajectory, said), today=today)


def extensions_in(campaign: Campaign, user: User, *, department: str = "") -> QuerySet[Extension]:
    """The requests of a campaign that a person may see: those that wait first, the oldest on top; then the newest.

    What is shared is the request of every department that shares it. Each with `shown_at`.
    """
    found = Extension.objects.visible_to(user).filter(milestone__pledge__campaign=campaign)
    if department:
        found = found.sharing(Pledge.objects.filter(department__code=department))
    waiting = Q(state=ExtensionState.ASKED)
    oldest = Case(When(waiting, then=F("asked_at")), default=Value(None))
    place = Case(When(waiting, then=Value(0)), default=Value(1))
    shown = _with_page(found, user).select_related(*WITH_PEOPLE)
    return shown.order_by(place, oldest, "-asked_at", "-pk")


def _with_page(extensions: ExtensionQuerySet, user: User) -> Any:
    """Requests with the code of the pledge on whose page a person reads them, as `shown_at`.

    It is the pledge that was asked for where they see it, else their own that is shared with it.
    """
    asked_of, book = OuterRef("milestone__pledge"), OuterRef("milestone__pledge__shared_with")
    seen = Pledge.objects.visible_to(user).order_by("number").values("code")
    twin = seen.filter(Q(pk=book) | Q(shared_with=book) | Q(shared_with=asked_of))
    code = Coalesce(Subquery(seen.filter(pk=asked_of)), Subquery(twin[:1]))
    return extensions.annotate(shown_at=code)


def states_in(extensions: QuerySet[Extension]) -> dict[str, int]:
    """How many are in each state, under its name; under no name all of them. One query."""
    rows = extensions.order_by().values_list("state").annotate(number=Count("pk"))
    counts = Counter(dict(rows))
    return {"": counts.total(), **{state.value: counts[state] for state in ExtensionState}}


def departments_asking(campaign: Campaign, user: User) -> list[Department]:
    """The departments whose pledges more time was ever asked for in a campaign, shared ones too. One query."""
    book = Coalesce("milestone__pledge__shared_with", "milestone__pledge")
    asked = Extension.objects.filter(milestone__pledge__campaign=campaign).order_by().values(book=book)
    theirs = in_campaign(campaign, user).alias(book=BOOK).filter(book__in=asked)
    return list(Department.objects.filter(pk__in=theirs.order_by().values("department")))


def waiting_by_campaign(user: User) -> list[dict[str, Any]]:
    """How many requests wait for a decision, by campaign. One query."""
    shown, to = Campaign.objects.shown(), "milestone__pledge__campaign"
    asked = Extension.objects.visible_to(user).waiting().filter(**{f"{to}__in": shown})
    rows = asked.order_by(f"{to}__code").values_list(f"{to}__code", f"{to}__name")
    counted = rows.annotate(number=Count("pk"))
    return [{"code": code, "name": name, "number": number} for code, name, number in counted]


def requests_of(user: User, *, now: datetime) -> list[Extension]:
    """What the departments of a person asked for, or those who share it with them: what waits, and what was decided lately.

    Each with `shown_at`. One query.
    """
    own = user.departments_as(Role.of_a_department)
    lately = Q(state__in=ExtensionState.decided, decided_at__gte=now - RECENT)
    found = Extension.objects.filter(Q(state=ExtensionState.ASKED) | lately)
    mine = _with_page(found.sharing(Pledge.objects.filter(department__in=own)), user)
    return list(mine.select_related(*WITH_PEOPLE).order_by("new_due", "pk"))
