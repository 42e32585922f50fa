"""Whether a pledge is closed (销号), or may be, and why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.choices import Light
from pledges.models import Campaign, Closing, Department, Extension, Pledge, ProgressReport, User
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import in_campaign, with_light
from pledges.queries.evidence import has_file, proofs_of
from pledges.queries.facts import Line, all_readings, judged_one
from pledges.rules.evidence import is_proven

WITH_PEOPLE = ("closed_by", "reopened_by")


class Hindrance(StrEnum):
    """Why a pledge cannot be closed, in the order in which it is asked."""

    CLOSED = "closed"
    NOT_DONE = "not_done"
    WAITING = "waiting"
    EXTENSION = "extension"
    EVIDENCE = "evidence"
    OWN = "own"


WORDS = {
    Hindrance.CLOSED: lambda: _("It is closed already."),
    Hindrance.NOT_DONE: lambda: _("It is not done: no accepted figure reaches the last milestone."),
    Hindrance.WAITING: lambda: _("A report still waits for review."),
    Hindrance.EXTENSION: lambda: _("An extension still waits for a decision."),
    Hindrance.EVIDENCE: lambda: _("The report that reached it has no evidence."),
    Hindrance.OWN: lambda: _("You reported the figure yourself; a colleague closes it."),
}


def hindrance_words(found: Iterable[Hindrance]) -> list[str]:
    """Every condition that is not met, one sentence each."""
    return [WORDS[each]() for each in found]


def closed_on(day: date) -> Q:
    """Closed by the end of a day and not reopened then."""
    return Q(closed_at__date__lte=day) & (Q(reopened_at__isnull=True) | Q(reopened_at__date__gt=day))


def closings_of(pledge: Pledge) -> list[Closing]:
    """Every closing of a book, the newest first. One query."""
    return list(Closing.objects.filter(pledge=pledge.book_id).select_related(*WITH_PEOPLE))


def is_closed(pledge: Pledge) -> bool:
    """Whether a book is closed now. One query."""
    return Closing.objects.in_force().filter(pledge=pledge.book_id).exists()


@dataclass(frozen=True, slots=True)
class Closings:
    """The closings of a book as they stood on a day: the one in force, and those reopened by then, newest first."""

    in_force: Closing | None
    reopened: list[Closing]
    is_closed_now: bool

    @classmethod
    def of(cls, pledge: Pledge, *, day: date) -> Self:
        """What was reopened later had not been reopened yet. One query."""
        every = closings_of(pledge)
        by_then = [each for each in every if localdate(each.closed_at) <= day]
        reopened = [each for each in by_then if each.reopened_at and localdate(each.reopened_at) <= day]
        in_force = next((each for each in by_then if each not in reopened), None)
        return cls(in_force, reopened, any(each.reopened_at is None for each in every))


def newest_closing(pledge: Pledge) -> int:
    """The key of the newest closing of a book, reopened or not; 0 where there is none. One query."""
    newest = Closing.objects.filter(pledge=pledge.book_id).aggregate(newest=Max("pk"))["newest"]
    return newest or 0


@dataclass(frozen=True, slots=True)
class Ripeness:
    """Whether a book can be closed on a day: its judgement, and the report that counts."""

    line: Line
    report: ProgressReport | None
    hindrances: list[Hindrance]

    @property
    def words(self) -> list[str]:
        return hindrance_words(self.hindrances)


def _counting(*, day: date) -> QuerySet[ProgressReport]:
    """The accepted figures of a day that nothing corrects, the newest first: the first of a book counts."""
    corrected = ProgressReport.objects.accepted().filter(corrects=OuterRef("pk"))
    known = ProgressReport.objects.accepted().known_by(day).select_related("reviewer")
    return known.filter(~Exists(corrected)).order_by("-as_of", "-id")


def ripeness_of(pledge: Pledge, user: User, *, today: date) -> Ripeness:
    """Every condition of closing, asked anew: the book is locked where it matters."""
    book = Pledge.objects.select_related("campaign", "department").get(pk=pledge.book_id)
    line, report = judged_one(book, today=today), _counting(day=today).filter(pledge=book).first()
    family = Pledge.objects.filter(Q(pk=book.pk) | Q(shared_with=book.pk))
    is_done, author = line.verdict.light == Light.DONE, report.author_id if report else None
    needs_proof = is_done and book.campaign.completion_needs_evidence
    against = {
        Hindrance.CLOSED: is_closed(book),
        Hindrance.NOT_DONE: not is_done,
        Hindrance.WAITING: ProgressReport.objects.waiting().filter(pledge=book).exists(),
        Hindrance.EXTENSION: Extension.objects.waiting().filter(milestone__pledge__in=family).exists(),
        Hindrance.EVIDENCE: needs_proof and not _is_proven(line, today=today),
        Hindrance.OWN: is_done and author == user.pk,
    }
    return Ripeness(line, report, [found for found, holds in against.items() if holds])


def _is_proven(line: Line, *, today: date) -> bool:
    """The rule of the form that asks for a file."""
    readings = all_readings(line.pledge, line.trajectory, until=today)
    proofs = proofs_of([line.pledge.book_id]).get(line.pledge.book_id, frozenset())
    return is_proven(line.trajectory, readings, {day for day in proofs if day <= today})


BOOK = Coalesce("shared_with", "pk")


def closing_exists(*, day: date | None = None) -> Exists:
    """Whether the `book` of a pledge was closed at the end of a day; without a day, whether it is now."""
    closings = Closing.objects.in_force() if day is None else Closing.objects.filter(closed_on(day))
    return Exists(closings.filter(pledge=OuterRef("book")))


def with_closing(pledges: PledgeQuerySet, *, day: date | None = None) -> Any:
    """Pledges that can be asked whether their book was closed on a day, or is now, as `closed`."""
    return pledges.alias(book=BOOK).alias(closed=closing_exists(day=day))


def ripe_among(lit: PledgeQuerySet, *, day: date) -> Any:
    """Those joined to their light that are done and may be closed, as `ripeness_of` would say of each."""
    counting = _counting(day=day).filter(pledge=OuterRef("book"))
    waiting = ProgressReport.objects.waiting().filter(pledge=OuterRef("book"))
    family = Q(milestone__pledge=OuterRef("book")) | Q(milestone__pledge__shared_with=OuterRef("book"))
    # It has been done since its standing began: what was shown before that proves another completion.
    proved = counting.filter(has_file() | Q(source__isnull=False), as_of__gte=OuterRef("since"))
    return (
        with_closing(lit, day=day)
        .filter(~Exists(waiting), ~Exists(Extension.objects.waiting().filter(family)))
        .filter(Q(campaign__completion_needs_evidence=False) | Exists(proved))
        .filter(closed=False, light=Light.DONE)
    )


def closings_in(campaign: Campaign, user: User) -> QuerySet[Closing]:
    """The closings of a campaign that a person may see, the newest first."""
    seen = Closing.objects.filter(pledge__in=in_campaign(campaign, user))
    return seen.select_related(*WITH_PEOPLE, "pledge__department", "pledge__campaign")


def closed_in(campaign: Campaign, user: User, department: Department, *, day: date) -> int:
    """How many pledges of a department were closed on a day. One query."""
    own = in_campaign(campaign, user).filter(department=department)
    return with_closing(own, day=day).filter(closed=True).count()


def ripe_in(campaign: Campaign, user: User, *, day: date) -> Any:
    """What can be closed in a campaign, each promise once, in printed order, with its `newest_closing`."""
    lit = with_light(in_campaign(campaign, user).filter(shared_with__isnull=True), day=day)
    closings = Closing.objects.filter(pledge=OuterRef("book")).order_by("-pk").values("pk")[:1]
    ripe = ripe_among(lit, day=day).annotate(newest_closing=Coalesce(Subquery(closings), 0))
    return ripe.order_by("number")
