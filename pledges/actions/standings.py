"""Keep the stored verdicts in step with the facts, and remember the day on which a light changed."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, Value, prefetch_related_objects
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from pledges.actions.boards import moves_counted
from pledges.actions.put_off import mark_campaign
from pledges.actions.rows import in_batches
from pledges.models import Heartbeat, LightChange, Milestone, Pledge, ProgressReport, Standing
from pledges.models.standings import FOR_EVER, StandingQuerySet
from pledges.queries.facts import Entries, entries_of, thresholds_of, trajectory_of
from pledges.rules.facts import readings_of
from pledges.rules.timeline import spells

BATCH = 500
"""Pledges rebuilt in one transaction: bounded memory, short locks."""

MOST_RECORDED = 5_000
"""Lights that turn with a day recorded in one transaction: nobody waits for it but another who does the same."""


def standings_of(
    pledge: Pledge, entries: Entries, milestones: Sequence[Milestone] | None = None
) -> list[Standing]:
    """The verdicts of a pledge as rows, not yet stored; its campaign and milestones should be fetched already."""
    trajectory = trajectory_of(pledge, milestones)
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
    return _rebuild(_locked(Q(pk__in=[pledge.pk for pledge in pledges])))


def _locked(which: Q) -> list[Pledge]:
    """Whoever changes a fact rebuilds under this lock, so the last rebuild has seen every fact."""
    locked = Pledge.objects.select_for_update(of=("self",)).filter(which).order_by("pk")
    return list(locked.select_related("campaign"))


def _rebuild(locked: Sequence[Pledge]) -> int:
    prefetch_related_objects(locked, "milestones")
    books = entries_of(locked)
    standings = [
        standing for pledge in locked for standing in standings_of(pledge, books.get(pledge.book_id, []))
    ]
    with moves_counted(locked):
        Standing.objects.filter(pledge__in=[pledge.pk for pledge in locked]).delete()
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


@transaction.atomic(savepoint=False)
def rejudge(
    pledge: Pledge,
    *,
    today: date,
    report: ProgressReport | None = None,
    family: Sequence[Pledge] | None = None,
) -> None:
    """Judge the book of a pledge anew, with all who share it, and record lights that changed today.

    `family` are these, where the caller has locked them already.
    """
    together = family or _locked(Q(pk=pledge.book_id) | Q(shared_with=pledge.book_id))
    _rebuild(together)
    _record(Standing.objects.filter(pledge__in=[each.pk for each in together]), today=today, report=report)


def _record(standings: StandingQuerySet, *, today: date, report: ProgressReport | None = None) -> int:
    """Insert a light change wherever today's light is not the last one recorded. One statement."""
    last = LightChange.objects.filter(pledge=OuterRef("pledge")).order_by("-id").values("light")[:1]
    recorded = Coalesce(Subquery(last), Value(""))
    changed = standings.on(today).annotate(last=recorded).exclude(last=F("light")).order_by("pledge_id")
    said: dict[str, Combinable] = {
        "pledge_id": F("pledge_id"),
        "day": Value(today),
        "was": F("last"),
        "light": F("light"),
        "reason": F("reason"),
        "report_id": Value(report.pk if report else None, output_field=BigIntegerField()),
        "created_at": Value(timezone.now()),
    }
    table = LightChange._meta.db_table  # noqa: SLF001  Django's documented door to a model
    rows, values = changed.values_list(*said.values()).query.sql_with_params()
    with connection.cursor() as cursor:
        # The rows are as many as the day turns; they need not travel here and back.
        cursor.execute(f"INSERT INTO {table} ({', '.join(said)}) {rows}", values)
        return cursor.rowcount


def record_light_changes(*, today: date) -> int:
    """Record the lights that time alone has changed since this was last done. Safe beside any number of others.

    Only standings that begin after the last recorded day can differ, so the work grows with the lights
    that change and not with the plan. Batch by batch: what was written before an interruption stays, and
    whoever goes on afterwards finds it there.
    """
    now = timezone.now()
    beat, _made = Heartbeat.objects.get_or_create(duty="lights", defaults={"beat_at": now, "day": date.min})
    changed = 0
    if beat.day < today:
        begun = Standing.objects.filter(since__gt=beat.day, since__lte=today).order_by().distinct()
        # Keys only, and all of them at once: SQLite cannot write below a reader of its own that is still open.
        ids = list(begun.values_list("pledge_id", flat=True))
        changed = sum(_record_batch(batch, today=today) for batch in in_batches(ids, MOST_RECORDED))
    Heartbeat.objects.filter(pk=beat.pk, day__lt=today).update(day=today)
    Heartbeat.objects.filter(pk=beat.pk).update(beat_at=now)
    return changed


@transaction.atomic
def _record_batch(pledges: list[int], *, today: date) -> int:
    # Of two at once the second waits here, and then finds what the first has written.
    Heartbeat.objects.select_for_update().get(duty="lights")
    return _record(Standing.objects.filter(pledge__in=pledges), today=today)
