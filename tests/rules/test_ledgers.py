"""The names behind a count: how a pasted list is read, and when two names are the same."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.choices import Basis, Entry
from pledges.rules.facts import Reading
from pledges.rules.ledgers import (
    MOST_NAMES,
    NAME_LENGTH,
    by_key,
    change_between,
    key_of,
    names_in,
    said_twice,
    takes_ledger,
    text_of,
)
from pledges.rules.reporting import Book, Said, faults_in
from tests.rules.making import FIRST, LAST, D, way

typed = st.text(
    st.sampled_from("永康市五金(（)）、，；,;.．。 \t\n\r\u2028\u200b\x001290３\uff21aBé①•-—㈱ﷺ"), max_size=60
)
plain = st.text(st.sampled_from("永康市五金机电厂ABé3"), min_size=1, max_size=NAME_LENGTH)


@pytest.mark.parametrize(
    "text, names",
    [
        ("", ()),
        ("  \n\n", ()),
        ("甲公司", ("甲公司",)),
        ("甲公司\n乙公司", ("甲公司", "乙公司")),
        ("甲公司\r\n\r\n乙公司\r\n", ("甲公司", "乙公司")),
        ("甲公司、乙公司，丙公司；丁公司", ("甲公司", "乙公司", "丙公司", "丁公司")),
        ("甲公司\t乙公司", ("甲公司", "乙公司")),
        ("甲公司,乙公司", ("甲公司", "乙公司")),
        ("甲公司、乙公司。", ("甲公司", "乙公司")),
        ("Acme Co., Ltd.", ("Acme Co., Ltd.",)),
        ("1. 甲公司\n2. 乙公司", ("甲公司", "乙公司")),
        ("1、甲公司；2、乙公司", ("甲公司", "乙公司")),
        ("1\t甲公司\n2\t乙公司", ("甲公司", "乙公司")),
        ("（1）甲公司\n(2) 乙公司", ("甲公司", "乙公司")),
        ("一、甲公司\n（二）乙公司", ("甲公司", "乙公司")),
        ("① 甲公司\n• 乙公司\n- 丙公司", ("甲公司", "乙公司", "丙公司")),
        ("1.5万吨项目", ("1.5万吨项目",)),
        ("3号厂房\n2022年技改项目", ("3号厂房", "2022年技改项目")),
        ("3M 公司", ("3M 公司",)),
        ("永康市 五金\u3000城", ("永康市 五金 城",)),
        ("——\n。\n甲公司", ("甲公司",)),
        ("甲\u200b公司", ("甲 公司",)),
    ],
)
def test_reading_a_list(text, names):
    assert names_in(text) == names


@given(typed)
def test_what_was_read_reads_the_same_again(text):
    names = names_in(text)

    assert names_in(text_of(names)) == names


@given(st.lists(plain, max_size=8))
def test_names_written_one_a_line_come_back(names):
    assert names_in(text_of(names)) == tuple(names)


@given(typed | st.text(max_size=40))
def test_the_key_of_a_key_is_itself(name):
    assert key_of(key_of(name)) == key_of(name)


@given(typed | st.text(max_size=40))
def test_every_name_that_is_read_can_be_stored_by_its_key(text):
    assert all(0 < len(key_of(name)) <= NAME_LENGTH for name in names_in(text))


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("永康市ABC有限公司", "永康市ＡＢＣ有限公司", True),
        ("Acme Co., Ltd.", "ACME CO LTD", True),
        ("甲（永康）有限公司", "甲(永康)有限公司", True),
        ("甲 公司", "甲公司", True),
        ("甲·公司", "甲公司", True),
        ("㈱山田", "株山田", True),
        ("甲有限公司", "甲股份有限公司", False),
        ("甲公司", "甲有限公司", False),
        ("1号厂房", "2号厂房", False),
        ("Ａé", "ae", False),
        ("\u1100.\u1161", "\uac00", True),  # joined only once the mark is gone
    ],
)
def test_when_two_names_are_the_same(one, other, same):
    assert (key_of(one) == key_of(other)) is same


def test_a_name_said_twice_is_told_in_its_first_spelling():
    assert said_twice(["甲（1）厂", "乙厂", "甲(1)厂", "丙厂"]) == ["甲（1）厂"]


def test_what_is_new_and_what_is_gone():
    change = change_between(by_key(["甲厂", "乙厂"]), by_key(["甲 厂", "丙厂"]))

    assert (change.new, change.gone) == (frozenset({"丙厂"}), ("乙厂",))


@pytest.mark.parametrize(
    "goal, more, expected",
    [
        (34, {}, True),
        (MOST_NAMES, {}, True),
        (MOST_NAMES + 1, {}, False),
        (34, {"basis": Basis.NEW}, True),
        (34, {"basis": Basis.FLOW}, True),
        (34, {"basis": Basis.NET_NEW}, False),
        (34, {"basis": Basis.LEVEL}, False),
        (34, {"basis": Basis.GROWTH}, False),
        (34, {"basis": Basis.SHARE}, False),
        (1, {"basis": Basis.DELIVERABLE}, False),
        (34, {"whole": False}, False),
        (34, {"start": 3}, False),
        (34, {"start": None}, True),
    ],
)
def test_which_promises_take_a_list(goal, more, expected):
    assert takes_ledger(way((LAST, goal), **{"whole": True} | more)) is expected


def book(*, whole=True, required=False, last=None) -> Book:
    live = () if last is None else (Reading(FIRST, D(last)),)
    trajectory = way((LAST, 34), whole=whole)
    return Book(trajectory, "家", FIRST, LAST, live, frozenset({FIRST}), ledger_required=required)


def faults(book, value, names, entry=Entry.TOTAL):
    said = Said(LAST, D(value), "", entry, tuple(names))
    return [(fault.code, fault.values) for fault in faults_in(book, said, today=LAST) if fault.at == "names"]


def numbered(count):
    return [f"第{number}厂" for number in range(count)]


@pytest.mark.parametrize(
    "value, names, expected",
    [
        (7, numbered(7), []),
        (7, numbered(6), [("names_short", {"total": D(7), "count": 6, "difference": 1})]),
        (7, numbered(8), [("names_over", {"total": D(7), "count": 8, "difference": 1})]),
        (0, numbered(1), [("names_over", {"total": D(0), "count": 1, "difference": 1})]),
        (7, [], []),
        (0, [], []),
        ("7.5", numbered(7), []),
        (-7, numbered(7), []),
        (2, ["甲厂", "甲 厂"], [("names_twice", {"names": "甲厂"})]),
        (1, ["厂" * NAME_LENGTH], []),
        (1, ["厂" * (NAME_LENGTH + 1)], [("name_too_long", {"name": "厂" * 20, "most": NAME_LENGTH})]),
        (MOST_NAMES, numbered(MOST_NAMES), []),
        (
            MOST_NAMES + 1,
            numbered(MOST_NAMES + 1),
            [("too_many_names", {"count": MOST_NAMES + 1, "most": MOST_NAMES})],
        ),
    ],
)
def test_there_are_as_many_names_as_the_figure_says(value, names, expected):
    assert faults(book(), value, names) == expected


@pytest.mark.parametrize(
    "value, expected", [(0, []), (1, ["names_missing"]), (MOST_NAMES, ["names_missing"])]
)
def test_a_campaign_can_ask_for_the_list(value, expected):
    assert [code for code, _ in faults(book(required=True), value, [])] == expected


def test_more_than_a_list_holds_needs_none():
    assert faults(book(required=True), MOST_NAMES + 1, []) == []


def test_what_takes_no_list_is_not_asked_for_one_and_refuses_it():
    assert faults(book(whole=False, required=True), 7, []) == []
    assert faults(book(whole=False), 7, numbered(7)) == [("no_ledger", {})]


def test_the_list_names_the_running_total_also_where_a_period_was_typed():
    assert faults(book(last=5), 2, numbered(7), Entry.PERIOD) == []
    assert [code for code, _ in faults(book(last=5), 2, numbered(2), Entry.PERIOD)] == ["names_short"]


@given(st.integers(0, 40), st.integers(1, 40))
def test_the_count_law(value, count):
    found = faults(book(), value, numbered(count))

    assert (found == []) == (value == count)
    assert all(abs(D(value) - count) == Decimal(values["difference"]) for _, values in found)
