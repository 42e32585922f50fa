"""The filters find what they say, in Chinese too, and what nobody knows is left out and named."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from pledges.choices import Basis
from pledges.filters import PledgeFilter
from pledges.queries.board import in_campaign, with_light
from pledges.queries.listing import departments_in
from tests.cast import MIDSUMMER, PledgeFactory, accepted

JUNE, DECEMBER = date(2022, 6, 30), date(2022, 12, 31)


@pytest.fixture
def plan(campaign, finance, elsewhere, chen, lin):
    """Six pledges of two departments: every light but grey once, a stretch goal, a shared one."""
    make = lambda department, number, **more: PledgeFactory(  # noqa: E731  six of one kind
        campaign=campaign, department=department, number=number, **more
    )
    met = make(finance, "14-01", title="新增上市企业1家", quote="全年新增上市企业1家")
    behind = make(finance, "14-02", title="绿色贷15亿元", unit="亿元")
    late = make(finance, "14-03", title="办结事项", basis=Basis.DELIVERABLE, unit="", stones=[(JUNE, None)])
    make(elsewhere, "09-01", title="R&D 100%_达标", stretch=True, stones=[(JUNE, 10)])
    lead = make(
        elsewhere, "09-02", title="线上专区框架", basis=Basis.DELIVERABLE, unit="", stones=[(DECEMBER, None)]
    )
    make(
        finance,
        "14-04",
        title="线上专区框架",
        basis=Basis.DELIVERABLE,
        unit="",
        stones=[(DECEMBER, None)],
        shared_with=lead,
    )
    accepted(met, as_of=JUNE, value=100, reviewer=chen, author=lin)
    accepted(behind, as_of=JUNE, value=25, reviewer=chen, author=lin)
    assert late.number == "14-03"
    return campaign


@pytest.fixture
def found(plan, li):
    """The numbers that an address finds on a day."""

    def numbers(address: str, *, user=li, day=MIDSUMMER) -> list[str]:
        return sorted(sieve(plan, user, address, day).qs.values_list("number", flat=True))

    return numbers


def sieve(campaign, user, address, day=MIDSUMMER) -> PledgeFilter:
    mine = in_campaign(campaign, user)
    lit = with_light(mine, day=day)
    return PledgeFilter(
        QueryDict(address), lit, seen=mine, campaign=campaign, departments=departments_in(mine), day=day
    )


ALL = ["09-01", "09-02", "14-01", "14-02", "14-03"]


@pytest.mark.parametrize(
    "address, numbers",
    [
        ("", ALL),  # a shared pledge once, where it was printed first
        ("counted=0", sorted([*ALL, "14-04"])),
        ("department=jinrong", ["14-01", "14-02", "14-03", "14-04"]),  # but in its own department it is shown
        ("department=jinrong&counted=1", ["14-01", "14-02", "14-03"]),
        ("light=done", ["14-01"]),
        ("light=red&light=yellow", ["09-01", "14-02", "14-03"]),
        ("light=red&light=purple", ["14-03"]),
        ("basis=deliverable", ["09-02", "14-03"]),
        ("due=2022-06", ["09-01", "14-03"]),
        ("due=2022-12", ["09-02", "14-01", "14-02"]),
        ("due=2022-02", []),
        ("due_within=183", ["09-02", "14-01", "14-02"]),
        ("due_within=182", []),
        ("overdue=1", ["09-01", "14-03"]),
        ("overdue=0", ["09-02", "14-01", "14-02"]),
        ("stretch=1", ["09-01"]),
        ("stretch=0", ["09-02", "14-01", "14-02", "14-03"]),
        ("light=done&department=jinrong&due=2022-12", ["14-01"]),
    ],
)
def test_a_filter_finds_what_it_says(found, address, numbers):
    assert found(address) == numbers


@pytest.mark.parametrize(
    "words, numbers",
    [
        ("上市", ["14-01"]),
        ("全年新增", ["14-01"]),
        ("14-0", ["14-01", "14-02", "14-03"]),
        ("金融办", ["14-01", "14-02", "14-03"]),
        ("金融办 绿色", ["14-02"]),
        ("绿色\u3000金融办", ["14-02"]),
        ("绿色 上市", []),
        ("r&d", ["09-01"]),
        ("100%_", ["09-01"]),  # signs of LIKE are signs like any other
        ("%", ["09-01"]),
        ("'; drop table pledges_pledge; --", []),
    ],
)
def test_words_are_searched_in_title_quote_number_and_department(found, words, numbers):
    query = QueryDict(mutable=True)
    query["q"] = words
    assert found(query.urlencode()) == numbers


@pytest.mark.parametrize(
    "address",
    ["department=nobody", "basis=magic", "due=2022-13", "due=13", "due_within=x", "due_within=NaN", "due_within=-1",
     "due_within=9999999", "overdue=maybe", "stretch=2", "counted=9", "light=", "light=purple", "q=%00", f"q={'长' * 101}"],
)  # fmt: skip
def test_what_nobody_knows_is_left_out_and_named(plan, li, address):
    filters = sieve(plan, li, address)
    assert sorted(filters.qs.values_list("number", flat=True)) == ALL
    assert len(filters.left_out()) == (0 if address == "light=" else 1)
    assert filters.words() == {}


def test_the_department_of_others_is_unknown_to_a_reporter(plan, lin, found):
    assert found("department=shangwu", user=lin) == ["14-01", "14-02", "14-03", "14-04"]
    assert len(sieve(plan, lin, "department=shangwu").left_out()) == 1


def test_filters_are_told_in_words(plan, li):
    words = sieve(plan, li, "department=jinrong&light=red&q=贷").words()
    assert list(words) == ["q", "department", "light"]
    assert words["department"] == "金融办"


def test_what_to_leave_out_is_offered_with_what_it_finds(plan, li):
    filters = sieve(plan, li, "department=jinrong&light=done&due=2022-06")
    assert dict(filters.found_without()) == {"due": 1, "light": 1}


def test_where_one_is_not_enough_each_is_offered_alone(plan, li):
    filters = sieve(plan, li, "department=jinrong&light=done&due=2022-02")
    assert dict(filters.found_without()) == {"due": 1}
    lost = sieve(plan, li, "stretch=1&light=done&due=2022-02")
    assert (dict(lost.found_without()), dict(lost.found_alone())) == ({}, {"light": 1, "stretch": 1})


def test_two_filters_of_one_campaign_do_not_share_their_choices(plan, li, lin):
    assert [code for code, _name in sieve(plan, lin, "").filters["department"].extra["choices"]] == [
        "jinrong"
    ]
    assert len(sieve(plan, li, "").filters["department"].extra["choices"]) == 2


def test_a_number_of_days_is_whole(plan, li):
    assert sieve(plan, li, "due_within=30").chosen == {"due_within": Decimal(30)}
    assert len(sieve(plan, li, "due_within=1.5").left_out()) == 1
