"""Plans made for measuring: a kind of campaign of their own, in departments of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.standings import rebuild_standings
from pledges.choices import Basis, CampaignKind, ReportState
from pledges.errors import FaultsError
from pledges.models import (
    Campaign,
    Department,
    LightChange,
    Membership,
    Milestone,
    Pledge,
    ProgressReport,
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
NOTE = "合成数据"
PEOPLE = {"synthetic-reporter": "合成填报员", "synthetic-reviewer": "合成审核员"}

MOSTLY_ACCEPTED = 90
RETURNED_UP_TO = 95
"""Of a hundred last reports: 90 accepted, 5 returned, 5 waiting. Earlier ones are accepted."""

STRETCH_ONE_IN = 25
PACES = (65, 125)
"""Per cent of the planned progress, the slowest and the fastest."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of promise in the mixture: how often it comes, and its targets."""

    weight: int
    basis: Basis
    unit: str
    targets: tuple[int, int]
    months: tuple[int, ...]


SHAPES = (
    Shape(45, Basis.DELIVERABLE, "", (1, 1), (5, 6, 9, 11, 12)),
    Shape(20, Basis.CUMULATIVE, "家", (20, 3000), (12,)),
    Shape(10, Basis.CUMULATIVE, "亿元", (20, 200), (6, 9, 12)),
    Shape(10, Basis.NEW, "个", (1, 8), (12,)),
    Shape(5, Basis.SHARE, "%", (20, 100), (12,)),
    Shape(5, Basis.GROWTH, "%", (4, 20), (12,)),
    Shape(5, Basis.COMPLETION, "%", (45, 100), (10, 12)),
)


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

    def spread(self, place: int) -> list[date]:
        """The days of the reports about the pledge at a place: as even as whole numbers can be."""
        number = self.reports // self.pledges + (place < self.reports % self.pledges)
        first = date(self.today.year, 1, 1)
        days = (self.today - first).days
        return [first + timedelta(days=days * nth // number) for nth in range(1, number + 1)]


@dataclass(frozen=True, slots=True)
class MadeUp:
    """The departments that signed nothing, and who reports and reviews for all of them."""

    departments: list[Department]
    author: User
    reviewer: User


def make_plan(order: Order) -> Campaign:
    """Make a plan of so many pledges, reports and departments, with the standings in step.

    The same order makes the same plan. Raises FaultsError where it exists already.
    """
    if Campaign.objects.filter(code=order.code).exists():
        words = {"code": order.code}
        raise FaultsError(_("The plan %(code)s exists already; remove it with --remove.") % words)
    cast = MadeUp(_departments(order.departments), *_people())
    campaign = Campaign.objects.create(
        code=order.code,
        name=CAMPAIGN_NAME.format(seed=order.seed, pledges=order.pledges),
        kind=CampaignKind.SYNTHETIC,
        starts_on=date(order.today.year, 1, 1),
        ends_on=date(order.today.year, 12, 31),
    )
    for start in range(0, order.pledges, BATCH):
        places = range(start, min(start + BATCH, order.pledges))
        _make_batch(order, campaign, cast, places)
    return campaign


def _departments(number: int) -> list[Department]:
    """The first so many made-up departments; those of an earlier plan are used again."""
    wanted = [
        Department(code=f"{MARK}{n:04}", name=DEPARTMENT_NAME.format(number=n), order=10_000 + n)
        for n in range(1, number + 1)
    ]
    Department.objects.bulk_create(wanted, batch_size=BATCH, ignore_conflicts=True)
    made = Department.objects.filter(code__startswith=MARK).order_by("order")
    return list(made[:number])


def _people() -> list[User]:
    """Who reports and who reviews; neither can sign in."""
    return [
        User.objects.get_or_create(
            username=username, defaults={"name": name, "is_active": False, "password": "!"}
        )[0]
        for username, name in PEOPLE.items()
    ]


@transaction.atomic
def _make_batch(order: Order, campaign: Campaign, cast: MadeUp, places: range) -> None:
    made = []
    for place in places:
        dice = Random(f"{order.seed}/{place}")  # noqa: S311  made-up plans keep no secret
        shape = dice.choices(SHAPES, [shape.weight for shape in SHAPES])[0]
        made.append((place, dice, shape, _pledge(campaign, cast, place, dice, shape)))
    Pledge.objects.bulk_create([pledge for *_rest, pledge in made], batch_size=BATCH)
    stones, reports = list[Milestone](), list[ProgressReport]()
    for place, dice, shape, pledge in made:
        own = list(_stones(campaign, pledge, dice, shape))
        stones += own
        reports += _reports(pledge, own[-1], cast, dice, order.spread(place))
    Milestone.objects.bulk_create(stones, batch_size=BATCH)
    ProgressReport.objects.bulk_create(reports, batch_size=BATCH)
    rebuild_standings([pledge for *_rest, pledge in made])


def _pledge(campaign: Campaign, cast: MadeUp, place: int, dice: Random, shape: Shape) -> Pledge:
    title = TITLE.format(number=place + 1)
    return Pledge(
        campaign=campaign,
        department=cast.departments[place % len(cast.departments)],
        code=f"{campaign.code}-{place + 1}",
        number=f"{place + 1:08}",
        title=title,
        metric=title,
        unit=shape.unit,
        basis=shape.basis,
        stretch=dice.randrange(STRETCH_ONE_IN) == 0,
    )


def _stones(campaign: Campaign, pledge: Pledge, dice: Random, shape: Shape) -> Iterator[Milestone]:
    """One deadline of several for a deliverable; for a number one in each month of its shape."""
    year, target = campaign.starts_on.year, dice.randint(*shape.targets)
    is_deliverable = shape.basis == Basis.DELIVERABLE
    months = (dice.choice(shape.months),) if is_deliverable else shape.months
    for place, month in enumerate(months, start=1):
        due = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        share = (Decimal(target) * place / len(months)).quantize(Decimal(1))
        yield Milestone(pledge=pledge, due=due, target=None if is_deliverable else share)


def _reports(
    pledge: Pledge, last: Milestone, cast: MadeUp, dice: Random, days: list[date]
) -> Iterator[ProgressReport]:
    """A report on each of the days; together they rise at a pace of their own."""
    first, pace = pledge.campaign.starts_on, Decimal(dice.randint(*PACES)) / 100
    for place, as_of in enumerate(days, start=1):
        passed = min(pace * (as_of - first).days / (last.due - first).days, Decimal(1))
        whole = Decimal(1) if last.target is None else last.target
        report = ProgressReport(
            pledge=pledge,
            as_of=as_of,
            value=(whole * passed).quantize(Decimal(1), ROUND_DOWN),
            note=NOTE,
            key=uuid5(MADE_UP, f"{pledge.code}/{place}"),
        )
        yield _handled(report, cast, _state(dice) if place == len(days) else ReportState.ACCEPTED)


def _handled(report: ProgressReport, cast: MadeUp, state: ReportState) -> ProgressReport:
    """A made-up report with those who said and decided it."""
    report.author, reviewer = cast.author, cast.reviewer
    report.typed_value, report.state = report.value, state
    report.submitted_at = timezone.make_aware(datetime.combine(report.as_of, time(8, 30)))
    if state != ReportState.SUBMITTED:
        report.reviewer, report.reviewed_at = reviewer, report.submitted_at + timedelta(hours=1)
        report.return_reason = NOTE if state == ReportState.RETURNED else ""
    return report


def _state(dice: Random) -> ReportState:
    lot = dice.randrange(100)
    if lot < MOSTLY_ACCEPTED:
        return ReportState.ACCEPTED
    return ReportState.RETURNED if lot < RETURNED_UP_TO else ReportState.SUBMITTED


def remove_plans() -> int:
    """Delete every plan made for measuring, with its departments and people; returns the number of plans."""
    campaigns = list(Campaign.objects.filter(kind=CampaignKind.SYNTHETIC))
    for campaign in campaigns:
        campaign.pledges.update(subset_of=None, shared_with=None)
        while ids := list(campaign.pledges.values_list("pk", flat=True)[:BATCH]):
            _remove_batch(ids)
        campaign.delete()
    made_up = Q(department__code__startswith=MARK) | Q(user__username__in=PEOPLE)
    Membership.objects.filter(made_up).delete()
    Department.objects.filter(code__startswith=MARK).delete()
    User.objects.filter(username__in=PEOPLE).delete()
    return len(campaigns)


@transaction.atomic
def _remove_batch(ids: list[int]) -> None:
    LightChange.objects.filter(pledge__in=ids).delete()
    reports = ProgressReport.objects.filter(pledge__in=ids)
    reports.update(corrects=None)
    reports.delete()
    Pledge.objects.filter(pk__in=ids).delete()
