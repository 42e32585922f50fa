"""One is not many: the units under the numbers of a department."""

import re
from types import SimpleNamespace as Names

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.cast import DepartmentFactory

PARTS = {
    "department_course": ("time", "times"),
    "department_blockers": ("blocker", "blockers"),
    "coverage": ("report", "reports"),
}


def numbered(number: int) -> dict:
    counts = Names(open=number, overdue=number, removed=number)
    return {
        "asked": {"every": number, "granted": number, "asked": number},
        "blockers": Names(to_remove=counts, in_the_way=counts),
        "coverage": Names(total=5, percent=20, with_file=number, without_file=number),
    }


def units(part: str, context: dict) -> set[str]:
    with translation.override("en"):
        html = render_to_string(f"pledges/parts/{part}.html", context)
    return {unit for unit in re.findall(r"<small>(.*?)</small>", html) if re.fullmatch("[a-z]+", unit)}


@pytest.mark.parametrize("part", PARTS)
def test_the_unit_agrees_with_its_number(part, campaign):
    about = {"campaign": campaign, "department": DepartmentFactory(), "board": Names(lines=[])}
    one, many = PARTS[part]

    assert [units(part, about | numbered(number)) for number in (0, 1, 2)] == [{many}, {one}, {many}]


def test_the_discipline_of_a_department_agrees_too(client, campaign, pledge, li):
    client.force_login(li)
    client.cookies["language"] = "en"
    found = set()
    for month in (1, 2, 3):
        address = f"/campaigns/{campaign.code}/departments/{pledge.department.code}/?on=2022-{month:02}-28"
        html = client.get(address).content.decode()
        found |= set(re.findall(r"<dd>(\d)<small>(\w+)</small></dd>", html.split('id="due"')[0]))

    assert found == {("0", "times"), ("1", "time"), ("2", "times"), ("3", "times")}
