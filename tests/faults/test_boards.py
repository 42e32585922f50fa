"""Counts that are kept while people report: exact whoever comes first, and after a builder was killed."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import connection, connections, transaction

from pledges.actions import boards
from pledges.actions.boards import faults_of, keep_board
from pledges.actions.standings import rejudge
from pledges.models import KeptBoard, KeptCount, Pledge
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, UserFactory, accepted
from tests.kit.processes import ROOT
from tests.kit.senders import environment_of_tests

pytestmark = pytest.mark.django_db(transaction=True)

JUNE_30, MAY_31, JULY_1 = date(2022, 6, 30), date(2022, 5, 31), date(2022, 7, 1)
REPORTERS, EACH = 6, 5
PATIENCE = 2
"""Seconds for which the one waits for the other, where the database makes them take turns anyway."""


@pytest.fixture
def plan(transactional_db):
    campaign = CampaignFactory()
    department = DepartmentFactory()
    return [
        PledgeFactory(campaign=campaign, department=department, stones=[(JUNE_30, 50)])
        for _ in range(REPORTERS)
    ]


@pytest.fixture
def people(transactional_db):
    return {"author": UserFactory(), "reviewer": UserFactory()}


def tell(pledge, value, people, *, month=6):
    accepted(pledge, as_of=date(2022, month, 1), value=value, **people)
    rejudge(pledge, today=JULY_1)


def built_beside_a_report(plan, people):
    """Somebody has judged and not committed yet; meanwhile the board is built."""
    judged, go = Event(), Event()

    def report():
        try:
            with transaction.atomic():
                tell(plan[0], 50, people)
                judged.set()
                go.wait(PATIENCE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        reporting = pool.submit(report)
        judged.wait()
        keep_board(plan[0].campaign, day=JULY_1, than=MAY_31)
        go.set()
        reporting.result()
    return keep_board(plan[0].campaign, day=JULY_1, than=MAY_31)


def test_a_report_that_is_being_judged_is_counted_once(plan, people):
    board = built_beside_a_report(plan, people)

    assert (board.is_whole, faults_of(board)) == (True, 0)


def test_without_holding_the_pledges_it_would_be_missed(plan, people, monkeypatch):
    """SQLite has one writer at a time: there the builder waits for the report whatever it holds."""
    monkeypatch.setattr(boards, "_held", lambda coming: coming)

    board = built_beside_a_report(plan, people)

    assert faults_of(board) == (0 if connection.vendor == "sqlite" else 8)


def test_people_report_while_it_is_built_and_joined(plan, people, monkeypatch):
    monkeypatch.setattr(boards, "BATCH", 1)
    monkeypatch.setattr(boards, "LOOSE", 3)

    def report(pledge):
        try:
            for month in range(1, EACH + 1):
                tell(pledge, 10 * month, people, month=month)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(REPORTERS) as pool:
        reporting = [pool.submit(report, pledge) for pledge in plan]
        while not all(each.done() for each in reporting):
            keep_board(plan[0].campaign, day=JULY_1, than=MAY_31)
        for each in reporting:
            each.result()
    board = keep_board(plan[0].campaign, day=JULY_1, than=MAY_31)

    assert (board.is_whole, faults_of(board)) == (True, 0)


BUILD_AND_DIE = """
import os, signal, sys
from datetime import date
import django
django.setup()
from pledges.actions import boards
from pledges.models import Campaign

left = int(sys.argv[1])
boards.BATCH = 1
add = boards._add

def add_and_maybe_die(*args):
    global left
    add(*args)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

boards._add = add_and_maybe_die
boards.keep_board(Campaign.objects.get(), day=date(2022, 7, 1), than=date(2022, 5, 31))
"""


@pytest.mark.parametrize("steps", [1, 3, REPORTERS])
def test_a_builder_that_is_killed_leaves_nothing_half(plan, steps):
    code = subprocess.call(
        [sys.executable, "-c", BUILD_AND_DIE, str(steps)],
        cwd=ROOT,
        env=os.environ | environment_of_tests(),
    )
    assert code == -signal.SIGKILL
    begun = KeptBoard.objects.get()
    counted = Pledge.objects.filter(pk__lte=begun.counted_to).count()
    assert (begun.is_whole, counted, KeptCount.objects.count()) == (False, steps - 1, steps - 1)

    board = keep_board(plan[0].campaign, day=JULY_1, than=MAY_31)

    assert (board.is_whole, faults_of(board)) == (True, 0)
