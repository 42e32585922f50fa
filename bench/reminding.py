"""Planning the reminders of a day: first pass, and the same again, against raw INSERT … SELECT of the same rows.

The floor knows already what is to be told: it copies the planned rows. So it leaves out all judging.
"""

from datetime import date

from django.db import connection

from bench.kit import Bench, Figure, fetched, statements, timed
from pledges.actions.reminders import DUTY, plan_reminders
from pledges.choices import Role
from pledges.models import Department, Heartbeat, Membership, Reminder, User

FIRST = {"postgresql": 2, "sqlite": 3}
REPEAT = 2
COPY = "INSERT INTO pledges_reminder SELECT * FROM planned"
AGAIN = {"postgresql": f"{COPY} ON CONFLICT DO NOTHING", "sqlite": COPY.replace("INSERT", "INSERT OR IGNORE")}


def measure(bench: Bench) -> None:
    today = date(2026, 6, 29)
    _reporters(bench)
    with bench.as_rehearsal():
        _measured(bench, today)


def _measured(bench: Bench, today: date) -> None:
    fetched("DELETE FROM pledges_reminder")
    Heartbeat.objects.filter(duty=DUTY).delete()
    first = timed(lambda: plan_reminders(today=today))
    number = Reminder.objects.count()
    Heartbeat.objects.filter(duty=DUTY).update(day=date.min)
    again = timed(lambda: plan_reminders(today=today))
    added = Reminder.objects.count() - number
    fetched("CREATE TEMPORARY TABLE planned AS SELECT * FROM pledges_reminder")
    fetched("DELETE FROM pledges_reminder")
    raw = timed(lambda: fetched(COPY))
    raw_again = timed(lambda: fetched(AGAIN[connection.vendor]))
    fetched("DROP TABLE planned")
    Heartbeat.objects.filter(duty=DUTY).update(day=date.min)
    queries = len(statements(lambda: plan_reminders(today=today)))
    bench.add(Figure("reminders planned", number, "rows"))
    bench.add(Figure("first pass", first, floor=raw, most=FIRST[connection.vendor], queries=queries))
    bench.add(Figure("the same again", again, floor=raw_again, most=REPEAT))
    bench.add(Figure("rows added by the second pass", added, "rows", most=0))


def _reporters(bench: Bench) -> None:
    """One person in each department who is told."""
    wanted = Department.objects.filter(pledges__campaign=bench.campaign).distinct()
    people = [
        User(username=f"synthetic-clerk-{each.pk}", name=each.name, email=f"{each.pk}@example.gov.cn")
        for each in wanted
    ]
    User.objects.bulk_create(people, ignore_conflicts=True)
    found = dict(User.objects.filter(username__startswith="synthetic-clerk-").values_list("username", "pk"))
    rows = [
        Membership(user_id=found[f"synthetic-clerk-{each.pk}"], role=Role.REPORTER, department=each)
        for each in wanted
    ]
    Membership.objects.bulk_create(rows, ignore_conflicts=True)
