"""In which order a letter is taken, sent and marked: the product's, and two that go wrong."""

from collections.abc import Callable
from datetime import timedelta


def never_give_up() -> None:
    """A letter that kills its sender twelve times is set aside for a person; these are killed by somebody else."""
    from pledges.actions import post  # noqa: PLC0415

    post.MOST_ATTEMPTS = 1_000


def mark_first() -> None:
    """The order that loses: what is taken counts as sent."""
    from pledges.actions import post  # noqa: PLC0415
    from pledges.choices import LetterState  # noqa: PLC0415
    from pledges.models import Letter  # noqa: PLC0415

    take = post.claim

    def claim(*, now, limit):
        taken = take(now=now, limit=limit)
        gone = {"state": LetterState.SENT, "sent_at": now, "lease_token": None, "lease_until": None}
        Letter.objects.filter(pk__in=[letter.pk for letter in taken]).update(**gone)
        return taken

    post.claim = claim


def claim_nothing() -> None:
    """The order that floods: everybody sends whatever is due."""
    from pledges.actions import post  # noqa: PLC0415
    from pledges.models import Letter  # noqa: PLC0415

    def claim(*, now, limit):
        due = list(Letter.objects.due(now).select_related("recipient").order_by("due_at", "pk")[:limit])
        for letter in due:
            letter.lease_until = now + timedelta(hours=1)
        return due

    post.claim = claim


ORDERS: dict[str, Callable[[], None]] = {
    "take, send, mark": lambda: None,
    "take, mark, send": mark_first,
    "send, mark": claim_nothing,
}
