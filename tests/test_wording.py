"""The sentences of a light, as an official reads them."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from pledges import refusals, wording
from pledges.choices import Basis, Direction
from pledges.queries.facts import judged_one
from pledges.rules.reporting import Fault
from tests.cast import PledgeFactory, accepted

# A sentence is made of what was read, whichever database it came from.
pytestmark = pytest.mark.static

JUNE_30, AUGUST_31, SEPT_20, YEAR_END = (
    date(2022, 6, 30),
    date(2022, 8, 31),
    date(2022, 9, 20),
    date(2022, 12, 31),
)
SERIES = [(JUNE_30, 16), (date(2022, 9, 30), 24), (YEAR_END, 34)]


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def plain(text: str) -> str:
    """Without the blanks that never break."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def told(campaign, finance, lin, chen):
    """The line of a pledge after one accepted value, on a day."""

    def tell(value=None, as_of=AUGUST_31, *, on=SEPT_20, stones=None, **more):
        pledge = PledgeFactory(campaign=campaign, department=finance, stones=stones, **more)
        if value is not None:
            accepted(pledge, as_of=as_of, value=value, reviewer=chen, author=lin)
        return judged_one(pledge, today=on)

    return tell


def test_behind(told):
    line = told(17, stones=SERIES)

    assert (
        plain(wording.why(line))
        == "9 月 20 日应达 23.1 家，已审定 17 家（截至 8 月 31 日），落后 18.0 个百分点。"
    )
    assert plain(wording.what_to_do(line)) == "再完成 3 家（累计 20 家）可转绿。"
    assert plain(wording.holds_words(line)) == "没有新的填报，维持到 9 月 30 日。"


def test_missed(told):
    line = told(10, stones=SERIES)

    assert (
        plain(wording.why(line)) == "6 月 30 日到期（16 家），已审定 10 家（截至 8 月 31 日），逾期 82 天。"
    )


def test_ahead_and_nothing_to_do(told):
    line = told(90, on=AUGUST_31)

    assert (
        plain(wording.why(line))
        == "8 月 31 日应达 66.5 家，已审定 90 家（截至 8 月 31 日），超前 23.5 个百分点。"
    )
    assert wording.what_to_do(line) == ""


def test_a_deliverable_overdue(told):
    line = told(basis=Basis.DELIVERABLE, unit="", stones=[(JUNE_30, None)])

    assert plain(wording.why(line)) == "6 月 30 日到期，未完成，逾期 82 天。"
    assert wording.what_to_do(line) == "完成并经审核后转为已完成。"
    assert wording.holds_words(line) == "没有新的填报就一直如此。"


def test_due_today(told):
    line = told(basis=Basis.DELIVERABLE, unit="", stones=[(SEPT_20, None)])

    assert wording.why(line) == "当天到期，未完成。"


def test_done_late(told):
    line = told(10, stones=[(JUNE_30, 10)])

    assert plain(wording.why(line)) == "8 月 31 日达到目标（10 家），晚于期限；现为 10 家。"


def test_a_rate_that_reaches_its_goal_can_still_change(told):
    line = told("4.2", basis=Basis.REDUCTION, unit="%", stones=[(YEAR_END, 4)])

    assert (
        plain(wording.why(line)) == "截至 8 月 31 日为 4.2%，达到目标（4%）；比率在 12 月 31 日前仍可能变动。"
    )


def test_strictly_more_is_said(told):
    line = told(
        50, unit="亿元", strict=True, stones=[(YEAR_END, 50)], as_of=date(2022, 7, 31), on=date(2023, 1, 1)
    )

    assert (
        plain(wording.why(line))
        == "2022 年 12 月 31 日到期（超过 50 亿元），已审定 50 亿元（截至 2022 年 7 月 31 日），逾期 1 天。"
    )
    assert plain(wording.what_to_do(line)) == "再完成 0.01 亿元（累计 50.01 亿元）可转绿。"


def test_less_is_better(told):
    line = told(
        90,
        basis=Basis.LEVEL,
        baseline=Decimal(100),
        direction=Direction.AT_MOST,
        unit="亩",
        stones=[(YEAR_END, 0)],
    )

    assert plain(wording.what_to_do(line)) == "达到 38.02 亩可转绿。"


def test_silence_asks_for_a_report(told):
    line = told(99, as_of=date(2022, 7, 1))

    assert plain(wording.why(line)) == "最近一次数据截至 7 月 1 日（99 家），整个报送周期没有填报。"
    assert wording.what_to_do(line) == "报一次最新进展可转绿。"


@pytest.mark.parametrize(
    "points, shown",
    [
        ("18.0307", "18.0"),
        ("10.0000", "10.0"),
        ("10.0012", "10.001"),
        ("30.0000", "30.0"),
        ("30.0300", "30.03"),
    ],
)
def test_points_never_read_like_a_threshold_that_was_passed(points, shown):
    assert wording.points_words(Decimal(points), (Decimal(10), Decimal(30))) == shown


@pytest.mark.parametrize(
    "language, day, near, words",
    [
        ("zh-hans", JUNE_30, SEPT_20, "6 月 30 日"),
        ("zh-hans", JUNE_30, date(2026, 1, 1), "2022 年 6 月 30 日"),
        ("en", JUNE_30, SEPT_20, "30 June"),
        ("en", JUNE_30, None, "30 June 2022"),
    ],
)
def test_days(language, day, near, words):
    with translation.override(language):
        assert plain(wording.day_words(day, near=near)) == words


def test_an_unknown_value_is_a_dash():
    assert wording.with_unit(None, "家") == "—"
    assert wording.with_unit(Decimal(20), "%") == "20%"


LISTED = {"total": Decimal(7), "count": 6, "difference": 1, "most": 120, "name": "甲", "names": ["甲"]}
"""What faults of a list of names tell."""


@pytest.mark.parametrize("code", refusals.FAULTS)
def test_every_fault_has_words(pledge, code):
    values = {"day": JUNE_30, "unit": "家", "last": Decimal(17), "value": Decimal(-1), "goal": Decimal(34)}
    values |= LISTED

    words = refusals.fault_words([Fault("value", code, values)], pledge)

    assert list(words) == ["value"]
    assert "%(" not in words["value"][0]


@pytest.mark.parametrize(
    "steps, words",
    [
        ((30, 14, 7, 3, 1, 0), "30, 14, 7, 3 and 1 days ahead and on the day itself"),
        ((21, 5), "21 and 5 days ahead"),
        ((3, 0), "3 days ahead and on the day itself"),
        ((1,), "1 day ahead"),
        ((0,), "on the day itself"),
    ],
)
def test_the_steps_of_a_ladder_in_words(steps, words):
    with translation.override("en"):
        assert wording.ahead_words(steps) == words
