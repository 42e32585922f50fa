"""What is swept up: forms never sent, files without a row, both after a day; nothing else."""

import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from pledges.actions import evidence as actions
from pledges.actions import sweeping
from pledges.actions.evidence import upload
from pledges.actions.reports import submit_report
from pledges.actions.sweeping import sweep_evidence
from pledges.actions.tick import DUTIES
from pledges.models import Evidence, Heartbeat
from tests.actions.test_evidence import pdf, said, stored
from tests.cast import MIDSUMMER
from tests.kit.files import sent

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(evidence_folder):
    return evidence_folder


@pytest.fixture
def sweep(django_capture_on_commit_callbacks):
    def swept(**after) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return sweep_evidence(now=timezone.now() + timedelta(**after))

    return swept


def orphan(folder, name="ab/abcd", *, hours=25):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left behind")
    then = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def test_a_form_never_sent_is_forgotten_after_a_day(folder, pledge, lin, sweep):
    upload(uuid4(), sent(), user=lin, pledge=pledge)

    assert sweep(hours=23) == 0
    assert sweep(hours=25)

    assert (stored(folder), Evidence.objects.count()) == ([], 0)


def test_what_was_sent_stays(folder, pledge, lin, sweep):
    key = uuid4()
    upload(key, sent(), user=lin, pledge=pledge)
    submit_report(pledge, said(50), author=lin, key=key, today=MIDSUMMER)

    assert sweep(days=400) == 0
    assert len(stored(folder)) == 1


def test_a_file_without_a_row_goes_after_a_day(folder, sweep):
    orphan(folder)
    young = orphan(folder, "cd/cdef", hours=23)

    assert sweep() == 1
    assert stored(folder) == [young]


def test_what_a_rollback_left_is_swept_up(monkeypatch, folder, pledge, lin, sweep):
    """As if the process had been killed between the file and its row."""

    def killed(*_args, **_kwargs):
        raise IntegrityError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_row", killed)
        patch.setattr(actions, "discard", lambda _path: None)
        with pytest.raises(IntegrityError):
            upload(uuid4(), sent(), user=lin, pledge=pledge)
    [left] = stored(folder)

    assert (sweep(hours=1), stored(folder)) == (0, [left])
    assert (sweep(hours=25), stored(folder)) == (1, [])


def test_many_strangers_are_no_leftovers(folder, sweep, caplog):
    """An older database without the rows of newer files: they are all that is left of the evidence."""
    paths = [orphan(folder, f"ab/{number:02}") for number in range(21)]

    assert sweep() == 0
    assert stored(folder) == paths
    assert "left alone" in caplog.text


def test_twin_without_the_fuse_they_would_be_gone(monkeypatch, folder, sweep):
    monkeypatch.setattr(sweeping, "FEW", 10**6)
    for number in range(21):
        orphan(folder, f"ab/{number:02}")

    assert (sweep(), stored(folder)) == (21, [])


def test_it_looks_at_most_once_an_hour(folder, sweep):
    assert sweep() == 0
    orphan(folder)

    assert sweep(minutes=59) == 0
    assert sweep(minutes=61) == 1


def test_a_heart_that_beat_in_the_future_stops_nothing(folder, sweep):
    assert sweep(days=300) == 0
    orphan(folder)

    assert sweep() == 1


def test_many_files_are_asked_for_in_batches(monkeypatch, folder, pledge, lin, sweep):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for number in range(5):
        upload(uuid4(), pdf(number), user=lin, pledge=pledge)
    orphan(folder)

    assert sweep() == 1
    assert len(stored(folder)) == 5


def test_a_file_taken_back_this_very_moment_is_no_fault(monkeypatch, folder, sweep):
    monkeypatch.setattr(sweeping, "_stored", lambda _storage: iter(["ab/gone"]))

    assert sweep() == 0


def test_the_tick_does_it(folder, django_capture_on_commit_callbacks):
    orphan(folder)

    DUTIES["evidence"](timezone.now)

    assert (stored(folder), Heartbeat.objects.filter(duty="evidence").count()) == ([], 1)
