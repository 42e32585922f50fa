"""A new day: only what can change is touched. Against the same end by hand: compute all, write what differs."""

from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from bench.kit import Bench, Figure, fetched, settle, statements, timed
from pledges.actions.standings import record_light_changes
from pledges.models import Heartbeat, LightChange, Standing

MOST = 0.2
DAYS = {"an ordinary day": date(2026, 7, 15), "the day after a month's end": date(2026, 7, 1)}
"""Few lights turn on the one; on the other, when most deadlines are just over, most do."""

YESTERDAY = """
    INSERT INTO pledges_lightchange (pledge_id, day, was, light, reason, created_at)
    SELECT s.pledge_id, %s, '', s.light, s.reason, %s FROM pledges_standing s JOIN pledges_pledge p ON p.id = s.pledge_id
    WHERE p.campaign_id = %s AND s.since <= %s AND s.until >= %s
"""
ALL = """
    INSERT INTO pledges_lightchange (pledge_id, day, was, light, reason, created_at)
    SELECT s.pledge_id, %s, COALESCE(l.light, ''), s.light, s.reason, %s FROM pledges_standing s
    LEFT JOIN (SELECT pledge_id, MAX(id) AS id FROM pledges_lightchange GROUP BY pledge_id) n ON n.pledge_id = s.pledge_id
    LEFT JOIN pledges_lightchange l ON l.id = n.id
    WHERE s.since <= %s AND s.until >= %s AND COALESCE(l.light, '') <> s.light
"""


def measure(bench: Bench) -> None:
    for words, today in DAYS.items():
        _measured(bench, words, today)


def _measured(bench: Bench, words: str, today: date) -> None:
    before, now = today - timedelta(days=1), timezone.now()
    fetched("DELETE FROM pledges_lightchange")
    fetched(YESTERDAY, [before, now, bench.campaign.pk, before, before])
    settle()
    newest = LightChange.objects.order_by("-pk").values_list("pk", flat=True)[0]
    every, touched, differ = [], [], set[int]()
    for _round in range(max(bench.rounds // 3, 1)):
        every.append(timed(lambda: fetched(ALL, [today, now, today, today]), clock=bench.clock))
        by_hand = _undone(newest)
        _at(before)
        touched.append(timed(lambda: record_light_changes(today=today), clock=bench.clock))
        turned = _undone(newest)
        differ.add(abs(turned - by_hand))
    _at(before)
    queries = len(statements(lambda: record_light_changes(today=today)))
    begun = Standing.objects.filter(since=today).count()
    remark = f"{begun:,} standings begin, {turned:,} are another light"
    bench.add(Figure(words, min(touched), floor=min(every), most=MOST, queries=queries, remark=remark))
    bench.add(Figure(f"{words}: lights turned beside those by hand", max(differ), "rows", most=0))
    bench.add(Figure(f"{words}: the same day again", timed(lambda: record_light_changes(today=today))))


def _at(day: date) -> None:
    beat = {"beat_at": timezone.now(), "day": day}
    Heartbeat.objects.update_or_create(duty="lights", defaults=beat)


def _undone(newest: int) -> int:
    """Take back what was written after a key; how many rows that were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pledges_lightchange WHERE id > %s", [newest])
        return cursor.rowcount
