"""Keep the stored verdicts in step with the facts, and remember the day on which a light changed."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from pledges.actions.put_off import mark_campaign
from pledges.choices import Light
from pledges.models import Heartbeat, LightChange, Pledge, ProgressReport, Standing
from pledges.models.standings import FOR_EVER, StandingQuerySet
from pledges.queries.facts import Entries, entries_of, thresholds_of, trajectory_of
from pledges.rules.facts import readings_of
from pledges.rules.timeline import spells

BATCH = 500
"""Pledges rebuilt in one transaction: bounded memory, short locks."""


def _standings_of(pledge: Pledge, entries: Entries) -> list[Standing]:
    trajectory = trajectory_of(pledge)
    readings = list(readings_of(trajectory, entries))
    found = spells(
        trajectory,
        readings,
        since=pledge.campaign.starts_on,
        thresholds=thresholds_of(pledge.campaign),
    )
    return [
        Standing(
            pledge=pledge,
            since=spell.since,
            until=spell.until or FOR_EVER,
            light=spell.light,
            rank=spell.light.rank,
            reason=spell.reason,
        )
        for spell in found
    ]


@transaction.atomic
def rebuild_standings(pledges: Iterable[Pledge]) -> int:
    """Judge pledges anew from all their facts. Safe to run again; returns the number of standings."""
    ids = [pledge.pk for pledge in pledges]
    # Whoever changes a fact rebuilds under this lock, so the last rebuild has seen every fact.
    locked = Pledge.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    pledges = list(locked.select_related("campaign").prefetch_related("milestones"))
    books = entries_of(pledges)
    standings = [
        standing for pledge in pledges for standing in _standings_of(pledge, books.get(pledge.book_id, []))
    ]
    Standing.objects.filter(pledge__in=ids).delete()
    Standing.objects.bulk_create(standings, batch_size=BATCH)
    return len(standings)


def rebuild_campaign(campaign_id: int, *, today: date) -> None:
    """Judge a whole campaign anew, after its thresholds changed, a batch at a time; lights that turn are recorded."""
    mark_campaign(campaign_id)
    ids = list(Pledge.objects.filter(campaign=campaign_id).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic():
            rebuild_standings(Pledge.objects.filter(pk__in=batch))
            _record(Standing.objects.filter(pledge__in=batch), today=today)


@transaction.atomic
def rejudge(pledge: Pledge, *, today: date, report: ProgressReport | None = None) -> None:
    """Judge the book of a pledge anew, with all who share it, and record lights that changed today."""
    together = Pledge.objects.filter(Q(pk=pledge.book_id) | Q(shared_with=pledge.book_id))
    rebuild_standings(together)
    _record(Standing.objects.filter(pledge__in=together), today=today, report=report)


def _record(standings: StandingQuerySet, *, today: date, report: ProgressReport | None = None) -> int:
    """Insert a light change wherever today's light is not the last one recorded."""
    last = LightChange.objects.filter(pledge=OuterRef("pledge")).order_by("-id").values("light")[:1]
    changed = (
        standings.on(today)
        .annotate(last=Subquery(last))
        .filter(Q(last__isnull=True) | ~Q(last=F("light")))
        .order_by("pledge_id")
    )
    rows = [
        LightChange(
            pledge_id=standing.pledge_id,
            day=today,
            was=standing.last or "",
            light=Light(standing.light),
            reason=standing.reason,
            report=report,
        )
        for standing in changed
    ]
    return len(LightChange.objects.bulk_create(rows, batch_size=BATCH))


@transaction.atomic
def record_light_changes(*, today: date) -> int:
    """Record the lights that time alone has changed since this was last done. Safe beside any number of others.

    Only standings that begin after the last recorded day can differ, so the work grows with the lights
    that change and not with the plan.
    """
    now = timezone.now()
    Heartbeat.objects.get_or_create(duty="lights", defaults={"beat_at": now, "day": date.min})
    beat = Heartbeat.objects.select_for_update().get(duty="lights")
    changed = 0
    if beat.day < today:
        changed = _record(Standing.objects.filter(since__gt=beat.day, since__lte=today), today=today)
    Heartbeat.objects.filter(pk=beat.pk).update(beat_at=now, day=max(beat.day, today))
    return changed
