"""Who was told what, when, why and with what result: the letters of a campaign, its reminders, one pledge's."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.timezone import localdate

from pledges.choices import LetterState, Light, Occasion, ReminderState, Role
from pledges.models import Campaign, Letter, Membership, Milestone, Pledge, Reminder, User
from pledges.models.outbox import LetterQuerySet, ReminderQuerySet
from pledges.queries.board import with_light
from pledges.queries.health import LETTER_TOO_OLD
from pledges.queries.letters import ORDER
from pledges.queries.nudges import takes_reports
from pledges.queries.workdays import unannounced_year
from pledges.rules.workdays import Calendar

MOST_TROUBLES = 10
"""So many letters in trouble stand on top; the others are one click away."""

MOST_TOLD = 200
"""So many reminders of one pledge stand on its page."""

FORESIGHT = timedelta(days=366)
UNTOLD_STATES = (ReminderState.SKIPPED, ReminderState.DROPPED)
PERMANENT = 500


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter in the ledger of a campaign. `counts`: its lines about this campaign, by occasion."""

    letter: Letter
    counts: list[tuple[Occasion, int]]
    trouble: str

    @property
    def may_retry(self) -> bool:
        return self.letter.state in LetterState.troubled

    @property
    def may_cancel(self) -> bool:
        """What has expired has nothing left to cancel: its lines are in the next letter."""
        return self.letter.state in {LetterState.QUEUED, LetterState.FAILED, LetterState.HELD}


@dataclass(frozen=True, slots=True)
class Gap:
    """A department with open pledges and nobody to tell."""

    code: str
    name: str
    pledges: int


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody who should get letters, by the posts they hold, and has no address that works."""

    person: User
    posts: list[Membership] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Warnings:
    """What keeps letters from their readers, before anything else on the page."""

    letters: list[LetterRow] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    people: list[Unreachable] = field(default_factory=list)
    years: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many stand behind each tab."""

    letters: int
    troubled: int
    waiting: int
    untold: int


def letters_seen_by(user: User, *, everybody: bool) -> LetterQuerySet:
    """The letters a person may open: `everybody` for the city's offices, one's own for all others."""
    found = Letter.objects.select_related("recipient", "handled_by")
    return found if everybody else found.filter(recipient=user)


def reminders_of(campaign: Campaign) -> ReminderQuerySet:
    """Every reminder about a campaign, the newest first."""
    related = ("pledge__department", "recipient", "on_behalf_of", "letter", "nudge__by")
    return Reminder.objects.filter(campaign=campaign).select_related(*related).order_by("-letter_on", "-pk")


def letters_of(campaign: Campaign) -> LetterQuerySet:
    """The letters that tell something about a campaign, the newest first.

    An expired letter has handed its lines on; it stays where its reader was told something by its day.
    """
    told = Reminder.objects.filter(recipient=OuterRef("recipient"), campaign=campaign)
    is_empty = ~Exists(Reminder.objects.filter(letter=OuterRef("pk")))
    handed_on = Q(state=LetterState.EXPIRED) & is_empty & Exists(told.filter(letter_on__lte=OuterRef("day")))
    own = Exists(Reminder.objects.filter(letter=OuterRef("pk"), campaign=campaign))
    found = Letter.objects.filter(own | handed_on).select_related("recipient", "handled_by")
    return found.order_by("-day", "-pk")


def is_troubled(now: datetime) -> Q:
    """Letters that somebody must look at: stopped for good, late, or possibly sent twice today.

    An expired letter is no trouble any more once a later one has reached the same person.
    """
    later = Letter.objects.filter(
        recipient=OuterRef("recipient"), state=LetterState.SENT, day__gt=OuterRef("day")
    )
    return (
        Q(state__in=[LetterState.FAILED, LetterState.HELD])
        | Q(state=LetterState.EXPIRED, handled_by__isnull=True) & ~Exists(later)
        | Q(state__in=LetterState.open, due_at__lte=now - LETTER_TOO_OLD)
        | Q(ambiguous__gt=0, day=localdate(now))
    )


def trouble_of(letter: Letter, now: datetime) -> str:
    """What is wrong with a letter, in one word that the page turns into a sentence; empty where nothing is."""
    if letter.state == LetterState.FAILED:
        return _why_failed(letter)
    if letter.state in {LetterState.HELD, LetterState.EXPIRED}:
        return letter.state
    if letter.ambiguous and letter.day == localdate(now):
        return "unclear"
    is_late = letter.state in LetterState.open and letter.due_at <= now - LETTER_TOO_OLD
    return "late" if is_late else ""


def _why_failed(letter: Letter) -> str:
    person = letter.recipient
    if not person.email:
        return "no_address"
    if person.email == person.refused_email or (letter.smtp_code or 0) >= PERMANENT:
        return "refused"
    return "failed"


def rows_of(letters: Iterable[Letter], campaign: Campaign, *, now: datetime) -> list[LetterRow]:
    """Letters with their lines counted and their readers' posts at hand. Two queries."""
    letters = list(letters)
    posts = Prefetch("recipient__memberships", Membership.objects.select_related("department"))
    prefetch_related_objects(letters, posts)
    counts: dict[int | None, dict[str, int]] = defaultdict(dict)
    lines = Reminder.objects.filter(letter__in=letters, campaign=campaign).order_by()
    for letter, occasion, number in lines.values_list("letter", "occasion").annotate(number=Count("pk")):
        counts[letter][occasion] = number
    return [
        LetterRow(
            letter,
            [(occasion, counts[letter.pk][occasion]) for occasion in ORDER if occasion in counts[letter.pk]],
            trouble_of(letter, now),
        )
        for letter in letters
    ]


def worst_of(campaign: Campaign, *, now: datetime) -> list[Letter]:
    """The newest letters in trouble. One query."""
    return list(letters_of(campaign).filter(is_troubled(now))[:MOST_TROUBLES])


def totals_of(campaign: Campaign, *, now: datetime) -> Totals:
    """The numbers behind the tabs. Two queries."""
    troubled = Count("pk", filter=is_troubled(now))
    letters = letters_of(campaign).order_by().aggregate(letters=Count("pk"), troubled=troubled)
    lines = Reminder.objects.filter(campaign=campaign).aggregate(
        waiting=Count("pk", filter=Q(state=ReminderState.WAITING)),
        untold=Count("pk", filter=Q(state__in=UNTOLD_STATES)),
    )
    return Totals(**letters, **lines)


def warnings_of(campaign: Campaign, letters: list[LetterRow], calendar: Calendar, *, day: date) -> Warnings:
    """Everything in trouble, whatever its kind, beside the letters. Three queries."""
    if not takes_reports(campaign, day=day):
        return Warnings(letters)
    years = _unknown_years(campaign, calendar, day)
    return Warnings(letters, _gaps(campaign, day), _unreachable(campaign), years)


def _gaps(campaign: Campaign, day: date) -> list[Gap]:
    """Departments whose open pledges concern nobody who gets letters. One query."""
    told = Membership.objects.filter(
        role=Role.REPORTER, is_reminded=True, user__is_active=True, department=OuterRef("department")
    )
    lit = with_light(Pledge.objects.filter(campaign=campaign), day=day)
    found = lit.exclude(light=Light.DONE).filter(~Exists(told)).order_by("department__order")
    rows = found.values_list("department__code", "department__name").annotate(pledges=Count("pk"))
    return [Gap(*row) for row in rows]


def _unreachable(campaign: Campaign) -> list[Unreachable]:
    """People who should get letters and have no address, or one that is refused. One query."""
    departments = Pledge.objects.filter(campaign=campaign).order_by().values("department")
    posts = Membership.objects.filter(
        Q(department__in=departments) | Q(role=Role.LEADER),
        Q(user__email="") | Q(user__refused_email=F("user__email")),
        is_reminded=True,
        user__is_active=True,
    )
    found = dict[int, Unreachable]()
    for post in posts.select_related("user", "department").order_by("user__name", "user", "pk"):
        found.setdefault(post.user_id, Unreachable(post.user)).posts.append(post)
    return list(found.values())


def _unknown_years(campaign: Campaign, calendar: Calendar, day: date) -> list[int]:
    """The years of the next deadlines whose holidays nobody has entered. One query."""
    stones = Milestone.objects.filter(pledge__campaign=campaign, due__gte=day, due__lte=day + FORESIGHT)
    firsts = stones.order_by("due").dates("due", "year")
    return [year for first in firsts if (year := unannounced_year(first, calendar))]


def told_about(pledge: Pledge, *, until: date) -> QuerySet[Reminder]:
    """What anybody was told about a pledge by a day, the newest first. Whoever sees the pledge sees it. One query."""
    found = Reminder.objects.filter(pledge=pledge, letter_on__lte=until)
    related = ("recipient", "on_behalf_of", "letter", "nudge__by")
    return found.select_related(*related).order_by("-letter_on", "-pk")[:MOST_TOLD]


def lines_of(letter: Letter) -> list[Reminder]:
    """Everything a letter was to tell, in its order. One query."""
    found = Reminder.objects.filter(letter=letter).select_related(
        "pledge__department", "campaign", "on_behalf_of", "nudge__by", "recipient", "letter"
    )
    return sorted(
        found, key=lambda line: (ORDER.index(Occasion(line.occasion)), line.due or date.max, line.label)
    )
