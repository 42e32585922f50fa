"""Planning the reminders of a day: first pass, and the same again after a change, against INSERT … SELECT by hand.

By hand means: one statement that finds from the tables what is due and unmet, to whom it is told, and inserts the same rows.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from bench.kit import Bench, Figure, fetched, settle, statements, timed
from pledges.actions.reminders import DUTY, plan_reminders
from pledges.choices import Role
from pledges.models import Campaign, Department, Heartbeat, Membership, Reminder, User
from pledges.queries.reminders import ladder_of
from pledges.queries.workdays import office_calendar
from pledges.rules.reminders import farthest_due, steps_by

FIRST = {"postgresql": 2, "sqlite": 3}
REPEAT = 2
TODAY = date(2026, 6, 29)
"""A Monday, the day before most deadlines of the first half of the year: reporters and leaders are told."""

BY_HAND = """
WITH steps (due, step, letter_on, state) AS (VALUES {steps}),
asked AS MATERIALIZED (
    SELECT p.id, p.number || ' ' || p.title AS label, p.department_id AS place, p.direction, p.strict, t.reason,
        COALESCE(p.shared_with_id, p.id) AS book
    FROM pledges_pledge p JOIN pledges_standing t ON t.pledge_id = p.id
    WHERE p.campaign_id = {campaign} AND t.since <= {day} AND t.until >= {day} AND t.light <> 'done'
    AND (t.reason = 'missed' OR p.id IN (SELECT pledge_id FROM pledges_milestone WHERE due BETWEEN {day} AND {last}))
),
known AS MATERIALIZED (
    SELECT a.*, (
        SELECT n.value FROM pledges_progressreport n
        WHERE n.pledge_id = a.book AND n.state = 'accepted' AND n.as_of <= {day} AND n.id NOT IN (
            SELECT corrects_id FROM pledges_progressreport WHERE corrects_id IS NOT NULL AND state = 'accepted')
        ORDER BY n.as_of DESC, n.id DESC LIMIT 1) AS value
    FROM asked a WHERE NOT EXISTS (
        SELECT 1 FROM pledges_progressreport w WHERE w.pledge_id = a.book AND w.submitted_at < {end}
        AND (w.state = 'submitted' OR (w.state <> 'withdrawn' AND w.reviewed_at >= {end})) AND NOT EXISTS (
            SELECT 1 FROM pledges_progressreport l
            WHERE l.pledge_id = w.pledge_id AND l.id > w.id AND l.state <> 'withdrawn' AND l.submitted_at < {end}))
),
unmet AS MATERIALIZED (
    SELECT k.id, k.label, k.place, k.reason, m.due FROM known k JOIN pledges_milestone m ON m.pledge_id = k.id
    WHERE k.value IS NULL OR (k.strict AND k.value = COALESCE(m.target, 1)) OR CASE k.direction
        WHEN 'at_least' THEN k.value < COALESCE(m.target, 1) ELSE k.value > COALESCE(m.target, 1) END
),
missed AS MATERIALIZED (
    SELECT id, label, place, MIN(due) AS due FROM unmet WHERE reason = 'missed' AND due < {day} GROUP BY id, label, place
),
told AS (
    SELECT 'ahead' AS occasion, CAST(s.step AS text) AS mark, s.step, s.letter_on, s.state, u.id, u.label, u.due, b.user_id
    FROM unmet u JOIN steps s ON s.due = u.due
    JOIN pledges_membership b ON b.department_id = u.place AND b.role = 'reporter' AND b.is_reminded
    UNION ALL SELECT 'overdue', '{today}', NULL, {day}, 'waiting', o.id, o.label, o.due, b.user_id
    FROM missed o JOIN pledges_membership b ON b.department_id = o.place AND b.role = 'reporter' AND b.is_reminded
    UNION ALL SELECT 'digest', '{today}', NULL, {day}, 'waiting', o.id, o.label, o.due, b.user_id
    FROM missed o JOIN pledges_membership b ON b.role = 'leader' AND b.is_reminded WHERE o.due <= {leaders}
)
INSERT INTO pledges_reminder (key, occasion, step, label, due, letter_on, state, dropped, created_at,
    campaign_id, milestone_id, pledge_id, recipient_id)
SELECT t.occasion || '|p' || t.id || '|' || t.mark || '|' || t.due || '|' || t.user_id, t.occasion, t.step, t.label,
    t.due, t.letter_on, t.state, '', CURRENT_TIMESTAMP, {campaign}, m.id, t.id, t.user_id
FROM told t JOIN pledges_milestone m ON m.pledge_id = t.id AND m.due = t.due WHERE true ON CONFLICT DO NOTHING
"""


def measure(bench: Bench) -> None:
    _reporters(bench)
    if connection.vendor == "postgresql":
        fetched("SET jit = off")  # it costs more than any statement here takes
    with bench.as_rehearsal():
        _measured(bench)


def _measured(bench: Bench) -> None:
    hand = _by_hand(bench.campaign)
    first, raw, again, raw_again = [], [], [], []
    for _round in range(max(bench.rounds // 3, 1)):
        _empty()
        raw.append(timed(lambda: fetched(hand), clock=bench.clock))
        raw_again.append(timed(lambda: fetched(hand), clock=bench.clock))
        by_hand = _planned()
        _empty()
        first.append(timed(_plan, clock=bench.clock))
        planned = _planned()
        again.append(timed(_plan, clock=bench.clock))
    added = Reminder.objects.count() - len(planned)
    bench.add(Figure("reminders planned", len(planned), "rows"))
    bench.add(Figure("rows that differ from those by hand", len(planned ^ by_hand), "rows", most=0))
    most = FIRST[connection.vendor]
    bench.add(Figure("first pass", min(first), floor=min(raw), most=most, queries=len(statements(_plan))))
    bench.add(Figure("again after a change", min(again), floor=min(raw_again), most=REPEAT))
    bench.add(Figure("rows added by the second pass", added, "rows", most=0))
    tick = timed(lambda: plan_reminders(today=TODAY), clock=bench.clock)
    bench.add(Figure("the next tick, nothing changed", tick, floor=min(raw_again), most=REPEAT))


def _plan() -> None:
    """As after a change in the plan: all is asked again."""
    Heartbeat.objects.filter(duty=DUTY).update(day=date.min)
    plan_reminders(today=TODAY)


def _empty() -> None:
    fetched("DELETE FROM pledges_reminder")
    settle()


def _planned() -> set[tuple]:
    return set(Reminder.objects.values_list("key", "state", "letter_on", "milestone", "label", "due"))


def _by_hand(campaign: Campaign) -> str:
    """The calendar and the ladder worked out; what is due, unmet and told to whom is left to the database."""
    calendar, after = office_calendar(), campaign.leaders_after_days or 0
    last = farthest_due(TODAY, ladder_of(campaign).lead_days, calendar)
    back = (TODAY - timedelta(days=days) for days in range(1, 60))
    leaders = next(day for day in back if calendar.nth_after(day, after) <= TODAY)
    end = "2026-06-29 16:00:00" + ("+00" if connection.vendor == "postgresql" else "")
    days = {
        "day": _date(TODAY),
        "last": _date(last),
        "leaders": _date(leaders),
        "today": TODAY,
        "end": f"'{end}'",
    }
    return BY_HAND.format(campaign=campaign.pk, steps=", ".join(_steps(campaign, last)), **days)


def _steps(campaign: Campaign, last: date) -> Iterator[str]:
    calendar, leads = office_calendar(), ladder_of(campaign).lead_days
    for ahead in range((last - TODAY).days + 1):
        due = TODAY + timedelta(days=ahead)
        steps = steps_by(due, leads, TODAY, calendar, opens=campaign.starts_on)
        for step in steps:
            state = "waiting" if step == steps[-1] else "skipped"
            yield f"({_date(due)}, {step.days_ahead}, {_date(step.letter_on)}, '{state}')"


def _date(day: date) -> str:
    return f"DATE '{day}'" if connection.vendor == "postgresql" else f"'{day}'"


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
