"""The drill: a backup while somebody writes, put back into an empty database. Nobody gets a letter of the past."""

import hashlib
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connections

from pledges.actions import restores
from pledges.actions.audit import record
from pledges.actions.backups import EVIDENCE, MANIFEST, SUMS, make_backup
from pledges.actions.letters import retry_letter
from pledges.actions.restores import restore_backup
from pledges.actions.tick import tick
from pledges.choices import LetterState, Occasion
from pledges.errors import FaultsError
from pledges.models import AuditEvent, Evidence, Letter, ProgressReport, Reminder, User
from pledges.queries.audits import examine
from pledges.rules.manifests import manifest_in
from tests.cast import accepted
from tests.kit.desks import urge
from tests.kit.letters import a_letter, a_line
from tests.kit.smtp import post_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2022, 7, 4, 1, tzinfo=UTC)
"""A Monday on which nothing is asked anew: the figure of June is there."""

NAMES = ("ab/one", "cd/two", "ef/three")


@pytest.fixture
def house(settings, tmp_path, pledge, lin, chen):
    """Letters in every state, reminders that wait, three files, a session, and things that happened."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    root = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "evidence": settings.STORAGES["evidence"] | {"OPTIONS": {"location": root, "base_url": None}}
    }
    report = accepted(pledge, as_of=date(2022, 6, 30), value=50, reviewer=chen, author=lin)
    for name in NAMES:
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(name)
        Evidence.objects.create(
            report=report, form_key=report.key, file=name, name=f"{name[3:]}.txt", kind="txt", size=len(name),
            sha256=hashlib.sha256(name.encode()).hexdigest(), uploaded_by=lin,
        )  # fmt: skip
    before = NOW - timedelta(days=4)
    for state in (LetterState.QUEUED, LetterState.SENDING, LetterState.SENT):
        a_line(pledge, lin, a_letter(lin, state, at=before), occasion=Occasion.NUDGE, letter_on=before.date())
    urge(pledge, chen, "请抓紧", day=NOW.date())
    Session.objects.create(session_key="x", session_data="x", expire_date=NOW + timedelta(days=1))
    for step in range(3):
        record("test.step", pledge, actor=lin, after={"step": step})
    return root


def emptied() -> None:
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


def mailed(settings, clock) -> list:
    """What a real mail server gets from one tick."""
    with post_office() as post:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        assert tick(clock=clock) == []
        return list(post.letters)


def test_a_backup_made_while_somebody_writes_is_put_back_and_mails_nothing_of_the_past(
    house, settings, tmp_path
):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            record("test.write", actor=None, name=f"{number}")
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = make_backup(tmp_path / "backup", now=NOW)
    finally:
        stop.set()
        writer.join()
    assert AuditEvent.objects.count() > made.audit_id >= 3
    counted = (User.objects.count(), ProgressReport.objects.count())

    emptied()
    for name in NAMES:
        (house / name).unlink()
    done = restore_backup(tmp_path / "backup", now=NOW)

    assert (User.objects.count(), ProgressReport.objects.count()) == counted
    assert (done.manifest, done.missing, done.held) == (made, [], 3)
    assert [(house / name).read_text() for name in NAMES] == list(NAMES)
    assert examine(settings.AUDIT_ANCHORS).words == []
    assert AuditEvent.objects.latest("id").action == "command.restore"
    assert not Session.objects.exists()
    assert mailed(settings, lambda: NOW) == []
    assert Letter.objects.filter(state=LetterState.HELD).count() == 3
    assert Reminder.objects.waiting().filter(letter__state=LetterState.HELD).count() == 3


def test_without_the_hold_the_past_would_be_mailed(house, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(restores, "hold_letters", lambda *, now: 0)
    make_backup(tmp_path / "backup", now=NOW)
    emptied()
    restore_backup(tmp_path / "backup", now=NOW)

    assert len(mailed(settings, lambda: NOW)) > 0


def test_a_held_letter_goes_when_somebody_says_so(house, settings, tmp_path, chen):
    make_backup(tmp_path / "backup", now=NOW)
    emptied()
    restore_backup(tmp_path / "backup", now=NOW)
    letter = Letter.objects.get(key__startswith="held|")
    retry_letter(letter, by=User.objects.get(username="chen"), now=NOW)

    assert letter.state == LetterState.QUEUED


def test_evidence_that_did_not_come_back_is_listed_and_the_rest_stands(house, tmp_path):
    (house / NAMES[0]).write_text("changed")
    (house / NAMES[1]).unlink()
    make_backup(tmp_path / "backup", now=NOW)
    emptied()
    done = restore_backup(tmp_path / "backup", now=NOW)

    assert sorted(each.split()[1] for each in done.missing) == ["one.txt", "two.txt"]


def test_nothing_is_put_into_a_database_that_is_not_empty(house, tmp_path):
    make_backup(tmp_path / "backup", now=NOW)
    before = AuditEvent.objects.count()

    with pytest.raises(FaultsError, match=r"not empty|不是空"):
        restore_backup(tmp_path / "backup", now=NOW)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("what", [MANIFEST, SUMS, f"{EVIDENCE}/{NAMES[0]}", "database"])
@pytest.mark.parametrize("spoil", ["changed", "missing"])
def test_a_backup_that_is_not_what_it_was_is_refused_before_anything_is_changed(house, tmp_path, what, spoil):
    made = make_backup(tmp_path / "backup", now=NOW)
    file = tmp_path / "backup" / (made.database if what == "database" else what)
    emptied()
    if spoil == "missing":
        file.unlink()
    else:
        file.write_bytes(b"x" + file.read_bytes())

    with pytest.raises(FaultsError):
        restore_backup(tmp_path / "backup", now=NOW)
    assert not User.objects.exists()


@pytest.mark.parametrize("changes", [{"vendor": "oracle"}, {"migrations": ["pledges.9999_later"]}])
def test_a_backup_of_another_house_is_refused(house, tmp_path, changes):

    file = tmp_path / "backup" / MANIFEST
    made = make_backup(tmp_path / "backup", now=NOW)
    file.write_text(replace(made, **changes).text)
    emptied()

    with pytest.raises(FaultsError):
        restore_backup(tmp_path / "backup", now=NOW)


def test_what_came_back_is_held_against_the_manifest(house, tmp_path):

    file = tmp_path / "backup" / MANIFEST
    made = make_backup(tmp_path / "backup", now=NOW)
    lied = replace(made, counts=made.counts | {"pledges_user": 99}, audit_hash="f" * 64)
    file.write_text(lied.text)
    emptied()

    with pytest.raises(FaultsError) as refusal:
        restore_backup(tmp_path / "backup", now=NOW)
    assert len(refusal.value.faults) == 2
    assert not Letter.objects.filter(state__in=LetterState.open).exists()


def test_a_backup_has_a_folder_of_its_own(house, tmp_path):
    (tmp_path / "taken").write_text("x")

    for folder in (tmp_path, tmp_path / "taken"):
        with pytest.raises(FaultsError):
            make_backup(folder, now=NOW)


def test_the_commands_say_what_they_did_and_refuse_in_one_line(house, tmp_path, capsys):
    call_command("backup", tmp_path / "backup")
    with pytest.raises(CommandError):
        call_command("restore", tmp_path / "backup")
    emptied()
    (house / NAMES[0]).unlink()
    (tmp_path / "backup" / EVIDENCE / "zz").write_text("x")
    call_command("restore", tmp_path / "backup")
    call_command("audit_verify")

    assert manifest_in((tmp_path / "backup" / MANIFEST).read_text()).audit_id == 3
    assert len(capsys.readouterr().out.splitlines()) >= 4
