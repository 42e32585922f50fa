"""Every command: one clear line for a bad argument, no traceback, nothing changed; and the small ones in full."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils.timezone import localdate

from pledges.management.commands import tick as tick_command
from pledges.models import Campaign, Heartbeat, Pledge, Standing

BAD = [
    ("load_orders", "--year", "x"),
    ("load_orders", "--year", "1999"),
    ("load_rehearsal",),
    ("export_plan",),
    ("export_plan", "nowhere"),
    ("export_plan", "wujin-2022", "--format", "xml"),
    ("export_board", "wujin-2022"),
    ("export_board", "nowhere", "--on", "2022-06-30"),
    ("export_board", "wujin-2022", "--on", "2022-13-01"),
    ("import_reports",),
    ("import_reports", "nowhere.csv", "--by", "nobody"),
    ("make_plan",),
    ("make_plan", "--pledges", "5"),
    ("make_plan", "--departments", "5"),
    ("make_plan", "--pledges", "0", "--departments", "1"),
    ("make_plan", "--pledges", "-5", "--departments", "1"),
    ("make_plan", "--pledges", "５", "--departments", "1"),
    ("make_plan", "--pledges", "10000001", "--departments", "1"),
    ("make_plan", "--pledges", "1e3", "--departments", "1"),
    ("make_plan", "--pledges", "5", "--departments", "1", "--reports", "-1"),
    ("rebuild_standings",),
    ("rebuild_standings", "nowhere"),
    ("tick", "now"),
]


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_argument_gets_one_line_and_changes_nothing(run, campaign, words):
    before = list(Campaign.objects.values())

    answer = run(*words)

    assert answer.fault
    assert "\n" not in answer.fault
    assert answer.text == ""
    assert list(Campaign.objects.values()) == before
    assert not Pledge.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "words,code", [(("export_board", "x"), 2), (("make_plan", "--pledges", "x", "--departments", "1"), 2)]
)
def test_shell_sees_one_line_on_stderr_and_a_code(words, code):
    called = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (called.returncode, called.stdout, called.stderr.count("\n")) == (code, "", 1)


@pytest.mark.slow
def test_json_is_utf_8_whatever_the_shell_speaks(tmp_path):
    environment = {
        **os.environ,
        "YKPLAN_EMBEDDED": "true",
        "YKPLAN_STATE": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PYTHONIOENCODING": "gbk",
    }

    def manage(*words, **options):
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, **options)

    manage("migrate", "--verbosity", "0", "--skip-checks")
    manage("load_orders", stdout=subprocess.DEVNULL)
    answer = manage("export_plan", "wujin-2022", capture_output=True)

    assert json.loads(answer.stdout.decode("utf-8"))[0]["department"] == "经信局"
    reader = subprocess.run(
        f"{sys.executable} manage.py export_plan wujin-2022 | head -c 100",
        shell=True, cwd=settings.BASE_DIR, env=environment, capture_output=True, check=False,
    )  # fmt: skip
    assert reader.stderr == b""


def test_orders_are_loaded_and_told(run):
    assert "169" in run("load_orders").text
    assert Pledge.objects.count() == 169


def test_rehearsal_is_for_the_embedded_mode(run, settings, tmp_path):
    settings.STATE_DIR = tmp_path
    assert "YKPLAN_EMBEDDED" in run("load_rehearsal").fault

    settings.EMBEDDED = True

    assert run("load_rehearsal").fault == ""
    assert Campaign.objects.get().code == f"wujin-{localdate().year}-rehearsal"


def test_plan_for_measuring_is_made_and_removed(run):
    assert "synthetic-3-6" in run("make_plan", "--pledges", "6", "--departments", "2", "--seed", "3").text
    assert Pledge.objects.count() == 6

    run("make_plan", "--remove")

    assert not Pledge.objects.exists()


def test_no_reports_is_a_number_too(run):
    run("make_plan", "--pledges", "2", "--departments", "1", "--reports", "0")

    assert not Pledge.objects.filter(reports__isnull=False).exists()


def test_standings_come_back_after_they_were_lost(run, pledge):
    before = list(Standing.objects.values_list("since", "until", "light"))
    Standing.objects.all().delete()

    run("rebuild_standings", pledge.campaign.code)

    assert list(Standing.objects.values_list("since", "until", "light")) == before


def test_tick_needs_no_broker(run, pledge):
    assert run("tick").fault == ""
    assert Heartbeat.objects.get(duty="lights").day == localdate()


def test_tick_that_fails_says_which_duty(run, monkeypatch):
    monkeypatch.setattr(tick_command, "tick", lambda *, clock: ["lights"])

    assert "lights" in run("tick").fault
