"""Plans made for measuring. A kind of campaign of their own, in departments of their own: never mixed with real ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
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

    def reports_of(self, place: int) -> int:
        """How many of all reports are about the pledge at a place: as even as whole numbers can be."""
        return self.reports // self.pledges + (place < self.reports % self.pledges)


def make_plan(order: Order) -> Campaign:
    """Make a plan of so many pledges, reports and departments, with the standings in step.

    The same order makes the same plan. Raises FaultsError where it exists already.
    """
    if Campaign.objects.filter(code=order.code).exists():
        raise FaultsError(_("The plan %(code)s exists already; remove it with --remove.") % {"code": order.code})
    departments, people = _departments(order.departments), _people()
    campaign = Campaign.objects.create(
        code=order.code,
        name=CAMPAIGN_NAME.format(seed=order.seed, pledges=order.pledges),
        kind=CampaignKind.SYNTHETIC,
        starts_on=date(order.today.year, 1, 1),
        ends_on=date(order.today.year, 12, 31),
    )
    for start in range(0, order.pledges, BATCH):
        places = range(start, min(start + BATCH, order.pledges))
        _make_batch(order, campaign, departments, people, places)
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
def _make_batch(
    order: Order, campaign: Campaign, departments: list[Department], people: list[User], places: range
) -> None:
    made = []
    for place in places:
        dice = Random(f"{order.seed}/{place}")  # noqa: S311  made-up plans keep no secret
        shape = dice.choices(SHAPES, [shape.weight for shape in SHAPES])[0]
        made.append((place, dice, shape, _pledge(campaign, departments, place, dice, shape)))
    Pledge.objects.bulk_create([pledge for *_rest, pledge in made], batch_size=BATCH)
    stones, reports = list[Milestone](), list[ProgressReport]()
    for place, dice, shape, pledge in made:
        own = list(_stones(campaign, pledge, dice, shape))
        stones += own
        reports += _reports(order, pledge, own[-1].target, people, dice, order.reports_of(place))
    Milestone.objects.bulk_create(stones, batch_size=BATCH)
    ProgressReport.objects.bulk_create(reports, batch_size=BATCH)
    rebuild_standings([pledge for *_rest, pledge in made])


def _pledge(
    campaign: Campaign, departments: list[Department], place: int, dice: Random, shape: Shape
) -> Pledge:
    title = TITLE.format(number=place + 1)
    return Pledge(
        campaign=campaign,
        department=departments[place % len(departments)],
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
    order: Order, pledge: Pledge, target: Decimal | None, people: list[User], dice: Random, number: int
) -> Iterator[ProgressReport]:
    """So many reports, evenly spread from the first day to today, that rise at a pace of their own."""
    author, reviewer = people
    first = date(order.today.year, 1, 1)
    days, pace = (order.today - first).days, Decimal(dice.randint(30, 125)) / 100
    for place in range(1, number + 1):
        as_of = first + timedelta(days=days * place // number)
        passed = Decimal((as_of - first).days) / 365 * pace
        value = Decimal(passed >= 1) if target is None else (target * min(passed, Decimal(1))).quantize(Decimal(1))
        said_at = timezone.make_aware(datetime.combine(as_of, time(8, 30)))
        state = _state(dice) if place == number else ReportState.ACCEPTED
        is_decided = state != ReportState.SUBMITTED
        yield ProgressReport(
            pledge=pledge,
            as_of=as_of,
            value=value,
            typed_value=value,
            note=NOTE,
            key=uuid5(MADE_UP, f"{pledge.code}/{place}"),
            author=author,
            submitted_at=said_at,
            state=state,
            reviewer=reviewer if is_decided else None,
            reviewed_at=said_at + timedelta(hours=1) if is_decided else None,
            return_reason=NOTE if state == ReportState.RETURNED else "",
        )


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
