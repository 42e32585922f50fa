"""What a person may fill in for a whole campaign at once, and the sheets they have sent in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pledges.choices import Role
from pledges.models import Campaign, Pledge, SheetUpload, User
from pledges.models.plans import PledgeQuerySet
from pledges.permissions import holds
from pledges.queries.board import for_judging
from pledges.queries.closings import with_closing
from pledges.queries.duties import taking_reports
from pledges.queries.facts import Line, judged
from pledges.queries.reports import newest_ids

SHOWN = 10
"""So many of one's own sheets are listed."""


@dataclass(frozen=True, slots=True)
class Form:
    """One row to be filled in: a pledge as it stands, and the newest report that is known of it."""

    line: Line
    seen: int


def fills_in(user: User) -> bool:
    """Whether a person fills in sheets at all: reporters; a superuser may act for any department."""
    return user.is_superuser or holds(user, Role.REPORTER)


def reportable(user: User, campaign: Campaign, *, day: date) -> PledgeQuerySet:
    """What a person may report in a campaign on a day: nothing once it is over, and nothing that is closed."""
    pledges = Pledge.objects.visible_to(user).filter(campaign=campaign, campaign__in=taking_reports(day))
    if not user.is_superuser:
        pledges = pledges.filter(department__in=user.departments_as({Role.REPORTER}))
    return with_closing(pledges).filter(closed=False)


def forms_of(pledges: PledgeQuerySet, *, today: date) -> list[Form]:
    """The rows of a sheet in printed order. Four queries, however many pledges."""
    ordered = for_judging(pledges).order_by("department__order", "department", "number")
    lines = judged(ordered, today=today)
    known = newest_ids({line.pledge.book_id for line in lines})
    return [Form(line, known.get(line.pledge.book_id, 0)) for line in lines]


def known_reports(codes: Iterable[str], user: User) -> dict[str, int]:
    """The newest report of each pledge a person may see, by code."""
    books = {pledge.code: pledge.book_id for pledge in Pledge.objects.visible_to(user).filter(code__in=codes)}
    known = newest_ids(books.values())
    return {code: known.get(book, 0) for code, book in books.items()}


def sheets_of(user: User, campaign: Campaign) -> list[SheetUpload]:
    """A person's own sheets of a campaign, the newest first, without what is in them."""
    return list(SheetUpload.objects.filter(owner=user, campaign=campaign).defer("rows")[:SHOWN])
