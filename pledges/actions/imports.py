"""Take a whole file of reports, or none of it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions.audit import record, recorded_together
from pledges.actions.desks import Desk
from pledges.actions.reports import accept_report, submit_report
from pledges.errors import ConflictingKeyError, FaultsError, StaleError
from pledges.models import Pledge, ProgressReport, User
from pledges.queries.parts import with_kin
from pledges.queries.reports import newest_ids
from pledges.refusals import overtaken_words
from pledges.rules.reporting import Said


@dataclass(frozen=True, slots=True)
class Saying:
    """One row of a file that says something new; `seen` is the newest report it knew (None: not asked)."""

    line: int
    pledge: Pledge
    said: Said
    key: UUID
    seen: int | None = None


def row_words(line: int, column: str, words: str) -> str:
    """A fault with the place where it stands."""
    return _("Row %(row)s, %(column)s: %(fault)s") % {"row": line, "column": column, "fault": words}


@transaction.atomic
def import_reports(
    sayings: Iterable[Saying], *, author: User, reviewer: User | None, today: date
) -> list[ProgressReport]:
    """Say everything in the order given; with a reviewer, accept it as well. All or nothing.

    Raises FaultsError where the facts have changed since the file was checked.
    """
    with recorded_together():
        taken = take_all(list(sayings), author=author, reviewer=reviewer, today=today)
        record("reports.import", actor=author, after={"reports": len(taken), "accepted_by": reviewer})
    return taken


@transaction.atomic
def take_all(
    sayings: Sequence[Saying], *, author: User, reviewer: User | None, today: date
) -> list[ProgressReport]:
    """Say everything in the order given, under the locks of all books, each checked anew."""
    _lock_books(sayings)
    _refuse_overtaken(sayings)
    said_before = set(
        ProgressReport.objects.filter(key__in=[each.key for each in sayings]).values_list("key", flat=True)
    )
    desk = Desk(author, [each.pledge for each in sayings], today=today)
    taken = [_again(each, desk) if each.key in said_before else _said(each, desk) for each in sayings]
    desk.store()
    if reviewer:
        return [_accepted(each, report, reviewer, today) for each, report in zip(sayings, taken, strict=True)]
    return taken


def _refuse_overtaken(sayings: Sequence[Saying]) -> None:
    """Asked of all before any is said: the second row of a pledge knows nothing of the first."""
    asked = [saying for saying in sayings if saying.seen is not None]
    newest = newest_ids({saying.pledge.book_id for saying in asked})
    overtaken = [saying for saying in asked if newest.get(saying.pledge.book_id, 0) != saying.seen]
    if overtaken:
        raise FaultsError(*(row_words(each.line, "seen", _meanwhile(each)) for each in overtaken))


def _meanwhile(saying: Saying) -> str:
    said = ProgressReport.objects.filter(pledge=saying.pledge.book_id).select_related("author", "source")
    return overtaken_words(said.order_by("-id").first(), saying.pledge)


def _lock_books(sayings: Sequence[Saying]) -> None:
    """All at once and in one order, so that two files at the same time cannot wait for each other.

    With them the books of their wholes and parts, which an acceptance looks at.
    """
    books = with_kin({saying.pledge.book_id for saying in sayings})
    list(Pledge.objects.select_for_update().filter(pk__in=books).order_by("pk").values_list("pk"))


def _again(saying: Saying, desk: Desk) -> ProgressReport:
    """A row that was taken before is the report it made then."""
    with _placed(saying):
        return submit_report(saying.pledge, saying.said, author=desk.author, key=saying.key, today=desk.today)


def _said(saying: Saying, desk: Desk) -> ProgressReport:
    with _placed(saying):
        return desk.say(saying.pledge, saying.said, key=saying.key)


def _accepted(saying: Saying, report: ProgressReport, reviewer: User, today: date) -> ProgressReport:
    with _placed(saying):
        return accept_report(report, reviewer=reviewer, today=today)


@contextmanager
def _placed(saying: Saying) -> Iterator[None]:
    """Whatever is refused names its row."""
    try:
        yield
    except ValidationError as fault:
        said = [(column, words) for column, all_words in fault.message_dict.items() for words in all_words]
    except (StaleError, ConflictingKeyError) as fault:
        said = [("pledge", str(fault))]
    except PermissionDenied:
        said = [("pledge", _("This person may not report or review here."))]
    else:
        return
    raise FaultsError(*(row_words(saying.line, column, words) for column, words in said))
