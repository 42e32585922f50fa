"""Children that behave badly, as real processes."""

import os
import signal
import sys

import pytest

from tests.kit.processes import wait_until
from ykplan import supervise
from ykplan.supervise import Family

pytestmark = pytest.mark.static
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
)


@pytest.fixture
def family(tmp_path):
    said = []
    family = Family(tmp_path, dict(os.environ), said.append)
    family.said = said
    yield family
    for child in family.children:
        supervise.end_group(child.process)
        child.process.wait()


def test_child_that_ignores_the_request_is_killed_after_the_time(family, tmp_path, monkeypatch):
    monkeypatch.setattr(supervise, "STOP_WITHIN_S", 0.3)
    child = family.start("stubborn", [sys.executable, "-c", STUBBORN])
    wait_until((tmp_path / "stubborn.log").read_text, within=10, what="the child's first word")

    family.stop(["stubborn"])

    assert child.process.returncode == -signal.SIGKILL


def test_children_are_stopped_in_the_order_given(family):
    for name in ("broker", "web"):
        family.start(name, ["sleep", "60"])
    ended = []
    for child in family.children:
        child.process.terminate = lambda child=child, real=child.process.terminate: (
            ended.append(child.name),
            real(),
        )

    family.stop(["web", "worker", "broker"])

    assert ended == ["web", "broker"]


def test_child_that_keeps_dying_is_restarted_with_growing_pauses(family, monkeypatch):
    now = 1_000.0
    monkeypatch.setattr(supervise.time, "monotonic", lambda: now)
    child = family.start("beat", ["false"])
    pauses = []
    for _ in range(7):
        child.process.wait()
        family._look_after(child)
        pauses.append(child.restart_at - now)
        now = child.restart_at
        family._look_after(child)

    assert pauses == [1, 3, 7, 15, 30, 30, 30]
    assert family.said[0].startswith("beat 意外停止，1 秒后重新启动")


def test_large_log_is_put_aside(family, tmp_path, monkeypatch):
    monkeypatch.setattr(supervise, "LARGEST_LOG", 3)
    (tmp_path / "web.log").write_text("long")

    family.start("web", ["true"]).process.wait()

    assert (tmp_path / "web.log.1").read_text() == "long"
    assert (tmp_path / "web.log").read_text() == ""
