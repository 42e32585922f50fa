"""Asking once: what can be true but should be checked before it is sent."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from pledges.errors import DoubtsError
from pledges.models import Pledge, User
from pledges.queries.checks import doubts_about
from pledges.queries.previews import preview_of
from pledges.rules.reporting import Said


def ask_once(
    pledge: Pledge,
    book: Pledge,
    said: Said,
    *,
    author: User,
    key: UUID,
    today: date,
    confirmed: Collection[str] | None,
) -> str:
    """The codes of the doubts that the author has confirmed, for the record. None: nobody can be asked.

    Raises DoubtsError where there is one that was not confirmed as it stands.
    """
    if confirmed is None:
        return ""
    preview = preview_of(book, said, today=today)
    doubts = doubts_about(pledge, preview, author=author, key=key, today=today)
    if any(doubt.sign not in confirmed for doubt in doubts):
        raise DoubtsError(doubts)
    return ",".join(doubt.code for doubt in doubts)
