"""Evidence under fire: killed between file and row, two uploads at once, the last room taken twice."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from pledges.actions import evidence as actions
from pledges.actions.evidence import remove, upload, use_again
from pledges.actions.reports import submit_report
from pledges.actions.sweeping import sweep_evidence
from pledges.models import Evidence
from tests.actions.test_evidence import pdf, said, stored
from tests.cast import MIDSUMMER, ReportFactory
from tests.kit.files import PDF, a_file, sent
from tests.kit.processes import ROOT
from tests.kit.senders import environment_of_tests

pytestmark = pytest.mark.django_db(transaction=True)

UPLOADER = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from pledges.actions import evidence as actions
from pledges.models import Pledge, User
from tests.kit.files import sent

where, user, pledge, key = sys.argv[1:]

def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "row":
    actions._row = die
else:
    actions._Measured.chunks = lambda *_args: (part for part in (b"%PDF-half", die()))
actions.upload(key, sent(), user=User.objects.get(pk=user), pledge=Pledge.objects.get(pk=pledge))
"""


@pytest.fixture(autouse=True)
def folder(evidence_folder):
    return evidence_folder


def killed(folder: Path, where: str, lin, pledge) -> list[Path]:
    """What lies on the disk after an uploader was killed before its row, or in the middle of its file."""
    environment = environment_of_tests() | {"EVIDENCE_ROOT": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", UPLOADER, where, str(lin.pk), str(pledge.pk), str(uuid4())]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    return stored(folder)


@pytest.mark.parametrize("where", ["row", "file"])
def test_killed_between_file_and_row_leaves_no_row_and_the_file_is_swept(folder, pledge, lin, where):
    [left] = killed(folder, where, lin, pledge)

    assert Evidence.objects.count() == 0
    now = timezone.now()
    assert (sweep_evidence(now=now), stored(folder)) == (0, [left])
    assert (sweep_evidence(now=now + timedelta(hours=25)), stored(folder)) == (1, [])


def together(number: int, act) -> list:
    """What each gets who acts at the same moment; a refusal is an answer, too."""
    barrier = Barrier(number)

    def one(which: int):
        barrier.wait()
        try:
            return act(which)
        except ValidationError as fault:
            return type(fault)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_the_same_file_eight_times_at_once_is_one_row_and_one_file(folder, pledge, lin):
    key = uuid4()

    answers = together(8, lambda _which: upload(key, sent(), user=lin, pledge=pledge).pk)

    assert set(answers) == {Evidence.objects.get().pk}
    assert len(stored(folder)) == 1


LARGE = PDF + b" " * (400 * 1024)


def race_for_room(settings, pledge, lin) -> list:
    settings.EVIDENCE_QUOTA_MB = 1
    return together(
        6,
        lambda which: upload(uuid4(), sent("a.pdf", LARGE + b"%d\n%%%%EOF" % which), user=lin, pledge=pledge),
    )


def test_the_last_room_is_taken_once(settings, folder, pledge, lin):
    answers = race_for_room(settings, pledge, lin)

    assert answers.count(ValidationError) == 4
    assert (Evidence.objects.count(), len(stored(folder))) == (2, 2)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite writes one at a time anyway")
def test_twin_without_the_lock_of_the_department_it_is_taken_by_all(monkeypatch, settings, pledge, lin):
    looked = Barrier(6)
    stored_bytes = actions.stored_bytes

    def look_and_wait(department):
        found = stored_bytes(department)
        looked.wait(timeout=20)
        return found

    monkeypatch.setattr(actions, "stored_bytes", look_and_wait)
    monkeypatch.setattr(actions.Department.objects.all().__class__, "select_for_update", lambda rows: rows)

    assert race_for_room(settings, pledge, lin).count(ValidationError) == 0


@pytest.mark.parametrize("_round", range(5))
def test_a_file_taken_back_while_the_report_is_sent_is_either_there_or_was_never_counted(
    folder, pledge, lin, _round
):
    """The report needs a file; another tab takes that file back at the same moment."""
    pledge.campaign.completion_needs_evidence = True
    pledge.campaign.save()
    key = uuid4()
    evidence = upload(key, pdf(1), user=lin, pledge=pledge)

    def act(which: int):
        if which:
            return remove(evidence, user=lin)
        return submit_report(pledge, said(100), author=lin, key=key, today=MIDSUMMER).evidence.count()

    answers = together(2, act)

    assert answers in ([1, False], [ValidationError, True])
    assert len(stored(folder)) == Evidence.objects.count() == (1 if answers[0] == 1 else 0)


def race_for_a_file(lin, pledge) -> list:
    """One tab takes a file back while another uses it again; the bytes are the same."""
    evidence = upload(uuid4(), pdf(1), user=lin, pledge=pledge)

    def act(which: int):
        if which:
            return remove(evidence, user=lin)
        return use_again(uuid4(), evidence, user=lin, pledge=pledge).name

    return together(2, act)


@pytest.mark.parametrize("_round", range(5))
def test_a_file_used_again_while_it_is_taken_back_is_there_or_was_not_taken(folder, pledge, lin, _round):
    used, removed = race_for_a_file(lin, pledge)

    assert removed
    assert len(stored(folder)) == Evidence.objects.count() == (0 if used is ValidationError else 1)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite writes one at a time anyway")
def test_twin_without_the_hold_a_row_is_left_without_its_file(folder, monkeypatch, pledge, lin):
    taken, gone = Event(), Event()

    def look_and_wait(_evidence):
        taken.set()
        gone.wait(timeout=20)

    def discard_and_tell(path):
        discard(path)
        gone.set()

    discard = actions.discard
    monkeypatch.setattr(actions, "_hold", look_and_wait)
    monkeypatch.setattr(actions, "discard", discard_and_tell)
    evidence = upload(uuid4(), pdf(1), user=lin, pledge=pledge)

    def act(which: int):
        if which:
            taken.wait(timeout=20)
            return remove(evidence, user=lin)
        return use_again(uuid4(), evidence, user=lin, pledge=pledge).name

    together(2, act)

    assert (Evidence.objects.count(), stored(folder)) == (1, [])


# Files restored older than the database -----------------------------------------------------


def test_what_is_missing_or_changed_is_listed(folder, pledge, lin, capsys):
    files = [
        a_file(ReportFactory(pledge=pledge, author=lin, as_of=MIDSUMMER - timedelta(days=n)))
        for n in range(4)
    ]
    loose = upload(uuid4(), sent("另一份.pdf"), user=lin, pledge=pledge)
    call_command("check_evidence")
    assert "5" in capsys.readouterr().out

    for file in files[:2]:
        (folder / file.file.name).unlink()
    (folder / loose.file.name).write_bytes(PDF[:-1])
    with pytest.raises(CommandError) as caught:
        call_command("check_evidence")

    lines = str(caught.value).splitlines()
    assert [line.split("  ")[1] for line in lines[:-1]] == [each.file.name for each in (*files[:2], loose)]
