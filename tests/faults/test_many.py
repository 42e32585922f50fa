"""Ten thousand reminders on one morning: bounded memory, one connection per batch."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from pledges.choices import LetterState, ReminderState, Role
from pledges.models import Letter, Membership, Reminder, User
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory
from tests.faults.conftest import LONG_AGO, MORNING
from tests.kit.processes import ROOT
from tests.kit.senders import environment_of_tests
from tests.kit.smtp import post_office

pytestmark = pytest.mark.django_db(transaction=True)

DEPARTMENTS, REPORTERS, PLEDGES = 4, 50, 50
PEOPLE, REMINDERS = DEPARTMENTS * REPORTERS, DEPARTMENTS * REPORTERS * PLEDGES
MOST_MB = 200

MORNING_ROUND = r"""
import json, re, sys
from datetime import datetime
import django
django.setup()
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate
from pledges.actions.letters import gather_letters
from pledges.actions.post import send_letters
from pledges.actions.reminders import plan_reminders

settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[1])
now = datetime.fromisoformat(sys.argv[2])
reverse("home")  # every page is imported now, not while it is measured

def memory_mb(what):
    # getrusage would count the process that started this one.
    return int(re.search(what + r":\s+(\d+)", open("/proc/self/status").read())[1]) / 1024

before = memory_mb("VmRSS")
plan_reminders(today=localdate(now))
gather_letters(now=now)
gathered = memory_mb("VmHWM")
send_letters(clock=lambda: now, within=600)
print(json.dumps({"before": before, "gathering": gathered - before, "all": memory_mb("VmHWM") - before}))
"""


@pytest.fixture
def ten_thousand(transactional_db):
    """Two hundred people, each with fifty things overdue."""
    campaign = CampaignFactory()
    people = User.objects.bulk_create(
        User(username=f"p{number}", name=f"名{number}", email=f"p{number}@example.com")
        for number in range(PEOPLE)
    )
    for number in range(DEPARTMENTS):
        department = DepartmentFactory()
        for _pledge in range(PLEDGES):
            PledgeFactory(campaign=campaign, department=department, stones=[(LONG_AGO, 100)])
        Membership.objects.bulk_create(
            Membership(user=user, role=Role.REPORTER, department=department)
            for user in people[number * REPORTERS : (number + 1) * REPORTERS]
        )


def test_ten_thousand_reminders_leave_in_bounded_memory_over_few_connections(ten_thousand, capsys):
    with post_office() as post:
        done = subprocess.run(
            [sys.executable, "-c", MORNING_ROUND, str(post.port), MORNING.isoformat()],
            cwd=ROOT, env=environment_of_tests(), capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    grown = json.loads(done.stdout)
    with capsys.disabled():
        words = f"{REMINDERS} reminders, {PEOPLE} letters: {grown} MB, {post.visits} visits"
        print(f"\n{words}", end=" ")  # noqa: T201 - the figure is what the test is for

    assert Reminder.objects.filter(state=ReminderState.TOLD).count() == REMINDERS
    assert Letter.objects.filter(state=LetterState.SENT).count() == len(set(post.recipients)) == PEOPLE
    assert grown["all"] < MOST_MB
    assert post.visits <= PEOPLE / settings.LETTER_BATCH + 1
