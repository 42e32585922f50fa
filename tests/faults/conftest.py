"""A small city with something overdue, a post office, and a clock that tests set."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.timezone import localdate

from pledges.actions.letters import gather_letters
from pledges.actions.post import send_letters
from pledges.actions.reminders import plan_reminders
from pledges.choices import Role
from pledges.models import Letter, SpecialDay, User
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, person
from tests.kit.smtp import PostOffice, post_office

TUESDAY = date(2022, 6, 7)
"""A plain working day, far from a closing day and from the last holiday."""

MORNING = datetime(2022, 6, 7, 0, 0, tzinfo=UTC)
"""Eight o'clock in Shanghai."""

LONG_AGO = date(2022, 6, 1)

LONGEST_JITTER = 1.5
"""So much longer than its rule says a pause may be."""


@dataclass
class House:
    """The product, driven by hand: the clock stands still unless a test moves it."""

    now: datetime = MORNING

    def forward(self, **by: float) -> "House":
        self.now += timedelta(**by)
        return self

    def gather(self) -> None:
        plan_reminders(today=localdate(self.now))
        gather_letters(now=self.now)

    def send(self) -> None:
        send_letters(clock=lambda: self.now)

    def round(self) -> None:
        self.gather()
        self.send()


@pytest.fixture
def house(db):
    return House()


@pytest.fixture
def post(settings):
    """The mail server of the product; it is asked to wait half a second, not thirty."""
    with post_office() as office:
        use(office, settings)
        yield office


def use(office: PostOffice, settings, *, patience_s: float = 0.5) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.EMAIL_TIMEOUT = patience_s


@pytest.fixture
def overdue(campaign, finance):
    """A pledge that is not kept since the first of June."""
    return PledgeFactory(campaign=campaign, department=finance, stones=[(LONG_AGO, 100)])


@pytest.fixture
def three(overdue, finance):
    """Three people who are told of it."""
    return [person(name, name.title(), Role.REPORTER, finance) for name in ("anna", "bert", "carl")]


def letter_to(user) -> Letter:
    return Letter.objects.filter(recipient=user).latest("day", "id")


def states() -> dict[str, str]:
    return dict(Letter.objects.values_list("recipient__username", "state"))


# The same for processes that read the real clock --------------------------------------------


def today_is_a_working_day(day: date) -> None:
    """Real processes live today, be it a Sunday; and a test may run past midnight."""
    for ahead in (0, 1):
        SpecialDay.objects.update_or_create(
            day=day + timedelta(days=ahead), defaults={"is_workday": True, "name": "测试日"}
        )


@pytest.fixture
def people_of_today(transactional_db):
    """Twelve people in three departments, each of whom is told of two pledges that are due tomorrow."""
    today = localdate()
    today_is_a_working_day(today)
    campaign = CampaignFactory(starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=60))
    people = []
    for number in range(3):
        department = DepartmentFactory()
        for _two in range(2):
            stones = [(today + timedelta(days=1), 100)]
            PledgeFactory(campaign=campaign, department=department, stones=stones)
        for _four in range(4):
            user = person(f"p{number}{_four}", f"名{number}{_four}", Role.REPORTER, department)
            User.objects.filter(pk=user.pk).update(send_hour=0)
            people.append(user)
    return people
