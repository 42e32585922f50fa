"""Counts that are kept can be built and checked from a shell."""

import pytest

from pledges.actions import boards
from pledges.models import KeptBoard, KeptCount
from pledges.queries.sums import none
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory


@pytest.fixture
def plan(db, monkeypatch, settings):
    monkeypatch.setattr(boards, "KEPT_FROM", 3)
    campaign, department = CampaignFactory(), DepartmentFactory()
    return [PledgeFactory(campaign=campaign, department=department) for _ in range(3)]


def test_boards_are_built_anew_and_counted(run, plan):
    assert "1" in run("rebuild_boards").text
    first = KeptBoard.objects.get()

    run("rebuild_boards")

    assert KeptBoard.objects.get(is_stale=False).pk != first.pk
    assert "1" in run("rebuild_boards", "--check").text


def test_a_wrong_one_is_let_go_of_and_the_exit_code_says_so(run, plan):
    run("rebuild_boards")
    KeptCount.objects.update(sums=none())

    assert "1" in run("rebuild_boards", "--check").fault
    assert KeptBoard.objects.get().is_stale
    assert "0" in run("rebuild_boards", "--check").text
