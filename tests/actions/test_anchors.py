"""An anchor a day, and the command that holds the chain against it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pledges.actions.anchors import drop_daily_anchor
from pledges.actions.audit import newest_head, record
from pledges.actions.tick import tick
from pledges.models import AuditEvent, Heartbeat
from pledges.queries.audits import anchors_in
from tests.kit.seals import TABLE, unsealed

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 7, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHORS = tmp_path / "kept" / "anchors.jsonl"
    return settings.AUDIT_ANCHORS


def test_before_anything_has_happened_there_is_no_anchor(anchors):
    assert drop_daily_anchor(now=NOW) is None
    assert not anchors.exists()


def test_the_first_tick_of_a_day_drops_one_anchor(anchors, lin, caplog):
    record("test.done", actor=lin)
    caplog.set_level("INFO")
    for _ in range(2):
        assert tick(clock=lambda: NOW) == []
    record("test.done", actor=lin)
    tick(clock=lambda: NOW + timedelta(days=1))

    kept = anchors_in(anchors)
    assert [(anchor.id, anchor.count) for anchor in kept.anchors] == [(1, 1), (2, 2)]
    assert kept.anchors[1].hash == newest_head().hash
    assert caplog.text.count("audit anchor") == 2
    assert Heartbeat.objects.get(duty="anchor").day == (NOW + timedelta(days=1)).date()


def test_an_anchor_that_cannot_be_written_is_a_duty_not_done(settings, tmp_path, lin):
    (tmp_path / "file").write_text("x")
    settings.AUDIT_ANCHORS = tmp_path / "file" / "anchors"
    record("test.done", actor=lin)

    assert "anchor" in tick(clock=lambda: NOW)
    assert not Heartbeat.objects.filter(duty="anchor").exists()


def test_verify_says_that_the_chain_is_whole_and_that_it_looked(lin, capsys):
    record("test.done", actor=lin)
    call_command("audit_verify")

    assert newest_head().id == 2
    assert AuditEvent.objects.get(pk=1).row_hash in capsys.readouterr().out
    assert AuditEvent.objects.get(pk=2).outcome == "ok"


def test_verify_tells_the_first_broken_row_and_fails(lin):
    for _ in range(25):
        record("test.done", actor=lin)
    with unsealed(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET action = 'test.other'")

    with pytest.raises(CommandError) as refusal:
        call_command("audit_verify")
    lines = str(refusal.value).splitlines()
    assert ("1" in lines[1], len(lines)) == (True, 22)
    assert refusal.value.returncode == 1
    assert AuditEvent.objects.latest("id").outcome == "error"


def test_verify_takes_another_copy_of_the_anchors(anchors, tmp_path, lin):
    record("test.done", actor=lin)
    drop_daily_anchor(now=NOW)
    copy = tmp_path / "copy"
    copy.write_text(anchors.read_text().replace(newest_head().hash, "f" * 64))

    call_command("audit_verify")
    with pytest.raises(CommandError):
        call_command("audit_verify", anchors=copy)
    with pytest.raises(CommandError):
        call_command("audit_verify", anchors=tmp_path / "none")
