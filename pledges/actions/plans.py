"""Plans made for measuring: a kind of campaign of their own, in departments of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from random import Random
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions.plan_courses import Cast, course_of
from pledges.actions.pouring import Spout, Values, reserved_keys
from pledges.choices import CampaignKind
from pledges.errors import FaultsError
from pledges.models import (
    Campaign,
    Department,
    Milestone,
    Pledge,
    ProgressReport,
    Standing,
    Theme,
    User,
)

BATCH = 500
"""Pledges made in one transaction: bounded memory, short locks."""

MADE_UP = UUID("2d9be1a4-53ea-4a36-8f3f-51c7d0a12026")
MARK = "synthetic-"
# Names are data; a person who meets one of these knows at once that nobody signed it.
DEPARTMENT_NAME = "合成单位 {number:04}"
CAMPAIGN_NAME = "合成计划 {seed}-{pledges}"
TITLE = "合成事项 {number:07}"
THEME = "合成专题 {number}"
THEMES = 6
PEOPLE = {"synthetic-reporter": "合成填报员", "synthetic-reviewer": "合成审核员"}

COURSES = 4_094
"""So many different courses are drawn and judged; a larger plan goes through them again and again."""


@dataclass(frozen=True, slots=True)
class Order:
    """A plan as it was asked for."""

    pledges: int
    departments: int
    reports: int
    seed: int
    today: date

    @property
    def code(self) -> str:
        return f"{MARK}{self.seed}-{self.pledges}"

    def reports_at(self, place: int) -> int:
        """How many reports the pledge at a place has: the asked number in all, one more or fewer here and there."""
        mean = self.reports // self.pledges
        share = (place + 1) * self.reports // self.pledges - place * self.reports // self.pledges
        pair = Random(f"{self.seed}/pair/{place % COURSES // 2}").randint(-1, 1)  # noqa: S311
        has_partner = mean > 1 and place ^ 1 < self.pledges
        return share + (pair if place % 2 else -pair) * has_partner


@dataclass(frozen=True, slots=True)
class Casts:
    """A course as the tables take it, without the keys."""

    pledge: Values
    stones: list[Values]
    reports: list[Values]
    standings: list[Values]


@dataclass(frozen=True, slots=True)
class Mill:
    """Makes the rows of a plan, and remembers the courses it has drawn."""

    order: Order
    campaign: Campaign
    departments: list[int]
    themes: tuple[int | None, ...]
    cast: Cast
    pledges: Spout
    stones: Spout
    reports: Spout
    standings: Spout
    drawn: dict[tuple[int, int], Casts] = field(default_factory=dict)

    def casts_at(self, place: int) -> Casts:
        """The course of the pledge at a place; drawn and judged once, however often it comes."""
        key = place % COURSES, self.order.reports_at(place)
        if key not in self.drawn:
            seed = f"{self.order.seed}/{key[0]}"
            course = course_of(self.campaign, self.cast, seed=seed, reports=key[1], today=self.order.today)
            self.drawn[key] = Casts(
                self.pledges.cast(course.pledge),
                [self.stones.cast(row) for row in course.stones],
                [self.reports.cast(row) for row in course.reports],
                [self.standings.cast(row) for row in course.standings],
            )
        return self.drawn[key]

    def names_at(self, place: int) -> Values:
        """Whose pledge it is, and what it is called."""
        title = TITLE.format(number=place + 1)
        department = self.departments[place % len(self.departments)]
        theme = self.themes[place % len(self.themes)]
        return (department, theme, f"{self.campaign.code}-{place + 1}", f"{place + 1:08}", title, title)


def make_plan(order: Order) -> Campaign:
    """Make a plan of so many pledges, reports and departments, with the standings in step.

    The same order makes the same plan. Raises FaultsError where it exists already.
    """
    if Campaign.objects.filter(code=order.code).exists():
        words = {"code": order.code}
        raise FaultsError(_("The plan %(code)s exists already; remove it with --remove.") % words)
    campaign = Campaign.objects.create(
        code=order.code,
        name=CAMPAIGN_NAME.format(seed=order.seed, pledges=order.pledges),
        kind=CampaignKind.SYNTHETIC,
        starts_on=date(order.today.year, 1, 1),
        ends_on=date(order.today.year, 12, 31),
    )
    mill = _mill(order, campaign, Cast(*_people()))
    for start in range(0, order.pledges, BATCH):
        _make_batch(mill, range(start, min(start + BATCH, order.pledges)))
    return campaign


def _mill(order: Order, campaign: Campaign, cast: Cast) -> Mill:
    return Mill(
        order=order,
        campaign=campaign,
        departments=_departments(order.departments),
        themes=(*(theme.pk for theme in _themes(campaign)), None),
        cast=cast,
        pledges=Spout.into(Pledge, "id", "department_id", "theme_id", "code", "number", "title", "metric"),
        stones=Spout.into(Milestone, "pledge_id"),
        reports=Spout.into(ProgressReport, "pledge_id", "key"),
        standings=Spout.into(Standing, "pledge_id"),
    )


def _departments(number: int) -> list[int]:
    """The keys of the first so many made-up departments; those of an earlier plan are used again."""
    wanted = [
        Department(code=f"{MARK}{n:04}", name=DEPARTMENT_NAME.format(number=n), order=10_000 + n)
        for n in range(1, number + 1)
    ]
    Department.objects.bulk_create(wanted, batch_size=BATCH, ignore_conflicts=True)
    made = Department.objects.filter(code__startswith=MARK).order_by("order")
    return list(made.values_list("pk", flat=True)[:number])


def _themes(campaign: Campaign) -> list[Theme]:
    """Made-up themes; every seventh pledge stands under none."""
    numbers = range(1, THEMES + 1)
    wanted = [
        Theme(campaign=campaign, code=f"{MARK}{n}", name=THEME.format(number=n), order=n) for n in numbers
    ]
    return Theme.objects.bulk_create(wanted)


def _people() -> list[User]:
    """Who reports and who reviews; neither can sign in."""
    return [
        User.objects.get_or_create(
            username=username, defaults={"name": name, "is_active": False, "password": "!"}
        )[0]
        for username, name in PEOPLE.items()
    ]


@transaction.atomic
def _make_batch(mill: Mill, places: range) -> None:
    keys = dict(zip(places, reserved_keys(Pledge, len(places)), strict=True))
    casts = {place: mill.casts_at(place) for place in places}
    mill.pledges.pour((keys[place], *mill.names_at(place), *each.pledge) for place, each in casts.items())
    mill.stones.pour((keys[place], *row) for place, each in casts.items() for row in each.stones)
    mill.reports.pour(
        (keys[place], key, *row)
        for place, each in casts.items()
        for key, row in zip(_form_keys(mill.campaign, place), each.reports, strict=False)
    )
    mill.standings.pour((keys[place], *row) for place, each in casts.items() for row in each.standings)


def _form_keys(campaign: Campaign, place: int) -> Iterator[str]:
    """Form keys that rise with the place: an index is filled at its end and not everywhere at once."""
    first = (uuid5(MADE_UP, campaign.code).int >> 64 << 64) + (place << 32)
    return (f"{first + nth:032x}" for nth in count())
