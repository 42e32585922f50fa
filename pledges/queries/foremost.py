"""The foremost alerts and deadlines of a campaign as big as a province: read off an index, not sorted out of all.

What is equally old or due on the same day comes in the order in which it was entered. Where so much of other
campaigns stands before it in the index that too little is found, all is looked through after all.
"""

from collections.abc import Iterable
from datetime import date

from pledges.choices import Light, Reason
from pledges.models import Milestone, Standing
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import MOST_JUDGED, alerts_on

CANDIDATES = 400
"""So many rows at the head of an index are looked at, of whatever campaign."""

Coming = tuple[int, date]
"""A pledge and the day on which something of it is due."""


def foremost_alerts(pledges: PledgeQuerySet, *, day: date, limit: int) -> set[int]:
    """The pledges among which the most urgent alerts are, as `alerts_on`. Three queries."""
    reds = Standing.objects.on(day).filter(light=Light.RED).order_by("since", "pledge")
    missed = list(reds.filter(reason=Reason.MISSED).values_list("pledge", flat=True)[:CANDIDATES])
    others = list(reds.exclude(reason=Reason.MISSED).values_list("pledge", flat=True)[:CANDIDATES])
    own = _among(pledges, [*missed, *others])
    found = [key for key in missed if key in own][:limit]
    if len(found) < limit and len(missed) < CANDIDATES:
        found += [key for key in others if key in own][:MOST_JUDGED]
    is_enough = len(found) >= limit or CANDIDATES not in (len(missed), len(others))
    return set(found) if is_enough else alerts_on(pledges, day=day, limit=limit)


def foremost_deadlines(
    pledges: PledgeQuerySet, *, first: date, last: date, limit: int
) -> list[Coming] | None:
    """The first deadlines of some days; None where others stand before them. Two queries."""
    stones = Milestone.objects.filter(due__gte=first, due__lte=last).order_by("due", "pledge")
    coming = list(stones.values_list("pledge", "due")[:CANDIDATES])
    own = _among(pledges, [pledge for pledge, _due in coming])
    found = [each for each in coming if each[0] in own][:limit]
    return found if len(found) == limit or len(coming) < CANDIDATES else None


def _among(pledges: PledgeQuerySet, keys: Iterable[int]) -> set[int]:
    return set(pledges.order_by().filter(pk__in=set(keys)).values_list("pk", flat=True))
