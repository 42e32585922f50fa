"""Files are handed out only as they were sent, and that is on record."""

from pathlib import Path
from uuid import uuid4

import pytest

from pledges.actions import evidence as actions
from pledges.actions.evidence import contents_of, hand_out, upload
from pledges.errors import BrokenFileError
from pledges.models import AuditEvent
from tests.actions.test_evidence import report_on, stored
from tests.kit.files import PDF, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(evidence_folder) -> Path:
    return evidence_folder


def test_a_file_is_handed_out_as_it_was_sent_and_that_is_on_record(pledge, lin, chen):
    key = uuid4()
    evidence = upload(key, sent(), user=lin, pledge=pledge)
    report_on(pledge, lin, 50, key=key)
    evidence.refresh_from_db()

    assert hand_out(evidence, user=chen) == PDF

    event = AuditEvent.objects.get(action="evidence.download")
    assert (event.actor_id, event.object_id, event.pledge_id) == (chen.pk, str(evidence.pk), pledge.pk)
    assert evidence.sha256 in event.payload


def test_a_loose_file_is_handed_out_to_its_owner(pledge, lin):
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)

    assert hand_out(evidence, user=lin) == PDF


def flip_a_byte(folder):
    [path] = stored(folder)
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)


def test_a_flipped_byte_is_noticed(folder, pledge, lin):
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)
    flip_a_byte(folder)

    with pytest.raises(BrokenFileError) as caught:
        hand_out(evidence, user=lin)

    assert (caught.value.is_missing, AuditEvent.objects.filter(action="evidence.download").count()) == (
        False,
        0,
    )


def test_twin_who_believes_the_disk_hands_out_anything(monkeypatch, folder, pledge, lin):
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)
    flip_a_byte(folder)

    class Believer:
        def hexdigest(self):
            return evidence.sha256

    monkeypatch.setattr(actions.hashlib, "sha256", lambda *_args: Believer())
    assert contents_of(evidence) != PDF


def test_a_missing_file_is_told(folder, pledge, lin):
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)
    stored(folder)[0].unlink()

    with pytest.raises(BrokenFileError) as caught:
        contents_of(evidence)

    assert caught.value.is_missing is True
