"""A sheet is taken as a whole or not at all, however its process ends and however many confirm it at once."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from pledges.actions import sheets as actions
from pledges.actions.sheets import take_sheet
from pledges.errors import FaultsError
from pledges.importers import uploads
from pledges.importers.uploads import look_at
from pledges.models import AuditEvent, ProgressReport, SheetUpload
from tests.cast import MIDSUMMER, PledgeFactory
from tests.kit.processes import ROOT, ended_afterwards
from tests.kit.senders import environment_of_tests
from tests.kit.sheets import filled, form_of, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.no_cover]

KILLS = int(os.environ.get("SHEET_KILLS", "4"))
ROWS = 60
"""Enough for a moment in which to die."""


@pytest.fixture
def sheet(campaign, finance, lin):
    """A full sheet that waits for its confirmation."""
    pledges = PledgeFactory.create_batch(ROWS, campaign=campaign, department=finance)
    said = {pledge.code: {"as_of": date(2022, 6, 30), "value": 5} for pledge in pledges}
    return uploaded(lin, campaign, filled(form_of(lin, campaign), said))


@contextmanager
def taker(upload):
    """A process that has looked at the sheet and waits for the word to take it."""
    command = [sys.executable, "-m", "tests.kit.taker", str(upload.pk)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env=environment_of_tests(), **pipes)
    with ended_afterwards(process):
        assert process.stdout.readline() == "ready\n"
        yield process


def say_go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def state():
    """How many reports, audit rows of reports, and taken sheets."""
    told = AuditEvent.objects.filter(action="report.submit").count()
    return ProgressReport.objects.count(), told, SheetUpload.objects.filter(taken_at__isnull=False).count()


NOTHING, ALL = (0, 0, 0), (ROWS, ROWS, 1)


def test_kill_in_the_middle_leaves_nothing_or_all(sheet):
    chance = random.Random(5)
    with taker(sheet) as process:
        began = time.monotonic()
        say_go(process)
        process.wait(60)
        whole = time.monotonic() - began
    assert state() == ALL
    for _kill in range(KILLS):
        ProgressReport.objects.all()._raw_delete("default")  # the model itself refuses
        sheet = again(sheet)
        before = state()
        with taker(sheet) as process:
            say_go(process)
            time.sleep(chance.uniform(0, whole))
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        reports, told, taken = (now - was for now, was in zip(state(), before, strict=True))
        assert (reports, told, taken) in {NOTHING, ALL}


def again(sheet):
    """The same rows as another sheet."""
    SheetUpload.objects.all().delete()
    sheet.pk = None
    sheet.taken_at, sheet.made = None, 0
    sheet.save(force_insert=True)
    return sheet


def test_without_the_transaction_a_kill_would_leave_a_part(sheet, lin, monkeypatch):
    stop = iter(range(ROWS))

    def die(*_args, **_kwargs):
        if next(stop) == ROWS // 2:
            raise KeyboardInterrupt

    plain = take_sheet.__wrapped__
    monkeypatch.setattr(actions, "take_all", lambda sayings, **_more: [one(each, die) for each in sayings])

    def one(saying, then):
        with transaction.atomic():
            ProgressReport.objects.create(
                pledge=saying.pledge,
                as_of=saying.said.as_of,
                value=saying.said.value,
                typed_value=saying.said.value,
                key=saying.key,
                author=lin,
                submitted_at=sheet.uploaded_at,
            )
        then()

    with pytest.raises(KeyboardInterrupt):
        plain(
            sheet_unlocked(sheet, monkeypatch),
            look_at(sheet, today=MIDSUMMER).sayings,
            author=lin,
            today=MIDSUMMER,
        )

    assert 0 < ProgressReport.objects.count() < ROWS


def sheet_unlocked(sheet, monkeypatch):
    """Locks want a transaction; without one there are none."""
    monkeypatch.setattr(type(SheetUpload.objects.all()), "select_for_update", lambda rows, **_more: rows)
    return sheet


def at_once(number, work):
    faults, barrier = [], Barrier(number)

    def run():
        try:
            barrier.wait()
            work()
        except FaultsError as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run) for _each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_two_confirmations_at_once_make_each_report_once(sheet, lin):
    sayings = look_at(sheet, today=MIDSUMMER).sayings

    faults = at_once(2, lambda: take_sheet(sheet, sayings, author=lin, today=MIDSUMMER))

    assert (faults, state()) == ([], ALL)


def test_two_people_with_the_same_file_are_told_who_was_first(sheet, lin, campaign):
    other = again_beside(sheet)
    both = iter([sheet, other])
    sayings = {upload.pk: look_at(upload, today=MIDSUMMER).sayings for upload in (sheet, other)}

    def work():
        upload = next(both)
        take_sheet(upload, sayings[upload.pk], author=lin, today=MIDSUMMER)

    faults = at_once(2, work)

    assert (len(faults), state()) == (1, ALL)


def again_beside(sheet):
    twin = SheetUpload.objects.get(pk=sheet.pk)
    twin.pk, twin.key = None, uploads.row_key(sheet, 0)
    twin.save(force_insert=True)
    return twin


def test_sheet_survives_a_restart_between_look_and_confirmation(sheet):
    with taker(sheet) as process:
        process.kill()
        process.wait(30)
    with taker(sheet) as process:
        say_go(process)
        assert process.wait(60) == 0

    assert state() == ALL
