"""Forty people who write at once through the real web server: nobody meets a locked database, what was taken is there."""

import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.choices import Role
from pledges.models import AuditEvent, ProgressReport
from tests.cast import CampaignFactory, PledgeFactory, person
from tests.kit.senders import database_url
from tests.kit.served import Shape, Site, report, served, session_of

# What is asked is whether SQLite lets them write; a hundred on PostgreSQL are in test_crowd.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.no_cover, pytest.mark.static]

WRITERS, DAYS = 40, 280
PROCESSES, THREADS = 4, 10
EACH = int(os.environ.get("WRITES_EACH", "2"))
"""Reports of each writer. With WRITES_SECONDS they go on for so long instead."""

SECONDS = float(os.environ.get("WRITES_SECONDS", "0"))


@pytest.fixture
def desks(transactional_db, finance):
    """Forty people, each with a session and with the form of a pledge of their own."""
    today = localdate()
    year = {"starts_on": today - timedelta(days=300), "ends_on": today + timedelta(days=65)}
    campaign = CampaignFactory(code="wujin", **year)
    people = [person(f"p{number}", f"第{number}人", Role.REPORTER, finance) for number in range(WRITERS)]
    stones = [(campaign.ends_on, 100_000)]
    pledges = PledgeFactory.create_batch(WRITERS, campaign=campaign, department=finance, stones=stones)
    forms = [reverse("report-create", args=[pledge.code]) for pledge in pledges]
    return list(zip(forms, map(session_of, people), strict=True))


def write(site: Site, desk: tuple[str, str], until: float) -> Counter:
    """One day after the other is reported; how many got which answer."""
    answers: Counter = Counter()
    for number in range(DAYS):
        if (time.monotonic() > until) if SECONDS else (number >= EACH):
            break
        answers[report(site, desk, DAYS - number)] += 1
    return answers


def all_write(tmp_path, desks, **more: str) -> tuple[Counter, str]:
    """What everybody was answered, and what stands in the log of the server.

    Whose turn does not come in time is told to send again; how long that is depends on the machine, so here it is long.
    """
    shape = Shape(
        "tests.kit.hesitant", PROCESSES, THREADS, {"HESITATE": str(tmp_path), "PATIENCE_S": "300", **more}
    )
    with served(tmp_path, database_url(), shape) as site, ThreadPoolExecutor(WRITERS) as pool:
        until = time.monotonic() + SECONDS
        answers = sum(pool.map(lambda desk: write(site, desk, until), desks), Counter())
    return answers, site.log.read_text()


def test_forty_writers_meet_no_locked_database_and_what_was_taken_is_there(tmp_path, desks, capsys):
    began = time.monotonic()
    answers, log = all_write(tmp_path, desks)
    with capsys.disabled():
        print(f"\n{connection.vendor}: {dict(answers)} in {time.monotonic() - began:.0f} s", end=" ")  # noqa: T201

    told = AuditEvent.objects.filter(action="report.submit")
    rows = {str(pk) for pk in ProgressReport.objects.values_list("pk", flat=True)}
    assert set(answers) == {302}
    assert answers[302] == len(rows) == told.count() >= WRITERS
    assert set(told.values_list("object_id", flat=True)) == rows
    assert "locked" not in log


def test_without_the_lock_at_the_beginning_somebody_would_meet_one(tmp_path, desks):
    answers, log = all_write(tmp_path, desks, WITHOUT="locks")

    assert answers[503] > 0
    assert "database is locked" in log
    assert answers[302] == ProgressReport.objects.count()
