"""Reports that people send as a sheet by command: a dry look first, every fault with its place."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from pledges.actions.imports import Saying, row_words
from pledges.errors import FaultsError
from pledges.importers.checks import COLUMNS, check_rows
from pledges.importers.sheets import Row, SheetFault, read_rows
from pledges.models import Pledge, User
from pledges.rules.reporting import Said

IMPORTED = UUID("5b0a3c1e-6f0f-4f4d-9c43-8d3f1a7b2026")
"""Names the reports that came in a sheet: the same row by the same person has the same key."""


@dataclass(slots=True)
class Outcome:
    """What a sheet would do: what is new, and how much is there already."""

    new: list[Saying] = field(default_factory=list)
    unchanged: int = 0


def read_reports(name: str, content: bytes, *, author: User, is_accepted: bool, today: date) -> Outcome:
    """What the rows of a sheet say. Nothing is saved.

    Raises FaultsError with every fault, row by row, where there is one.
    """

    def key_of(pledge: Pledge, said: Said, _row: Row) -> UUID:
        words = (author.username, pledge.book_id, said.as_of, said.value.normalize(), said.note)
        return uuid5(IMPORTED, "\n".join(map(str, words)))

    try:
        rows = read_rows(name, content, columns=COLUMNS)
    except SheetFault as fault:
        raise FaultsError(str(fault)) from fault
    checked = check_rows(rows, author=author, key_of=key_of, is_accepted=is_accepted, today=today)
    faults = [(each.row.line, column, words) for each in checked for column, words in each.faults]
    if faults:
        raise FaultsError(*(row_words(*fault) for fault in faults))
    new = [each.saying for each in checked if each.saying and each.is_new]
    new.sort(key=lambda saying: (saying.said.as_of, saying.line))
    return Outcome(new, unchanged=sum(each.is_known for each in checked))
