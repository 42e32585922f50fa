"""The board for machines: exactly what the overview shows for a day."""

from collections import Counter
from datetime import date

import pytest
from django.utils import translation

from pledges.actions.rehearsal import load_rehearsal
from pledges.choices import Basis, Light
from pledges.models import Campaign, Pledge
from pledges.queries.facts import judged
from pledges.wording import why
from tests.cast import MIDSUMMER, PledgeFactory, accepted
from tests.kit.seals import costs_of_a_row

TOP = ["campaign", "on", "thresholds", "counts", "departments", "pledges"]
LIGHTS = ["done", "green", "yellow", "red", "grey"]
FIELDS = [
    *("pledge", "department", "light", "reason", "reason_code", "expected", "actual", "as_of"),
    *("gap_points", "to_green", "holds_until", "next_due", "shared_with"),
]


def board(run, campaign, day=MIDSUMMER):
    return run("export_board", campaign.code, "--on", day.isoformat(), "--format", "json").json


def test_fields_are_those_of_the_contract(run, pledge):
    shown = board(run, pledge.campaign)

    assert list(shown) == TOP
    assert list(shown["counts"]) == LIGHTS
    assert [list(row) for row in shown["departments"]] == [["name", "counts"]]
    assert [list(row) for row in shown["pledges"]] == [FIELDS]


def test_one_pledge_in_full(run, pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 30), value=30, reviewer=chen, author=lin)

    row = board(run, pledge.campaign)["pledges"][0]

    with translation.override("zh-hans"):
        reason = why(judged([pledge], today=MIDSUMMER)[0])
    assert row == {
        "pledge": pledge.code,
        "department": "金融办",
        "light": "yellow",
        "reason": reason,
        "reason_code": "behind",
        "expected": "49.7253",
        "actual": "30",
        "as_of": "2022-06-30",
        "gap_points": "19.7253",
        "to_green": "10",
        "holds_until": "2022-08-07",
        "next_due": "2022-12-31",
        "shared_with": None,
    }


def test_what_never_ends_and_what_is_unknown_is_null(run, pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)

    row = board(run, pledge.campaign, date(2023, 6, 1))["pledges"][0]

    assert (row["light"], row["holds_until"], row["next_due"]) == ("done", None, None)


def test_reason_is_chinese_whatever_the_language_of_the_shell(run, pledge):
    with translation.override("en"):
        english = board(run, pledge.campaign)

    assert english == board(run, pledge.campaign)


def test_counts_follow_from_the_rows_when_shared_pledges_count_once(run, settings, tmp_path, client, boss):
    client.force_login(boss)
    settings.STATE_DIR = tmp_path
    load_rehearsal(date(2026, 11, 21))
    campaign = Campaign.objects.get()

    for day in (date(2026, 1, 2), date(2026, 7, 1), date(2026, 11, 21)):
        shown = board(run, campaign, day)
        once = Counter(row["light"] for row in shown["pledges"] if row["shared_with"] is None)
        assert {light: number for light, number in shown["counts"].items() if number} == dict(once)
        by_department = Counter((row["department"], row["light"]) for row in shown["pledges"])
        assert by_department == Counter(
            {
                (row["name"], light): number
                for row in shown["departments"]
                for light, number in row["counts"].items()
            }
        )
        overview = client.get(campaign.get_absolute_url(), {"on": day.isoformat()}).context["counts"]
        assert shown["counts"] == {light: overview[light] for light in LIGHTS}


def test_thresholds_are_those_of_the_campaign(run, pledge):
    Campaign.objects.update(yellow_points="7.50")

    assert board(run, pledge.campaign)["thresholds"] == {
        "yellow_points": "7.5",
        "red_points": "30",
        "due_soon_days": 15,
        "small_count": 4,
        "report_day": 25,
        "cycle_months": 1,
        "statistics_lag_days": 30,
    }


def test_day_before_the_campaign_has_no_lights(run, pledge):
    shown = board(run, pledge.campaign, date(2021, 12, 31))

    assert shown["pledges"] == []
    assert set(shown["counts"].values()) == {0}


def test_pledges_stand_in_the_order_of_their_numbers(run, campaign):
    for number in ("02-01", "01-02", "01-01"):
        PledgeFactory(campaign=campaign, number=number)

    assert [row["pledge"][-5:] for row in board(run, campaign)["pledges"]] == ["01-01", "01-02", "02-01"]


def test_second_batch_is_judged_like_the_first(run, campaign, monkeypatch):
    monkeypatch.setattr("pledges.exports.plans_json.BATCH", 2)
    PledgeFactory.create_batch(5, campaign=campaign)

    assert [row["light"] for row in board(run, campaign)["pledges"]] == [Light.GREY] * 5


def test_number_of_queries_does_not_grow_with_the_plan(run, campaign, finance, django_assert_num_queries):
    PledgeFactory(campaign=campaign, department=finance)
    with django_assert_num_queries(7 + costs_of_a_row()):
        board(run, campaign)
    PledgeFactory.create_batch(2, campaign=campaign, department=finance)
    with django_assert_num_queries(7 + costs_of_a_row()):
        board(run, campaign)


def test_level_without_a_baseline_has_no_expected_value(run, campaign, lin, chen):
    plan = PledgeFactory(campaign=campaign, basis=Basis.LEVEL, unit="万元")
    accepted(plan, as_of=date(2022, 6, 30), value="26.50", reviewer=chen, author=lin)

    row = board(run, campaign)["pledges"][0]
    assert (row["expected"], row["actual"], row["gap_points"]) == (None, "26.5", None)


@pytest.mark.parametrize("day", ["2022-02-30", "yesterday", "46000", ""])
def test_what_is_no_day_is_refused(run, campaign, day):
    answer = run("export_board", campaign.code, "--on", day)

    assert "2026-06-30" in answer.fault
    assert "\n" not in answer.fault
    assert Pledge.objects.count() == 0
