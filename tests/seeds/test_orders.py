"""The reviewed reading of the 2022 orders, held against the printed page.

No Django, no network: the article and the data file are all it reads.
"""

import json
import re
from calendar import monthrange
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ORDERS = json.loads((SEEDS / "orders-2022.json").read_text(encoding="utf-8"))
# Spans count code points of the file as stored, so line ends are not translated.
ARTICLE = (SEEDS / ORDERS["article"]["file"]).read_bytes().decode("utf-8")

PLAN_YEAR = 2022
DEPARTMENT_COUNT = 15
CONTINUED_ELSEWHERE = "（下转4版）"
HEADING = re.compile(r"^[\u4e00-\u9fff]{2,8}(?:局|中心|办)$", re.MULTILINE)
MONTH_WORDS = re.compile(r"(\d{1,2})月(?:份|底前)?")
YEAR_END_WORDS = {"", "全年", "当年"}
STRICTLY_MORE = ("突破", "超")
STRETCH_WORDS = ("争取", "力争")
CLAUSE_BREAKS = "，；。"
SHORTEST_PRINTED_WORD = 2
NUMBER = re.compile(r"\d+(?:\.\d+)?")

PLEDGES = ORDERS["pledges"]
BY_NUMBER = {pledge["number"]: pledge for pledge in PLEDGES}

each_pledge = pytest.mark.parametrize("pledge", PLEDGES, ids=lambda pledge: pledge["number"])


def squeeze(text):
    return "".join(text.split())


def printed(span):
    return squeeze(ARTICLE[slice(*span)])


def has_number(text, number):
    """True where the number stands whole: 15 is not in 150, nor 5 in 7.5."""
    return number in NUMBER.findall(text)


def is_within(inner, outer):
    return outer[0] <= inner[0] < inner[1] <= outer[1]


def headings():
    """(name, start) of each printed department heading, in order."""
    return [(match[0], match.start()) for match in HEADING.finditer(ARTICLE)]


def sections():
    """Department name -> [start, end) of its section, heading included."""
    edges = [*headings(), ("", ARTICLE.index(CONTINUED_ELSEWHERE))]
    return {name: (start, end) for (name, start), (_, end) in pairwise(edges)}


SECTIONS = sections()


def section_words(pledge):
    return printed(SECTIONS[pledge["department"]])


def targets(pledge):
    milestones = pledge["milestones"]
    return [(milestone["target"], milestone["mark"]) for milestone in milestones if milestone["target"]]


def words_before(pledge, target, mark):
    """What is printed in the section before the promised number."""
    start, end = mark
    place = [match.start() for match in NUMBER.finditer(ARTICLE, start, end) if match[0] == target][-1]
    return printed([SECTIONS[pledge["department"]][0], place])


def clause_around(mark):
    """The words between two commas (or stops) that the mark begins in."""
    start = max(ARTICLE.rfind(stop, 0, mark[0]) for stop in CLAUSE_BREAKS) + 1
    return printed([start, mark[1]])


def due_from(words):
    month = 12 if words in YEAR_END_WORDS else int(MONTH_WORDS.fullmatch(words)[1])
    return date(PLAN_YEAR, month, monthrange(PLAN_YEAR, month)[1])


def is_made_of(words, source):
    """True where words are pieces of the source, none shorter than a printed word, set end to end."""
    reachable = {0}
    for end in range(1, len(words) + 1):
        starts = (start for start in reachable if end - start >= SHORTEST_PRINTED_WORD)
        if any(words[start:end] in source for start in starts):
            reachable.add(end)
    return len(words) in reachable


def test_departments_are_the_printed_headings_in_order():
    names = [department["name"] for department in ORDERS["departments"]]
    orders = [department["order"] for department in ORDERS["departments"]]

    assert names == [name for name, _ in headings()]
    assert orders == list(range(1, DEPARTMENT_COUNT + 1))
    assert {pledge["department"] for pledge in PLEDGES} == set(names)


def test_every_printed_digit_is_inside_a_quote():
    start, end = headings()[0][1], ARTICLE.index(CONTINUED_ELSEWHERE)
    quoted = {place for pledge in PLEDGES for place in range(*pledge["span"])}

    left_out = [
        ARTICLE[place - 10 : place + 10]
        for place in range(start, end)
        if ARTICLE[place].isdecimal() and place not in quoted
    ]

    assert left_out == []


@each_pledge
def test_quote_is_the_printed_text_without_blanks(pledge):
    assert pledge["quote"] == printed(pledge["span"])


@each_pledge
def test_quote_stands_in_its_departments_section(pledge):
    assert is_within(pledge["span"], SECTIONS[pledge["department"]])


@each_pledge
def test_target_stands_whole_in_the_quote_and_in_its_mark(pledge):
    for target, mark in targets(pledge):
        assert has_number(pledge["quote"], target)
        assert has_number(printed(mark), target)


@each_pledge
def test_marks_lie_inside_the_quote(pledge):
    for milestone in pledge["milestones"]:
        assert is_within(milestone["mark"], pledge["span"])


def test_no_two_marks_overlap():
    marks = sorted(milestone["mark"] for pledge in PLEDGES for milestone in pledge["milestones"])

    overlaps = [(one, other) for one, other in pairwise(marks) if other[0] < one[1]]

    assert overlaps == []


@each_pledge
@pytest.mark.parametrize("field", ["title", "metric"])
def test_title_and_metric_use_only_printed_words(pledge, field):
    words, source = pledge[field], section_words(pledge)

    assert is_made_of(words, source)
    assert set(NUMBER.findall(words)) <= set(NUMBER.findall(source))


@each_pledge
def test_title_of_a_number_is_what_how_much_and_unit(pledge):
    for target, _ in targets(pledge)[-1:]:
        assert pledge["title"] == pledge["metric"] + target + pledge["unit"]


@each_pledge
def test_unit_follows_a_printed_number(pledge):
    for target, mark in targets(pledge):
        assert target + pledge["unit"] in printed(mark)


@each_pledge
def test_due_is_the_month_end_that_the_printed_words_say(pledge):
    for milestone in pledge["milestones"]:
        assert date.fromisoformat(milestone["due"]) == due_from(milestone["due_words"])


@each_pledge
def test_due_words_stand_in_the_quote(pledge):
    for milestone in pledge["milestones"]:
        assert milestone["due_words"] in pledge["quote"]


@each_pledge
def test_strictly_more_exactly_where_the_page_says_so(pledge):
    says_more = any(words_before(pledge, *target).endswith(STRICTLY_MORE) for target in targets(pledge))

    assert (pledge["comparator"] == ">") == says_more


@each_pledge
def test_stretch_exactly_where_the_page_says_strive(pledge):
    clauses = [clause_around(milestone["mark"]) for milestone in pledge["milestones"]]

    strives = any(word in clause for clause in clauses for word in STRETCH_WORDS)

    assert pledge["stretch"] == strives


@each_pledge
def test_subset_is_of_an_earlier_pledge_of_the_same_department(pledge):
    whole = pledge["subset_of"]

    assert whole is None or (whole in BY_NUMBER and whole < pledge["number"])
    assert whole is None or BY_NUMBER[whole]["department"] == pledge["department"]


@each_pledge
def test_shared_is_with_an_earlier_pledge_of_another_department(pledge):
    twin = pledge["shared_with"]

    assert twin is None or (twin in BY_NUMBER and twin < pledge["number"])
    assert twin is None or BY_NUMBER[twin]["department"] != pledge["department"]


def test_numbers_are_consecutive_in_each_department():
    expected = []
    for department in ORDERS["departments"]:
        count = sum(pledge["department"] == department["name"] for pledge in PLEDGES)
        expected += [f"{department['order']:02d}-{place:02d}" for place in range(1, count + 1)]

    assert [pledge["number"] for pledge in PLEDGES] == expected


@each_pledge
def test_a_deliverable_has_no_number_and_a_number_has_all(pledge):
    is_deliverable = pledge["kind"] == "deliverable"

    assert (pledge["basis"] == "deliverable") == is_deliverable
    assert (pledge["unit"] == "") == is_deliverable
    for milestone in pledge["milestones"]:
        assert (milestone["target"] is None) == is_deliverable


@each_pledge
def test_milestones_rise_from_deadline_to_deadline(pledge):
    steps = [(milestone["due"], float(milestone["target"] or 0)) for milestone in pledge["milestones"]]

    assert steps
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(steps))


def test_later_reports_are_about_a_pledge_and_inside_the_campaign():
    campaign = ORDERS["campaign"]

    for report in ORDERS["reports"]:
        assert report["pledge"] in BY_NUMBER
        assert campaign["starts_on"] <= report["as_of"] <= campaign["ends_on"]
