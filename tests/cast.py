"""The standing cast. Lin reports for the finance office, Sun heads it, Chen reviews, Wu is from elsewhere, Li leads."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import factory
import pytest
from factory.django import DjangoModelFactory

from pledges.actions.standings import rebuild_standings
from pledges.choices import Basis, ReportState, Role
from pledges.models import Campaign, Department, Membership, Milestone, Pledge, ProgressReport, User

MIDSUMMER = date(2022, 7, 1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.LazyAttribute(lambda user: f"名{user.username}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    password = factory.django.Password("correct-horse-9")


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    code = factory.Sequence(lambda n: f"department-{n}")
    name = factory.Sequence(lambda n: f"第{n}局")
    order = factory.Sequence(lambda n: n)


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign

    code = factory.Sequence(lambda n: f"campaign-{n}")
    name = "攻坚行动"
    starts_on = date(2022, 1, 1)
    ends_on = date(2022, 12, 31)
    completion_needs_evidence = False  # on by default; the tests of evidence turn it on


class PledgeFactory(DjangoModelFactory):
    """A running total of 100 家 by the year's end; `stones` are pairs of a day and a target."""

    class Meta:
        model = Pledge
        skip_postgeneration_save = True

    campaign = factory.SubFactory(CampaignFactory)
    department = factory.SubFactory(DepartmentFactory)
    number = factory.Sequence(lambda n: f"14-{n:03}")
    code = factory.LazyAttribute(lambda pledge: f"{pledge.campaign.code}-{pledge.number}")
    title = factory.LazyAttribute(lambda pledge: f"新增企业 {pledge.number}")
    metric = "新增企业"
    unit = "家"
    basis = Basis.CUMULATIVE

    @factory.post_generation
    def stones(self, create, extracted, **kwargs):
        for due, target in extracted or [(date(2022, 12, 31), 100)]:
            value = None if target is None else Decimal(str(target))
            Milestone.objects.create(pledge=self, due=due, target=value)
        rebuild_standings([self])


class ReportFactory(DjangoModelFactory):
    """A waiting report; `ReportFactory(state=ACCEPTED)` needs a reviewer and a rebuild of the standings."""

    class Meta:
        model = ProgressReport

    pledge = factory.SubFactory(PledgeFactory)
    as_of = date(2022, 6, 30)
    value = Decimal(50)
    typed_value = factory.SelfAttribute("value")
    author = factory.SubFactory(UserFactory)
    key = factory.LazyFunction(uuid4)
    submitted_at = datetime(2022, 7, 1, 2, tzinfo=UTC)


def accepted(pledge: Pledge, *, as_of: date, value, reviewer: User, author: User) -> ProgressReport:
    """An accepted report, with the standings in step."""
    report = ReportFactory(
        pledge=pledge,
        as_of=as_of,
        value=Decimal(str(value)),
        author=author,
        state=ReportState.ACCEPTED,
        reviewer=reviewer,
        reviewed_at=datetime(2022, 7, 1, 3, tzinfo=UTC),
    )
    rebuild_standings(Pledge.objects.filter(pk=pledge.pk) | Pledge.objects.filter(shared_with=pledge.pk))
    return report


def person(username: str, name: str, role: Role | None = None, department: Department | None = None) -> User:
    user = UserFactory(username=username, name=name)
    if role:
        Membership.objects.create(user=user, role=role, department=department)
    return user


@pytest.fixture
def finance(db) -> Department:
    return DepartmentFactory(code="jinrong", name="金融办")


@pytest.fixture
def elsewhere(db) -> Department:
    return DepartmentFactory(code="shangwu", name="商务局")


@pytest.fixture
def campaign(db) -> Campaign:
    return CampaignFactory(code="wujin-2022")


@pytest.fixture
def pledge(campaign, finance) -> Pledge:
    return PledgeFactory(campaign=campaign, department=finance)


@pytest.fixture
def make(campaign, finance):
    """More pledges of the finance office, by their milestones."""

    def made(*stones, **more) -> Pledge:
        fields = {"campaign": campaign, "department": finance, "stones": stones or None} | more
        return PledgeFactory(**fields)

    return made


@pytest.fixture
def lin(finance) -> User:
    """Reports for the finance office."""
    return person("lin", "林会计", Role.REPORTER, finance)


@pytest.fixture
def wu(elsewhere) -> User:
    """Reports for another department."""
    return person("wu", "吴科长", Role.REPORTER, elsewhere)


@pytest.fixture
def sun(finance) -> User:
    """Heads the finance office."""
    return person("sun", "孙主任", Role.HEAD, finance)


@pytest.fixture
def chen(db) -> User:
    """Reviews, in the supervision office."""
    return person("chen", "陈督查", Role.REVIEWER)


@pytest.fixture
def zhao(db) -> User:
    """The second reviewer."""
    return person("zhao", "赵督查", Role.REVIEWER)


@pytest.fixture
def li(db) -> User:
    """Leads."""
    return person("li", "李市长", Role.LEADER)


@pytest.fixture
def boss(db) -> User:
    """The administrator."""
    return User.objects.create_superuser("boss", "boss@example.com", "correct-horse-9", name="管理员")
