"""The plan for machines: the contract's fields, and the data file back again."""

import json
from datetime import date

import pytest
from django.conf import settings

from pledges.actions.orders import load_orders
from pledges.choices import Basis, Direction
from tests.cast import CampaignFactory, PledgeFactory
from tests.kit.seals import costs_of_a_row

FIELDS = [
    *("campaign", "department", "pledge", "title", "kind", "basis", "direction", "comparator", "metric"),
    *(
        "unit",
        "target",
        "due",
        "due_words",
        "stretch",
        "subset_of",
        "shared_with",
        "quote",
        "article",
        "span",
    ),
]

ORDERS = json.loads((settings.BASE_DIR / "seeds" / "orders-2022.json").read_text(encoding="utf-8"))


def code(number):
    return number and f"2022-{number}"


def test_one_object_per_milestone_equals_the_data_file(run):
    load_orders(2022)

    rows = run("export_plan", "wujin-2022", "--format", "json").json

    assert [list(row) for row in rows] == [FIELDS] * len(rows)
    same = ("department", "title", "kind", "basis", "direction", "comparator", "metric", "unit")
    assert rows == [
        {name: row[name] for name in (*same, "stretch", "quote", "span")}
        | {"campaign": "wujin-2022", "article": "orders-2022", "pledge": code(row["number"])}
        | {"subset_of": code(row["subset_of"]), "shared_with": code(row["shared_with"])}
        | {name: stone[name] for name in ("target", "due", "due_words")}
        for row in ORDERS["pledges"]
        for stone in row["milestones"]
    ]


def test_quote_and_span_name_the_same_words_of_the_article(run):
    load_orders(2022)
    text = (settings.BASE_DIR / "seeds" / "article-2022.txt").read_bytes().decode()

    for row in run("export_plan", "wujin-2022").json:
        assert row["quote"] == "".join(text[slice(*row["span"])].split())


def test_chinese_is_written_as_chinese(run):
    load_orders(2022)

    assert "金融办" in run("export_plan", "wujin-2022").text


@pytest.mark.parametrize(
    "direction,strict,sign",
    [
        (Direction.AT_LEAST, False, ">="),
        (Direction.AT_LEAST, True, ">"),
        (Direction.AT_MOST, False, "<="),
        (Direction.AT_MOST, True, "<"),
    ],
)
def test_comparator_says_direction_and_strictness(run, campaign, direction, strict, sign):
    PledgeFactory(campaign=campaign, direction=direction, strict=strict)

    assert [row["comparator"] for row in run("export_plan", campaign.code).json] == [sign]


@pytest.mark.parametrize(
    "target,written",
    [
        ("100", "100"),
        ("36.8", "36.8"),
        ("0.0001", "0.0001"),
        ("99999999999999", "99999999999999"),
        ("0", "0"),
    ],
)
def test_numbers_are_plain_strings(run, campaign, target, written):
    PledgeFactory(campaign=campaign, stones=[(date(2022, 12, 31), target)])

    assert [row["target"] for row in run("export_plan", campaign.code).json] == [written]


def test_deliverable_has_no_target_and_no_span_where_nothing_was_printed(run, campaign):
    PledgeFactory(campaign=campaign, basis=Basis.DELIVERABLE, unit="", stones=[(date(2022, 5, 31), None)])

    row = run("export_plan", campaign.code).json[0]
    assert (row["kind"], row["target"], row["span"], row["article"]) == ("deliverable", None, None, None)


def test_empty_campaign_is_an_empty_array(run):
    assert run("export_plan", CampaignFactory().code).json == []


def test_number_of_queries_does_not_grow_with_the_plan(run, campaign, django_assert_num_queries):
    PledgeFactory(campaign=campaign)
    with django_assert_num_queries(4 + costs_of_a_row()):
        run("export_plan", campaign.code)
    PledgeFactory.create_batch(2, campaign=campaign)
    with django_assert_num_queries(4 + costs_of_a_row()):
        run("export_plan", campaign.code)


def test_unknown_campaign_is_told_which_there_are(run, campaign):
    answer = run("export_plan", "nowhere")

    assert "nowhere" in answer.fault
    assert campaign.code in answer.fault
    assert answer.text == ""
