"""Remember since when a deadline has been put off too often, by the limit of its campaign."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.timezone import localdate

from pledges.models import Extension, Milestone

BATCH = 500


def mark_put_off(milestones: Iterable[Milestone]) -> None:
    """Bring `put_off_on` in step with the granted extensions and with the limit. Judges nothing.

    A deadline of a shared pledge counts the extensions of all who share it. Two queries, and one where
    something is different.
    """
    stones = list(milestones)
    granted = _granted(stones)
    changed = []
    for stone in stones:
        limit = stone.pledge.campaign.red_after_extensions
        days = granted[stone.pledge.book_id, stone.due]
        since = days[limit - 1] if limit and len(days) >= limit else None
        if stone.put_off_on != since:
            stone.put_off_on = since
            changed.append(stone)
    Milestone.objects.bulk_update(changed, ["put_off_on"], batch_size=BATCH)


def _granted(stones: list[Milestone]) -> dict[tuple[int, date], list[date]]:
    """The days of all grants, by book and deadline in force, the oldest first."""
    books = {stone.pledge.book_id for stone in stones}
    family = Q(milestone__pledge__in=books) | Q(milestone__pledge__shared_with__in=books)
    found = Extension.objects.granted().filter(family).select_related("milestone__pledge")
    days: dict[tuple[int, date], list[date]] = defaultdict(list)
    for each in found.order_by("decided_at", "pk"):
        days[each.milestone.pledge.book_id, each.milestone.due].append(localdate(each.decided_at))
    return days


def mark_campaign(campaign_id: int) -> None:
    """The same for a whole campaign, after its limit changed."""
    stones = Milestone.objects.filter(pledge__campaign=campaign_id, original_due__isnull=False)
    mark_put_off(stones.select_related("pledge__campaign"))
