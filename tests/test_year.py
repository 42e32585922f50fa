"""The whole year 2022 played day by day, against a calculation that knows nothing of ours.

What every person must be told, on which day and of which step, is worked out here once more from the
printed deadlines and the holidays as announced; the letters that were sent must be exactly these.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from chinese_calendar import is_workday
from django.core import mail
from django.utils import timezone

from pledges.actions.letters import gather_letters
from pledges.actions.orders import load_orders
from pledges.actions.post import send_letters
from pledges.actions.reminders import plan_reminders
from pledges.actions.standings import rebuild_standings, record_light_changes
from pledges.choices import LetterKind, LetterState, Occasion, ReminderState, ReportState, Role
from pledges.models import Department, Letter, Pledge, ProgressReport, Reminder
from pledges.queries.facts import trajectory_of
from tests.cast import person

pytestmark = [
    # A transaction a statement, as in life: a year of updates in one is a year of dead rows to PostgreSQL.
    pytest.mark.django_db(transaction=True),
    pytest.mark.static,  # two minutes of rules; what the databases do differently is in tests/faults
]

DAY = timedelta(days=1)
FIRST, LAST = date(2022, 1, 1), date(2023, 1, 31)
LEADS = (30, 14, 7, 3, 1, 0)
HEAD_AFTER, LEADERS_AFTER = 3, 10
SAYS_BEFORE = 10
"""Who reports or finishes does so this many days before the last deadline."""

SILENT, FINISHES, REPORTS = "silent", "finishes", "reports"
WORKDAYS = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1) if is_workday(FIRST + n * DAY)]


def last_workday(day):
    while not is_workday(day):
        day -= DAY
    return day


def fate(pledge):
    """By turns nobody says anything, the promise is kept early, or a report waits for a reviewer for ever."""
    found = (SILENT, FINISHES, REPORTS)[pledge.pk % 3]
    return SILENT if found == FINISHES and trajectory_of(pledge).is_ceiling else found


def says_on(pledge):
    """The day from which on nothing more is to be told about a pledge."""
    if fate(pledge) == SILENT:
        return date.max
    return max(stone.due for stone in pledge.milestones.all()) - SAYS_BEFORE * DAY


def notices(stone):
    """The letters before a deadline: the day and the number of days ahead; two of one day are the nearer."""
    days = {}
    for lead in sorted(LEADS, reverse=True):
        days[max(last_workday(stone.due - lead * DAY), WORKDAYS[0])] = lead
    return days


def closes(pledge):
    """The days by which regular figures are due: the 25th of every month, where a straight line is drawn."""
    if not trajectory_of(pledge).has_line(4):
        return []
    return [date(2022, month, 25) for month in range(1, 13)]


def first_missed(pledge):
    """The deadline about which a silent pledge is overdue, and the last day on which it was not."""
    stone = min(pledge.milestones.all(), key=lambda stone: stone.due)
    grace = pledge.campaign.statistics_lag_days if pledge.statistic else 0
    return stone, stone.due + grace * DAY


def lines_ahead(pledge):
    """The notices of every deadline, and the regular reports until something is overdue."""
    for stone in pledge.milestones.all():
        yield from ((day, Occasion.AHEAD, stone.due, lead) for day, lead in notices(stone).items())
    _stone, over = first_missed(pledge)
    for close in closes(pledge):
        days = {last_workday(close - lead * DAY): lead for lead in (3, 0)}
        yield from ((day, Occasion.CYCLE, close, lead) for day, lead in days.items() if day <= over)


def lines_late(pledge, ends):
    """A line every working day, one to the head on the third, the leader's on the weeks' first from the tenth."""
    stone, over = first_missed(pledge)
    for number, day in enumerate((day for day in WORKDAYS if over < day < ends), start=1):
        yield Role.REPORTER, (day, Occasion.OVERDUE, stone.due, None)
        if number == HEAD_AFTER:
            yield Role.HEAD, (day, Occasion.ESCALATED, stone.due, None)
        begins_week = not any(is_workday(day - n * DAY) for n in range(1, day.weekday() + 1))
        if begins_week and number >= LEADERS_AFTER:
            yield Role.LEADER, (day, Occasion.DIGEST, stone.due, None)


def expected_of(pledge):
    """Every line that must be told about a pledge: the role, then day, occasion, deadline, days ahead."""
    ends = says_on(pledge)
    yield from ((Role.REPORTER, line) for line in lines_ahead(pledge) if line[0] < ends)
    if not pledge.stretch:  # a stretch goal that is missed is no failure
        yield from lines_late(pledge, ends)


@pytest.fixture
def people(db):
    """A reporter and a head for every department, one leader for the city."""
    load_orders(2022)
    found = {None: person("leader", "市长", Role.LEADER)}
    for department in Department.objects.all():
        found[department.pk, Role.REPORTER] = person(
            f"r-{department.code}", "填报员", Role.REPORTER, department
        )
        found[department.pk, Role.HEAD] = person(f"h-{department.code}", "负责人", Role.HEAD, department)
    return found


def moment(day, at=time(9)):
    return timezone.make_aware(datetime.combine(day, at))


def say(pledge, reviewer, author):
    """What the fate of a pledge has its reporter say, as if on that day."""
    day = says_on(pledge)
    value = trajectory_of(pledge).finish.value + (1 if pledge.strict else 0)
    decided = {"state": ReportState.ACCEPTED, "reviewer": reviewer, "reviewed_at": moment(day, time(8))}
    ProgressReport.objects.create(
        pledge=pledge,
        as_of=day,
        value=value,
        typed_value=value,
        author=author,
        key=uuid4(),
        submitted_at=moment(day, time(7)),
        **(decided if fate(pledge) == FINISHES else {}),
    )
    rebuild_standings([pledge])


def play(pledges, people, reviewer):
    """A minute of every day at nine in the morning, days of rest included."""
    says = {}
    for pledge in pledges:
        says.setdefault(says_on(pledge), []).append(pledge)
    day = FIRST
    while day <= LAST:
        for pledge in says.get(day, []):
            say(pledge, reviewer, people[pledge.department_id, Role.REPORTER])
        now = moment(day)
        record_light_changes(today=day)
        plan_reminders(today=day)
        gather_letters(now=now)
        send_letters(clock=lambda now=now: now)
        day += DAY


@pytest.fixture
def played(people, chen):
    """Every pledge of the 2022 orders of which nothing was printed later, and the letters of its year."""
    found = Pledge.objects.filter(campaign__code="wujin-2022", reports__isnull=True, shared_with__isnull=True)
    alone = found.filter(shares__isnull=True).select_related("campaign").prefetch_related("milestones")
    pledges = list(alone)
    play(pledges, people, chen)
    return pledges


def who(people, pledge, role):
    return people[None] if role == Role.LEADER else people[pledge.department_id, role]


def test_every_line_of_the_year_is_told_once_and_on_its_day(played, people):
    expected = Counter(
        (who(people, pledge, role).username, day, occasion, pledge.number, due, lead)
        for pledge in played
        for role, (day, occasion, due, lead) in expected_of(pledge)
    )
    told = Reminder.objects.filter(state=ReminderState.TOLD, pledge__in=played)
    fields = ("recipient__username", "letter__day", "occasion", "pledge__number", "due", "step")

    assert Counter(told.values_list(*fields)) == expected
    assert {occasion for _person, _day, occasion, *_rest in expected} == set(
        Occasion
    ) - Occasion.events - Occasion.of_directives
    assert (len(played), expected.total() > 5_000) == (164, True)

    # Nobody got two letters on a day, none on a day of rest; nothing waits, nothing was lost on the way.
    letters = list(Letter.objects.values_list("recipient", "day", "kind", "state"))
    assert {(kind, state) for *_who, kind, state in letters} == {(LetterKind.DAILY, LetterState.SENT)}
    assert len({(person, day) for person, day, *_rest in letters}) == len(letters) == len(mail.outbox)
    assert [day for _person, day, *_rest in letters if not is_workday(day)] == []
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == len(letters)
    assert not Reminder.objects.waiting().exists()
