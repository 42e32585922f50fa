"""Loading the printed figures of other years: equal to the data file, repeatable, linked in every campaign."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command

from pledges.actions import facts as module
from pledges.actions.facts import load_facts, read_facts
from pledges.actions.orders import load_orders
from pledges.actions.rehearsal import load_rehearsal
from pledges.models import Fact, Pledge, SourceArticle
from pledges.queries.facts_of_years import other_years_of
from pledges.rules.numbers import format_number
from tests.cast import PledgeFactory

pytestmark = pytest.mark.django_db

SEEDS = settings.BASE_DIR / "seeds"
DATA = json.loads((SEEDS / "facts.json").read_text(encoding="utf-8"))


def everything():
    links = Fact.pledges.through
    return {model: list(model.objects.order_by("pk").values()) for model in (Fact, SourceArticle, links)}


@pytest.fixture
def orders():
    load_orders(2022)


@pytest.fixture
def edited(monkeypatch, orders):
    """Load the figures once, then again from an edited data file."""
    load_facts()

    def load_again(edit):
        data = read_facts()
        edit(data)
        monkeypatch.setattr(module, "read_facts", lambda: data)
        return load_facts()

    return load_again


def test_stored_figures_equal_the_data_file(orders):
    load_facts()

    stored = Fact.objects.order_by("pk").select_related("article").prefetch_related("pledges")
    assert [
        {
            "article": fact.article.code,
            "metric": fact.metric,
            "subject": fact.subject,
            "period": fact.period,
            "year": fact.year,
            "kind": fact.kind,
            "value": format_number(fact.value).replace(",", ""),
            "unit": fact.unit,
            "comparator": fact.comparator or None,
            "quote": fact.quote,
            "span": [fact.span_start, fact.span_end],
            "about": sorted(pledge.number for pledge in fact.pledges.all()),
            "remark": fact.remark.split("\n")[0],
        }
        for fact in stored
    ] == DATA["facts"]


def test_pages_are_kept_to_the_last_character(orders):
    load_facts()

    for row in DATA["articles"]:
        article = SourceArticle.objects.get(code=row["code"])
        assert article.text.encode() == (SEEDS / row["file"]).read_bytes()
        assert (article.title, article.note) == (row["title"], row["note"])


def test_both_sides_of_a_contradiction_carry_its_words(orders):
    load_facts()

    stored = list(Fact.objects.order_by("pk"))
    carried = [
        {"facts": [place for place, fact in enumerate(stored) if row["words"] in fact.remark.split("\n")[1:]]}
        | {"words": row["words"]}
        for row in DATA["contradictions"]
    ]
    assert carried == DATA["contradictions"]
    longest = Fact._meta.get_field("remark").max_length
    assert all(len(fact.remark) <= longest for fact in stored)


def test_second_load_changes_nothing(orders):
    load_facts()
    before = everything()

    tally = load_facts()

    assert everything() == before
    assert tally.is_quiet
    assert [counts["kept"] for counts in tally.counts.values()] == [
        len(DATA["articles"]),
        len(DATA["facts"]),
        sum(len(row["about"]) for row in DATA["facts"]),
    ]


def test_without_orders_the_figures_stand_alone():
    load_facts()

    assert (Fact.objects.count(), Fact.objects.filter(pledges__isnull=False).count()) == (
        len(DATA["facts"]),
        0,
    )


def test_the_rehearsal_is_linked_like_the_orders(orders):
    load_rehearsal(today=date(2026, 9, 20))
    load_facts()

    for number in {number for row in DATA["facts"] for number in row["about"]}:
        real, rehearsed = Pledge.objects.filter(number=number).order_by("campaign__starts_on")
        assert [f.fact.pk for f in other_years_of(real).figures]
        assert [f.fact.pk for f in other_years_of(real).figures] == [
            f.fact.pk for f in other_years_of(rehearsed).figures
        ]


def test_a_pledge_of_another_page_with_the_same_number_is_not_linked(orders):
    pledge = PledgeFactory(number="01-29")

    load_facts()

    assert other_years_of(pledge).figures == []


def test_a_figure_read_anew_replaces_the_misread_one(edited):
    def mend(data):
        data["facts"][0]["value"] = "7"

    tally = edited(mend)

    assert Fact.objects.count() == len(DATA["facts"])
    assert Fact.objects.get(metric="项目完成建设").value == Decimal(7)
    assert tally.counts[str(Fact._meta.verbose_name_plural)] == {
        "created": 1, "changed": 0, "kept": len(DATA["facts"]) - 1, "removed": 1,
    }  # fmt: skip


def test_a_link_that_is_gone_from_the_file_is_taken_away(edited):
    def part(data):
        next(row for row in data["facts"] if row["about"] == ["01-29"])["about"] = []

    tally = edited(part)

    assert Fact.objects.filter(pledges__number="01-29").count() == 1
    assert not tally.is_quiet


def test_changed_words_change_the_stored_row_and_say_so(edited):
    tally = edited(lambda data: data["facts"][0].update(remark="复核"))

    assert Fact.objects.filter(remark="复核").count() == 1
    assert [remark.endswith("→ 复核") for remark in tally.remarks] == [True]


def test_the_command_loads_orders_and_figures_and_says_both(capsys):
    call_command("load_orders")
    first = capsys.readouterr().out
    call_command("load_orders")
    second = capsys.readouterr().out

    assert str(len(DATA["facts"])) in first
    assert str(len(DATA["facts"])) in second
    assert Fact.objects.filter(pledges__campaign__code="wujin-2022").exists()
