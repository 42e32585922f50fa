"""Take a whole file of reports, or none of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions.reports import accept_report, submit_report
from pledges.errors import ConflictingKeyError, FaultsError, StaleError
from pledges.models import Pledge, ProgressReport, User
from pledges.rules.reporting import Said


@dataclass(frozen=True, slots=True)
class Saying:
    """One row of a file that says something new."""

    line: int
    pledge: Pledge
    said: Said
    key: UUID


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
    sayings = list(sayings)
    _lock_books(sayings)
    return [_take(saying, author=author, reviewer=reviewer, today=today) for saying in sayings]


def _lock_books(sayings: Sequence[Saying]) -> None:
    """All at once and in one order, so that two files at the same time cannot wait for each other."""
    books = {saying.pledge.book_id for saying in sayings}
    list(Pledge.objects.select_for_update().filter(pk__in=books).order_by("pk").values_list("pk"))


def _take(saying: Saying, *, author: User, reviewer: User | None, today: date) -> ProgressReport:
    try:
        report = submit_report(saying.pledge, saying.said, author=author, key=saying.key, today=today)
        return accept_report(report, reviewer=reviewer, today=today) if reviewer else report
    except ValidationError as fault:
        said = [(column, words) for column, all_words in fault.message_dict.items() for words in all_words]
    except (StaleError, ConflictingKeyError) as fault:
        said = [("pledge", str(fault))]
    except PermissionDenied:
        said = [("pledge", _("This person may not report or review here."))]
    raise FaultsError(*(row_words(saying.line, column, words) for column, words in said))
