"""Loading the printed orders: equal to the data file, repeatable, and careful with what people said."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone

from pledges.actions import orders as module
from pledges.actions.orders import load_orders, read_orders
from pledges.choices import CampaignKind, ReportState
from pledges.errors import FaultsError
from pledges.models import (
    Campaign,
    Closing,
    Department,
    Extension,
    Milestone,
    Pledge,
    ProgressReport,
    SourceArticle,
    Standing,
)
from tests.cast import ReportFactory, person

pytestmark = pytest.mark.django_db

SEEDS = settings.BASE_DIR / "seeds"
ORDERS = json.loads((SEEDS / "orders-2022.json").read_text(encoding="utf-8"))
ROWS = ORDERS["pledges"]


def everything():
    """Every stored row of the plan, field by field."""
    models = (Department, SourceArticle, Campaign, Pledge, Milestone, ProgressReport, Standing)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


@pytest.fixture
def edited(monkeypatch):
    """Load the orders once, then again from an edited data file."""
    load_orders(2022)

    def load_again(edit):
        orders = read_orders(2022)
        edit(orders.data)
        monkeypatch.setattr(module, "read_orders", lambda year: orders)
        return load_orders(2022)

    return load_again


def row_of(data, number):
    return next(row for row in data["pledges"] if row["number"] == number)


def test_stored_pledges_equal_the_data_file():
    load_orders(2022)

    stored = Pledge.objects.select_related("department", "subset_of", "shared_with").order_by("number")
    shown = [
        {
            "number": pledge.number,
            "department": pledge.department.name,
            "title": pledge.title,
            "metric": pledge.metric,
            "unit": pledge.unit,
            "basis": pledge.basis,
            "direction": pledge.direction,
            "strict": pledge.strict,
            "stretch": pledge.stretch,
            "statistic": pledge.statistic,
            "quote": pledge.quote,
            "span": [pledge.span_start, pledge.span_end],
            "remark": pledge.remark,
            "subset_of": pledge.subset_of and pledge.subset_of.number,
            "shared_with": pledge.shared_with and pledge.shared_with.number,
        }
        for pledge in stored
    ]

    derived = {"kind", "comparator", "milestones"}
    assert shown == [
        {name: value for name, value in row.items() if name not in derived}
        | {"strict": row["comparator"] in "<>"}
        for row in ROWS
    ]


def test_stored_milestones_equal_the_data_file():
    load_orders(2022)

    stored = Milestone.objects.select_related("pledge").order_by("pledge__number", "due")
    assert [
        (m.pledge.number, m.due.isoformat(), m.due_words, m.target, [m.mark_start, m.mark_end])
        for m in stored
    ] == [
        (row["number"], s["due"], s["due_words"], s["target"] and Decimal(s["target"]), s["mark"])
        for row in ROWS
        for s in row["milestones"]
    ]


def test_codes_carry_the_year():
    load_orders(2022)

    codes = Pledge.objects.order_by("number").values_list("code", flat=True)
    assert list(codes) == [f"2022-{row['number']}" for row in ROWS]


def test_article_is_kept_to_the_last_character():
    load_orders(2022)

    article = Campaign.objects.get(code="wujin-2022").article
    assert article.text.encode() == (SEEDS / ORDERS["article"]["file"]).read_bytes()
    assert article.note.splitlines() == [ORDERS["article"]["year_note"], ORDERS["article"]["page_note"]]


def test_printed_figure_is_accepted_without_author_or_reviewer_but_with_its_source():
    load_orders(2022)

    report = ProgressReport.objects.get()
    assert (report.pledge.code, report.value, report.as_of) == ("2022-02-13", 684, date(2022, 6, 30))
    assert (report.state, report.author, report.reviewer) == (ReportState.ACCEPTED, None, None)
    assert report.source.note == ORDERS["reports"][0]["source_note"]
    assert report.source.text == ""


def test_second_load_changes_nothing():
    load_orders(2022)
    before = everything()

    tally = load_orders(2022)

    assert everything() == before
    assert tally.is_quiet


def test_first_load_says_how_many_rows_it_created():
    tally = load_orders(2022)

    stones = sum(len(row["milestones"]) for row in ROWS)
    assert [counts["created"] for counts in tally.counts.values()] == [15, 2, 1, len(ROWS), stones, 1]
    assert [line.count("0") >= 2 for line in tally.lines()] == [True] * 6


def test_every_pledge_has_a_standing_on_every_day():
    load_orders(2022)

    for day in (date(2022, 1, 1), date(2022, 6, 30), date(2026, 1, 1)):
        assert Standing.objects.on(day).count() == len(ROWS)


def test_changed_row_changes_the_stored_row_and_says_so(edited):
    def mend(data):
        row_of(data, "14-02")["remark"] = "复核"

    tally = edited(mend)

    assert Pledge.objects.get(code="2022-14-02").remark == "复核"
    assert [remark.endswith("— → 复核") for remark in tally.remarks] == [True]
    assert not tally.is_quiet


def test_changed_deadline_replaces_the_milestone_and_judges_anew(edited):
    def postpone(data):
        row_of(data, "01-01")["milestones"][0]["due"] = "2022-06-30"

    edited(postpone)

    pledge = Pledge.objects.get(code="2022-01-01")
    assert [stone.due for stone in pledge.milestones.all()] == [date(2022, 6, 30)]
    assert pledge.standings.on(date(2022, 6, 15)).get().light == "yellow"


def test_changed_relation_is_followed(edited):
    def part(data):
        row_of(data, "03-02")["subset_of"] = None

    edited(part)

    assert Pledge.objects.get(code="2022-03-02").subset_of is None


def test_promise_people_reported_about_is_not_changed_but_named(edited):
    pledge = Pledge.objects.get(code="2022-14-02")
    ReportFactory(pledge=pledge, author=person("lin", "林会计"))

    def lower(data):
        row_of(data, "14-02")["milestones"][-1]["target"] = "30"

    tally = edited(lower)

    assert pledge.milestones.last().target == 34
    assert any(str(pledge) in remark for remark in tally.remarks)
    assert tally.is_quiet


def test_remark_of_a_pledge_people_reported_about_may_change(edited):
    pledge = Pledge.objects.get(code="2022-14-02")
    ReportFactory(pledge=pledge, author=person("lin", "林会计"))

    edited(lambda data: row_of(data, "14-02").update(remark="复核"))

    assert Pledge.objects.get(pk=pledge.pk).remark == "复核"


def test_thresholds_of_the_administrators_are_kept():
    load_orders(2022)
    Campaign.objects.update(yellow_points=5, red_points=20, due_soon_days=30)

    load_orders(2022)

    campaign = Campaign.objects.get()
    assert (campaign.yellow_points, campaign.red_points, campaign.due_soon_days) == (5, 20, 30)
    assert campaign.kind == CampaignKind.REAL


def test_year_without_orders_is_refused():
    with pytest.raises(FaultsError, match="2021"):
        load_orders(2021)


def test_long_values_are_shortened_in_what_is_said(edited):
    tally = edited(lambda data: row_of(data, "14-02").update(remark="长" * 60))

    assert tally.remarks[0].endswith("长" * 40 + "…")


def put_off(code, *, to):
    """A granted extension, as the action leaves it."""
    stone = Milestone.objects.filter(pledge__code=code).latest("due")
    asked = {"was_due": stone.due, "new_due": to, "reason": "用地指标未下达"}
    by, chen = person("lin", "林会计"), person("chen", "陈督查")
    decided = {"decided_by": chen, "decided_at": timezone.now(), "state": "granted"}
    Extension.objects.create(milestone=stone, asked_by=by, **asked, **decided)
    Milestone.objects.filter(pk=stone.pk).update(original_due=stone.due, due=to)
    return stone


def test_a_granted_extension_stays_when_the_orders_are_loaded_again():
    load_orders(2022)
    stone = put_off("2022-14-02", to=date(2023, 1, 31))

    tally = load_orders(2022)

    stone.refresh_from_db()
    assert (stone.due, stone.original_due) == (date(2023, 1, 31), date(2022, 12, 31))
    assert tally.is_quiet


def test_promise_of_a_deadline_that_was_put_off_is_not_changed_but_named(edited):
    stone = put_off("2022-14-02", to=date(2023, 1, 31))

    def earlier(data):
        row_of(data, "14-02")["milestones"][-1]["due"] = "2022-11-30"

    tally = edited(earlier)

    stone.refresh_from_db()
    assert (stone.due, stone.original_due) == (date(2023, 1, 31), date(2022, 12, 31))
    assert any(str(stone.pledge) in remark for remark in tally.remarks)


def test_a_printed_figure_for_a_closed_pledge_is_left_out_and_named(edited):
    ProgressReport.objects.all()._raw_delete(ProgressReport.objects.db)
    row = read_orders(2022).data["reports"][0]
    pledge = Pledge.objects.get(code=f"2022-{row['pledge']}")
    Closing.objects.create(pledge_id=pledge.book_id, closed_by=person("chen", "陈督查"))

    tally = edited(lambda data: None)

    assert not ProgressReport.objects.filter(pledge=pledge.book_id).exists()
    assert any(remark.startswith(str(pledge)) for remark in tally.remarks)
