"""What the city reported in other years, held against the four pages that print it.

No Django, no network: the pages, the facts and the orders are all it reads.
"""

import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def read(name):
    # Bytes, because spans count the code points of the file as stored, line ends included.
    return (SEEDS / name).read_bytes().decode("utf-8")


DATA = json.loads(read("facts.json"))
ARTICLES = {article["code"]: article for article in DATA["articles"]}
TEXTS = {code: read(article["file"]) for code, article in ARTICLES.items()}
FACTS, LEFT_OUT, CONTRADICTIONS = DATA["facts"], DATA["left_out"], DATA["contradictions"]
PLEDGES = {pledge["number"]: pledge for pledge in json.loads(read("orders-2022.json"))["pledges"]}

FIGURE_FIELDS = {"metric", "subject", "period", "year", "kind", "value", "unit", "comparator"}
FACT_FIELDS = FIGURE_FIELDS | {"article", "quote", "span", "about", "remark"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
PRINTED_YEAR = re.compile(r"20[12]\d")
PLEDGE_NUMBER = re.compile(r"\d\d-\d\d")
SPELLED = {"1": "首|一", "4": "四", "1000": "千"}
CLAUSE_BREAKS = "，；。：⋯"
STRICTLY_MORE = ("超", "突破")
ABOUT_OR_MORE = ("余", "多")


def name_of(fact):
    return f"{fact['article']}-{fact['span'][0]}-{fact['metric']}"


each_article = pytest.mark.parametrize("article", DATA["articles"], ids=lambda article: article["code"])


def breaking(rule):
    """The facts that break a rule, by name."""
    return [name_of(fact) for fact in FACTS if not rule(fact)]


def squeeze(text):
    return "".join(text.split())


def printed(row):
    return squeeze(TEXTS[row["article"]][slice(*row["span"])])


def printed_before(row):
    """All that stands on the page before the end of the row's words."""
    return squeeze(TEXTS[row["article"]][: row["span"][1]])


def places(fact):
    """Where the value stands whole, in figures or spelled, with its unit right behind it."""
    amount = rf"(?:{re.escape(fact['value'])}|{SPELLED.get(fact['value'], '(?!)')})"
    words = rf"(?<![\d.]){amount}{re.escape(fact['unit'])}"
    return list(re.finditer(words if fact["unit"] else words + r"(?![\d.])", fact["quote"]))


def has_unit_in_words(fact, number):
    """True where the pledge counts in the same unit, or the remark names the pledge and both units."""
    unit = PLEDGES[number]["unit"]
    return fact["unit"] == unit or all(word in fact["remark"] for word in (number, fact["unit"], unit))


def is_spelled(fact):
    return all(not place[0].startswith(fact["value"]) for place in places(fact))


def figures_of(code):
    """The values taken from figures of a page; one figure behind 各 is several facts but printed once."""
    in_figures = [fact for fact in FACTS if fact["article"] == code and not is_spelled(fact)]
    each = {(fact["value"], *fact["span"]) for fact in in_figures if f"各{fact['value']}" in fact["quote"]}
    single = [fact["value"] for fact in in_figures if (fact["value"], *fact["span"]) not in each]
    return Counter(single) + Counter(value for value, *_ in each)


def comparator_at(fact, place):
    if fact["quote"][: place.start()].endswith(STRICTLY_MORE) or any(w in place[0] for w in ABOUT_OR_MORE):
        return ">"
    return ">=" if fact["quote"][place.end() :].startswith("以上") else None


def numbers_of(code):
    """(number, place) of each printed number of a page that is no year."""
    found = NUMBER.finditer(TEXTS[code])
    return [(match[0], match.start()) for match in found if not PRINTED_YEAR.fullmatch(match[0])]


def said_alike(one, other):
    """True where two figures answer the same question: same year, kind and unit, same metric or pledge."""
    is_same_kind = all(one[field] == other[field] for field in ("year", "kind", "unit"))
    return is_same_kind and is_related(one, other)


def is_related(one, other):
    return one["metric"] == other["metric"] or bool(set(one["about"]) & set(other["about"]))


@each_article
def test_article_is_a_file_of_its_own_and_prints_its_title(article):
    words = squeeze(TEXTS[article["code"]])

    assert article["file"] == f"article-{article['code']}.txt"
    assert all(squeeze(part) in words for part in article["title"].split("；"))
    assert article["note"]


def test_every_page_in_the_seeds_is_read():
    pages = {path.name for path in SEEDS.glob("article-*.txt")} - {"article-2022.txt"}

    assert pages == {article["file"] for article in DATA["articles"]}
    assert {fact["article"] for fact in FACTS} == set(ARTICLES)


@each_article
def test_day_of_publication_only_where_the_page_prints_it(article):
    assert article["published"] is None or article["published"] in TEXTS[article["code"]]


def test_fact_has_all_fields_and_no_other():
    filled = ("metric", "subject", "period", "value", "quote")

    assert breaking(lambda fact: set(fact) == FACT_FIELDS and all(fact[field] for field in filled)) == []
    assert {fact["kind"] for fact in FACTS} == {"result", "goal"}


def test_quote_is_the_printed_text_without_blanks():
    assert breaking(lambda fact: fact["quote"] == printed(fact)) == []


def test_span_begins_and_ends_on_a_printed_character():
    def is_tight(fact):
        words = TEXTS[fact["article"]][slice(*fact["span"])]
        return words == words.strip()

    assert breaking(is_tight) == []


def test_quote_begins_and_ends_between_clauses():
    def is_whole(fact):
        page, (start, end) = TEXTS[fact["article"]], fact["span"]
        before, after = squeeze(page[:start])[-1], squeeze(page[end:])[0]
        return before in CLAUSE_BREAKS and after in CLAUSE_BREAKS

    assert breaking(is_whole) == []


def test_value_stands_whole_in_the_quote():
    assert breaking(lambda fact: places(fact | {"unit": ""})) == []


def test_unit_stands_behind_the_value():
    assert breaking(places) == []


def test_comparator_exactly_where_the_page_says_more():
    def says_so(fact):
        return {comparator_at(fact, place) for place in places(fact)} == {fact["comparator"]}

    assert breaking(says_so) == []


def test_numbers_in_the_metric_are_printed():
    def is_printed(fact):
        return set(NUMBER.findall(fact["metric"])) <= set(NUMBER.findall(fact["quote"]))

    assert breaking(is_printed) == []


def test_period_is_printed_and_agrees_with_the_year():
    def is_in_step(fact):
        years = {int(year) for year in PRINTED_YEAR.findall(fact["period"])}
        return fact["period"] in printed_before(fact) and years <= {fact["year"]}

    assert breaking(is_in_step) == []


def test_goals_of_the_coming_year_are_what_stands_behind_its_words():
    facts = [fact for fact in FACTS if fact["article"] == "bureau-2024"]
    coming = TEXTS["bureau-2024"].index("新的一年")

    expected = [("goal", 2025) if fact["span"][0] > coming else ("result", 2024) for fact in facts]

    assert [(fact["kind"], fact["year"]) for fact in facts] == expected


def test_about_names_numbers_of_the_orders_in_order_and_once():
    counted = {number for number, pledge in PLEDGES.items() if pledge["kind"] == "number"}

    assert breaking(lambda fact: fact["about"] == sorted(set(fact["about"]) & counted)) == []


def test_unit_is_the_pledges_or_the_remark_says_how_they_differ():
    assert breaking(lambda fact: all(has_unit_in_words(fact, number) for number in fact["about"])) == []


def test_remark_names_only_pledges_that_exist():
    assert breaking(lambda fact: set(PLEDGE_NUMBER.findall(fact["remark"])) <= set(PLEDGES)) == []


def test_no_fact_twice():
    keys = Counter((f["article"], f["metric"], f["period"], f["kind"], f["value"]) for f in FACTS)

    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("code", ARTICLES)
def test_every_printed_number_is_one_fact_or_left_out(code):
    left = {place for row in LEFT_OUT if row["article"] == code for place in range(*row["span"])}

    expected = Counter(number for number, place in numbers_of(code) if place not in left)

    assert figures_of(code) == expected


@pytest.mark.parametrize("row", LEFT_OUT, ids=lambda row: row["words"])
def test_left_out_words_are_printed_and_have_a_reason(row):
    assert row["words"] == printed(row)
    assert NUMBER.search(row["words"])
    assert row["why"]


@pytest.mark.parametrize("row", CONTRADICTIONS, ids=lambda row: row["words"])
def test_contradiction_is_between_two_facts_of_one_metric_or_pledge(row):
    first, second = row["facts"]
    one, other = FACTS[first], FACTS[second]

    assert 0 <= first < second
    assert one["year"] == other["year"]
    assert is_related(one, other)
    assert all(fact["value"] + fact["unit"] in row["words"] for fact in (one, other))


def test_figures_that_differ_are_all_among_the_contradictions():
    listed = {tuple(row["facts"]) for row in CONTRADICTIONS}
    differing = {
        (first, second)
        for (first, one), (second, other) in combinations(enumerate(FACTS), 2)
        if said_alike(one, other) and one["value"] != other["value"]
    }

    assert differing <= listed
