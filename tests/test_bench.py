"""The measurements still run. What they measure here says nothing: the plan has a handful of pledges."""

import json
from importlib import import_module

import pytest

from bench import kit
from bench.__main__ import NAMES
from bench.kit import Bench, Figure

HANDFUL = 12


@pytest.mark.static
def test_every_script_is_known():
    others = {"__init__", "__main__", "kit", "worlds", "forecast", "sheets"}
    found = {path.stem for path in kit.RESULTS.parent.glob("*.py")} - others

    assert set(NAMES) <= found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", NAMES)
def test_a_script_runs_and_keeps_its_figures(name, tmp_path, monkeypatch):
    monkeypatch.setattr(kit, "RESULTS", tmp_path)
    bench = Bench(name, HANDFUL, rounds=1)

    import_module(f"bench.{name}").measure(bench)
    bench.keep()

    (path,) = tmp_path.glob("*.json")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert (kept["name"], kept["size"]) == (name, HANDFUL)
    assert len(kept["figures"]) == len(bench.figures) > 0
    assert kept["machine"]["cores"] > 0


def test_a_promise_holds_up_to_its_ratio():
    assert Figure("x", 20, floor=10, most=2).holds
    assert Figure("x", 21, floor=10, most=2).holds is False
    assert Figure("x", 12, most=12).holds
    assert Figure("x", 1).holds is None


def test_a_table_read_whole_is_named(db):
    assert any("pledges_pledge" in scan for scan in kit.scans("SELECT remark FROM pledges_pledge"))
    assert not any("pledges" in scan for scan in kit.scans("SELECT 1"))
