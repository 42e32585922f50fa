"""The light changes of a rehearsal that would have been recorded, had somebody been there every day."""

from datetime import date
from itertools import groupby

from pledges.actions.rows import BATCH
from pledges.models import Campaign, LightChange, Standing


def record_past_lights(campaign: Campaign, *, today: date) -> int:
    """Add the changes after each pledge's last recorded one.

    Only for invented campaigns: nobody was there to see the others, and their history is not made up.
    """
    recorded = LightChange.objects.filter(pledge__campaign=campaign).order_by("id")
    last = {pk: (day, light) for pk, day, light in recorded.values_list("pledge", "day", "light")}
    begun = Standing.objects.filter(pledge__campaign=campaign, since__lte=today)
    stretches = begun.order_by("pledge_id", "since")
    changes = list[LightChange]()
    for pk, standings in groupby(stretches, key=lambda standing: standing.pledge_id):
        changes += _changes(list(standings), *last.get(pk, (date.min, "")))
    return len(LightChange.objects.bulk_create(changes, batch_size=BATCH))


def _changes(standings: list[Standing], known_on: date, light: str) -> list[LightChange]:
    """One row for each day on which the light became another one."""
    changes = []
    for standing in standings:
        if standing.since > known_on and standing.light != light:
            row = {"pledge_id": standing.pledge_id, "day": standing.since, "reason": standing.reason}
            changes.append(LightChange(was=light, light=standing.light, **row))
            light = standing.light
    return changes
