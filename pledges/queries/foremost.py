"""The foremost alerts and deadlines of a campaign as big as a province: read off an index, not sorted out of all.

What is equally old or due on the same day comes in the order in which it was entered. Where so much of other
campaigns stands before it in the index that too little is found, nothing is claimed, and all must be looked through.
"""

from collections.abc import Iterable
from datetime import date

from pledges.choices import Light, Reason
from pledges.models import Campaign, Milestone, Standing
from pledges.models.standings import StandingQuerySet
from pledges.queries.board import MOST_JUDGED

CANDIDATES = 400
"""So many rows at the head of an index are looked at, of whatever campaign."""

WHOSE = ("pledge__campaign", "pledge__shared_with__campaign")
"""What says whether a pledge counts in the sums of a campaign: it belongs to it, and is not the second of a shared one."""

Coming = tuple[int, date]
"""A pledge and the day on which something of it is due."""


def foremost_alerts(campaign: Campaign, *, day: date, limit: int) -> set[int] | None:
    """The pledges among which the most urgent alerts are, as `alerts_on`. One query, two where few are late."""
    reds = Standing.objects.on(day).filter(light=Light.RED)
    missed, is_all = _own_in(reds.filter(reason=Reason.MISSED), campaign)
    if len(missed) >= limit:
        return set(missed[:limit])
    others, are_all = _own_in(reds.exclude(reason=Reason.MISSED), campaign) if is_all else ([], False)
    is_enough = is_all and (are_all or len(missed) + len(others) >= limit)
    return {*missed, *others[:MOST_JUDGED]} if is_enough else None


def _own_in(reds: StandingQuerySet, campaign: Campaign) -> tuple[list[int], bool]:
    """The oldest of these that count in a campaign, and whether there are no more."""
    rows = list(reds.order_by("since", "pledge").values_list("pledge", *WHOSE)[:CANDIDATES])
    found = [pledge for pledge, *whose in rows if _counts_in(campaign, whose)]
    return found, len(rows) < CANDIDATES


def foremost_deadlines(campaign: Campaign, *, first: date, last: date, limit: int) -> list[Coming] | None:
    """The first deadlines of some days; None where others stand before them. One query."""
    stones = Milestone.objects.filter(due__gte=first, due__lte=last).order_by("due", "pledge")
    rows = list(stones.values_list("pledge", "due", *WHOSE)[:CANDIDATES])
    found = [(pledge, due) for pledge, due, *whose in rows if _counts_in(campaign, whose)][:limit]
    return found if len(found) == limit or len(rows) < CANDIDATES else None


def _counts_in(campaign: Campaign, whose: Iterable[int | None]) -> bool:
    own, others = whose
    return own == campaign.pk != others
