"""What a calendar program may read under a private address, and which addresses a person has."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db.models import QuerySet

from pledges.choices import Light, Outcome
from pledges.models import CalendarFeed, Department, Letter, Milestone, Pledge, User
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import for_judging
from pledges.queries.duties import taking_reports
from pledges.queries.facts import Line, entries_of, judged
from pledges.rules.facts import Reading, readings_of
from pledges.rules.timeline import outcome_of

MOST_DEADLINES = 500
"""So many deadlines are told at most: a county has 200, a province 200,000, and programs ask every hour."""

SHOWN_LETTERS = 30


@dataclass(frozen=True, slots=True)
class Deadline:
    """One milestone with what became of it, and the judgement of its pledge."""

    milestone: Milestone
    line: Line
    outcome: Outcome

    @property
    def is_met(self) -> bool:
        return self.outcome in {Outcome.ON_TIME, Outcome.LATE}

    @property
    def light(self) -> Light:
        """The light of the pledge; what is reached is done, whatever comes after it."""
        return Light.DONE if self.is_met else self.line.verdict.light


@dataclass(frozen=True, slots=True)
class FeedRow:
    """An open feed of a person. It is no longer answered where the person lost sight of the department."""

    feed: CalendarFeed
    is_answered: bool


def fingerprint(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a plain hash cannot be guessed back."""
    return sha256(token.encode()).hexdigest()


def departments_seen(user: User) -> QuerySet[Department]:
    """The departments of which a person may see pledges."""
    return Department.objects.filter(pk__in=Pledge.objects.visible_to(user).order_by().values("department"))


def feed_of(token: str) -> CalendarFeed | None:
    """The feed that answers to a token: not revoked, its owner active and still in sight of the department."""
    feeds = CalendarFeed.objects.filter(revoked_at__isnull=True, owner__is_active=True)
    feed = feeds.select_related("owner", "department").filter(token_hash=fingerprint(token)).first()
    if feed is None or feed.department_id is None:
        return feed
    return feed if departments_seen(feed.owner).filter(pk=feed.department_id).exists() else None


def pledges_in(feed: CalendarFeed, *, day: date) -> PledgeQuerySet:
    """What the owner may see today, in the campaigns that take figures; each promise once."""
    seen = Pledge.objects.visible_to(feed.owner).filter(campaign__in=taking_reports(day))
    if feed.department_id is not None:
        seen = seen.filter(department=feed.department_id)
    return seen.counted()


def deadlines_in(feed: CalendarFeed, *, day: date) -> list[Deadline]:
    """The deadlines of a feed with today's judgement, in order of their days. Seven queries at most."""
    stones = _nearest(pledges_in(feed, day=day), day=day)
    pledges = for_judging(Pledge.objects.filter(pk__in={stone.pledge_id for stone in stones}))
    lines = {line.pledge.pk: line for line in judged(pledges, today=day)}
    readings = _readings(lines, day=day)
    return [
        _deadline(stone, lines[stone.pledge_id], readings[stone.pledge_id])
        for stone in sorted(stones, key=lambda stone: (stone.due, lines[stone.pledge_id].pledge.number))
    ]


def _nearest(pledges: PledgeQuerySet, *, day: date) -> list[Milestone]:
    """The deadlines to come, and as many of the last that passed as there is room for."""
    stones = Milestone.objects.filter(pledge__in=pledges.order_by().values("pk"))
    ahead = list(stones.filter(due__gte=day).order_by("due", "pk")[:MOST_DEADLINES])
    passed = stones.filter(due__lt=day).order_by("-due", "-pk")
    return ahead + list(passed[: MOST_DEADLINES - len(ahead)])


def _readings(lines: dict[int, Line], *, day: date) -> dict[int, list[Reading]]:
    """Every reading of each pledge: what became of a milestone may have been decided long ago."""
    books = entries_of([line.pledge for line in lines.values()], until=day)
    return {
        pk: list(readings_of(line.trajectory, books.get(line.pledge.book_id, ())))
        for pk, line in lines.items()
    }


def _deadline(milestone: Milestone, line: Line, readings: list[Reading]) -> Deadline:
    stone = next(point for point in line.trajectory.milestones if point.day == milestone.due)
    outcome, _reading = outcome_of(line.trajectory, stone, readings, today=line.verdict.judged_on)
    return Deadline(milestone, line, outcome)


def open_feeds(user: User, seen: QuerySet[Department]) -> list[FeedRow]:
    """The feeds a person may revoke, the one of everything first; `seen`: the departments in sight."""
    feeds = user.feeds.filter(revoked_at__isnull=True).select_related("department")
    visible = {None, *(department.pk for department in seen)}
    rows = [FeedRow(feed, feed.department_id in visible) for feed in feeds]
    return sorted(rows, key=lambda row: (row.feed.department_id is not None, row.feed.pk))


def last_letters(user: User) -> QuerySet[Letter]:
    """A person's own newest letters."""
    return user.letters.order_by("-day", "-id")[:SHOWN_LETTERS]
