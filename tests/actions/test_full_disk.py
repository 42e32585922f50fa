"""A disk that is full: told in words, no row, no piece of a file left behind."""

import resource
import signal
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from pledges.actions import evidence as actions
from pledges.actions.evidence import upload
from pledges.models import Evidence
from tests.actions.test_evidence import stored
from tests.kit.files import PDF, sent
from ykplan.uploads import UnwrittenFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(evidence_folder) -> Path:
    return evidence_folder


@pytest.fixture
def small_disk():
    """No file may grow beyond a few bytes: the disk is full for real, as far as this process can tell."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def fill(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield fill
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def upload_on_full_disk(small_disk, pledge, lin):
    content = PDF + b" " * 300_000 + b"%%EOF"
    file = sent("a.pdf", content)
    small_disk(100_000)
    try:
        with pytest.raises(ValidationError) as caught:
            upload(uuid4(), file, user=lin, pledge=pledge)
    finally:
        small_disk(resource.RLIM_INFINITY)
    return caught.value.messages


def test_a_full_disk_is_told_and_leaves_no_row_and_no_piece(folder, small_disk, pledge, lin):
    [words] = upload_on_full_disk(small_disk, pledge, lin)

    assert words.startswith("a.pdf")
    assert (stored(folder), Evidence.objects.count()) == ([], 0)


def test_twin_without_clearing_up_a_full_disk_keeps_a_piece(monkeypatch, folder, small_disk, pledge, lin):
    monkeypatch.setattr(actions, "discard", lambda _path: None)

    upload_on_full_disk(small_disk, pledge, lin)

    [piece] = stored(folder)
    assert piece.stat().st_size == 100_000


def test_a_file_that_found_no_room_while_it_came_is_told(folder, pledge, lin):
    file = UnwrittenFile(BytesIO(), "evidence", "a.pdf", "application/pdf", 9, None)

    with pytest.raises(ValidationError):
        upload(uuid4(), file, user=lin, pledge=pledge)

    assert stored(folder) == []
