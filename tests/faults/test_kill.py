"""kill -9, hundreds of times: real senders, real planners, a real mail server. Nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.utils.timezone import get_current_timezone

from pledges.choices import LetterState, ReminderState, Role
from pledges.models import Letter, Membership, Reminder, User
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory
from tests.faults.conftest import LONG_AGO
from tests.kit.processes import ROOT, ended_afterwards, wait_until
from tests.kit.senders import SharedClock, environment_of_tests
from ykplan.supervise import die_with

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = [date(2022, 6, 7), date(2022, 6, 8), date(2022, 6, 9)]
DEPARTMENTS, REPORTERS, PLEDGES = 10, 21, 1
PEOPLE = DEPARTMENTS * REPORTERS
DEPARTMENTS_OF_A_TOWN = 2

SENDERS, PLANNERS = 4, 2
LEASE_S, BATCH = 2, 5
CORES, WITHIN_S = 2, 90
"""What all the days together may take; counted in work, for a machine may have other things to do."""

PATIENCE_S = 300
"""For one day, before it is called stuck."""


@dataclass(frozen=True)
class Kills:
    """How many may die: at MAIL FROM, between accepting and saying so, and at any moment."""

    at_mail: int
    accepted: int
    senders: int
    planners: int
    least: int = 0
    chance: float = 0.35
    pause_senders_s: float = 0.08
    pause_planners_s: float = 0.3


@dataclass
class Outcome:
    accepted: list[dict]
    deaths: Counter
    faults: int
    work_s: float
    seconds: float

    @property
    def kills(self) -> int:
        return self.deaths.total()

    @property
    def letters(self) -> set[str]:
        return {row["id"] for row in self.accepted}

    @property
    def copies(self) -> int:
        """How many more than one each."""
        return len(self.accepted) - len(self.letters)

    def __str__(self) -> str:
        most = max(Counter(row["id"] for row in self.accepted).values())
        return (
            f"{connection.vendor}: {self.kills} kills {dict(self.deaths)}, {len(self.letters)} letters, "
            f"{self.copies} copies, at most {most} of one, {self.work_s:.0f} s of work in {self.seconds:.0f} s"
        )


@pytest.fixture
def city(transactional_db):
    return people_of(DEPARTMENTS)


@pytest.fixture
def town(transactional_db):
    return people_of(DEPARTMENTS_OF_A_TOWN)


def people_of(departments: int) -> int:
    """Everybody is told of what their department has overdue, anew on every working day."""
    campaign = CampaignFactory()
    for number in range(departments):
        department = DepartmentFactory()
        for _pledge in range(PLEDGES):
            PledgeFactory(campaign=campaign, department=department, stones=[(LONG_AGO, 100)])
        names = [f"p{number}-{one}" for one in range(REPORTERS)]
        people = User.objects.bulk_create(
            User(username=name, name=name, email=f"{name}@example.com") for name in names
        )
        Membership.objects.bulk_create(
            Membership(user=user, role=Role.REPORTER, department=department) for user in people
        )
    return departments * REPORTERS


@contextmanager
def family(folder: Path, mail_port: int, kills: Kills, order: str) -> Iterator[subprocess.Popen]:
    command = [
        *(sys.executable, "-m", "tests.kit.senders", str(folder / "clock")),
        *(f"--mail-port={mail_port}", f"--order={order}", f"--lease={LEASE_S}", f"--batch={BATCH}"),
        *(f"--senders={SENDERS}", f"--planners={PLANNERS}"),
        *(f"--pause-senders={kills.pause_senders_s}", f"--pause-planners={kills.pause_planners_s}"),
        *(f"--kill-senders={kills.senders}", f"--kill-planners={kills.planners}"),
        f"--least={kills.least}",
    ]
    with (folder / "family.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment_of_tests(),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            preexec_fn=die_with(os.getpid()),  # noqa: PLW1509 - without a family left behind, too
        )
    with ended_afterwards(process):
        yield process


@contextmanager
def deadly_post_office(folder: Path, kills: Kills) -> Iterator[int]:
    command = [
        *(sys.executable, "-m", "tests.kit.smtp", str(folder / "accepted")),
        f"--kill-mail={kills.chance}:{kills.at_mail}",
        f"--kill-accepted={kills.chance}:{kills.accepted}",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with ended_afterwards(process):
        yield int(process.stdout.readline())


def eight_o_clock(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=get_current_timezone())


def is_over(process: subprocess.Popen, day: date, people: int) -> bool:
    """Everybody has a letter of the day, and none of them is open; or there is nobody to send it."""
    if process.poll() is not None:
        return True
    letters = Letter.objects.filter(day=day)
    return letters.count() == people and not letters.filter(state__in=LetterState.open).exists()


def live_through(
    folder: Path,
    people: int,
    *,
    days: list[date],
    kills: Kills,
    order: str = "take, send, mark",
    is_enough: Callable[[], bool] = lambda: False,
) -> Outcome:
    clock, began = SharedClock(folder / "clock"), time.monotonic()
    clock.set_to(eight_o_clock(days[0]))
    with deadly_post_office(folder, kills) as port, family(folder, port, kills, order) as process:
        for day in days:
            clock.set_to(eight_o_clock(day))
            over = partial(is_over, process, day, people)
            wait_until(lambda over=over: is_enough() or over(), within=PATIENCE_S, what=f"letters of {day}")
        assert process.poll() is None, (folder / "family.log").read_text()[-2000:]
        process.send_signal(signal.SIGTERM)
        told = json.loads(process.stdout.read())
    clock.close()
    accepted = accepted_by(folder)
    deaths = Counter(told["deaths"])
    return Outcome(accepted, deaths, told["faults"], told["work_s"], time.monotonic() - began)


def accepted_by(folder: Path) -> list[dict]:
    """What the mail server has on its disk; its last line may still be on its way."""
    lines = (folder / "accepted").read_text().splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


LEAST = int(os.environ.get("KILLS", "250"))
"""So many at least; KILLS=1000 for a night."""

MANY = Kills(
    at_mail=23 * LEAST // 100,
    accepted=33 * LEAST // 100,
    senders=35 * LEAST // 100,
    planners=11 * LEAST // 100,
    least=LEAST,
)
"""Some strike who is dead already."""


def test_many_kills_lose_nothing_and_repeat_no_row(city, tmp_path, capsys):
    outcome = live_through(tmp_path, city, days=DAYS, kills=MANY)
    with capsys.disabled():
        print(f"\n{outcome}", end=" ")  # noqa: T201 - the figure is what the test is for

    assert outcome.kills >= LEAST
    assert outcome.faults == 0, (tmp_path / "family.log").read_text()[-2000:]
    assert outcome.work_s / CORES < WITHIN_S
    every_key_has_one_row()
    every_letter_arrived(outcome)
    assert outcome.copies <= outcome.kills
    every_copy_has_the_same_id(outcome)


def every_key_has_one_row() -> None:
    """Counted from the city and not from the planner: so many people, days, pledges."""
    letters, reminders = Letter.objects.all(), Reminder.objects.all()
    assert letters.count() == letters.values("recipient", "day").distinct().count() == PEOPLE * len(DAYS)
    told = reminders.values("recipient", "pledge", "letter_on").distinct().count()
    assert reminders.count() == told == PEOPLE * len(DAYS) * PLEDGES


def every_letter_arrived(outcome: Outcome) -> None:
    """What the mail server has on its disk is what the product says it sent."""
    sent = Letter.objects.filter(state=LetterState.SENT)
    assert set(sent.values_list("message_id", flat=True)) == outcome.letters
    assert len(outcome.letters) == PEOPLE * len(DAYS)
    assert not Reminder.objects.exclude(state=ReminderState.TOLD, letter__state=LetterState.SENT).exists()


def every_copy_has_the_same_id(outcome: Outcome) -> None:
    ids = defaultdict(set)
    for row in outcome.accepted:
        ids[row["to"]].add(row["id"])
    assert {len(found) for found in ids.values()} == {len(DAYS)}


FEW = Kills(at_mail=8, accepted=8, senders=4, planners=4)


def test_marking_before_sending_would_lose_letters(town, tmp_path):
    outcome = live_through(tmp_path, town, days=DAYS[:1], kills=FEW, order="take, mark, send")

    sent = set(Letter.objects.filter(state=LetterState.SENT).values_list("message_id", flat=True))
    assert len(sent - outcome.letters) > 0


def test_sending_without_taking_would_send_more_copies_than_anybody_died(town, tmp_path):
    most = FEW.at_mail + FEW.accepted + FEW.senders + FEW.planners

    def is_enough() -> bool:
        return len(accepted_by(tmp_path)) > town + most

    told = {"kills": FEW, "order": "send, mark", "is_enough": is_enough}
    outcome = live_through(tmp_path, town, days=DAYS[:1], **told)

    assert outcome.copies > outcome.kills
