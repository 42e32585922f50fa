"""Accepting a report: how many statements, how long, and with a hundred at once in one department.

A hundred people do not press at the same instant: they come at random over a time in which one alone would be
done half of the time. What they wait for each other is the difference to one alone. All at once is told, too.
"""

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random
from statistics import median
from threading import Thread
from uuid import UUID

from django.db import OperationalError, connection
from django.utils import timezone

from bench.kit import Bench, Figure, fetched, late, statements, timed
from pledges.actions.reports import accept_report
from pledges.choices import ReportState, Role
from pledges.models import Pledge, ProgressReport, User

STATEMENTS = 12
CROWD = 100
QUEUE = 5
ASIDE = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
FAMILY = UUID("77a8cd2e-2e0e-4f5d-9a3e-000000000000")


def measure(bench: Bench) -> None:
    reviewer = bench.person("reviewer-on-duty", Role.REVIEWER)
    number = 3 if bench.is_tiny else CROWD
    waiting = iter(_waiting(bench, 2 * number + bench.rounds + 2))
    today = date(2026, 11, 20)
    # Whoever presses has been asked who they are: the door has read their roles.
    reviewer.is_city_wide  # noqa: B018
    said = statements(lambda: accept_report(next(waiting), reviewer=reviewer, today=today))
    counted = [sql for sql in said if not sql.startswith(ASIDE)]
    alone = [
        timed(lambda: accept_report(next(waiting), reviewer=reviewer, today=today))
        for _ in range(bench.rounds + 1)
    ]
    one = median(alone[1:])
    floor = median(timed(lambda: _bare(bench)) for _ in range(bench.rounds + 1))
    bench.add(
        Figure("accepting, one alone", one, floor=floor, queries=len(counted), remark="floor: one UPDATE")
    )
    bench.add(Figure("statements", len(counted), "statements", most=STATEMENTS))
    for words, span in (("in turn at random", 2 * number * one / 1000), ("all at the same instant", 0.0)):
        reports = [next(waiting) for _ in range(number)]
        times = list(_crowd(reports, reviewer, today, span))
        most = QUEUE if span else None
        bench.add(Figure(f"{number} at once, {words}: p95", late(times), floor=one, most=most))
        refused = number - len(times)
        bench.add(Figure(f"{number} at once, {words}: refused in the end", refused, "reports", most=0))


def _bare(bench: Bench) -> None:
    """What a row changed in a transaction costs."""
    fetched("UPDATE pledges_pledge SET remark = '' WHERE id = %s", [bench.pledges()[0].pk])


def _waiting(bench: Bench, number: int) -> list[ProgressReport]:
    """New reports of as many pledges, all of one department."""
    department, author = bench.department(), bench.person("clerk", Role.REPORTER, bench.department())
    chosen = list(bench.pledges()[:number])
    Pledge.objects.filter(pk__in=[pledge.pk for pledge in chosen]).update(department=department)
    ProgressReport.objects.filter(pledge__in=chosen, state=ReportState.SUBMITTED).update(
        state=ReportState.WITHDRAWN
    )
    offset = ProgressReport.objects.filter(author=author).count()
    rows = [
        ProgressReport(
            pledge_id=pledge.pk,
            as_of=date(2026, 11, 19),
            value=Decimal(1),
            typed_value=Decimal(1),
            key=UUID(int=FAMILY.int + offset + place),
            author=author,
            submitted_at=timezone.now(),
        )
        for place, pledge in enumerate(chosen)
    ]
    ProgressReport.objects.bulk_create(rows)
    return list(ProgressReport.objects.filter(key__in=[row.key for row in rows]).select_related("pledge"))


def _crowd(reports: list[ProgressReport], reviewer: User, today: date, span: float) -> Iterator[float]:
    """Everybody on a thread and a connection of their own; how long each had to wait."""
    dice, times = Random(1), list[float]()

    def act(report: ProgressReport, after: float) -> None:
        try:
            connection.ensure_connection()
            time.sleep(after)
            times.append(timed(lambda: accept_report(report, reviewer=reviewer, today=today)))
        except OperationalError:
            pass  # it waited for longer than the database lets it; told as refused
        finally:
            connection.close()

    threads = [Thread(target=act, args=(report, dice.uniform(0, span))) for report in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return iter(times)
