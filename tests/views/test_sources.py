"""Printed figures of other years: beside their pledge, on their own page, and both where they disagree."""

import re

import pytest
from django.urls import reverse

from pledges.models import Fact, SourceArticle
from tests.kit.pages import EVIL


@pytest.fixture
def printed(pledge):
    """Two pages that disagree about one metric."""
    facts = []
    for code, value, verb in (("page-a", 36, "新增"), ("page-b", 22, "培育")):
        text = f"去年，我市{verb}企业{value}家。其余从略。"
        article = SourceArticle.objects.create(code=code, title=f"题{code}{EVIL}", text=text)
        quote = f"我市{verb}企业{value}家"
        start = text.index(quote)
        fact = Fact.objects.create(
            article=article, metric="新增企业", year=2024, kind="result", value=value, unit="家", quote=quote,
            span_start=start, span_end=start + len(quote), remark="按原文\n一处写36家，另一处写22家。",
        )  # fmt: skip
        facts.append(fact)
    facts[0].pledges.add(pledge)
    return facts


def test_other_years_stand_beside_the_pledge_and_disagreement_names_both(sign, pledge, printed, lin):
    page = sign(lin).get(pledge.get_absolute_url())

    years = page.context["other_years"]
    assert [figure.fact for figure in years.figures] == [printed[0]]
    [difference] = years.differences
    assert [figure.fact for figure in difference.figures] == printed
    text = page.content.decode()
    assert all(fact.quote in text for fact in printed)
    assert "<script>alert" not in text


def test_years_come_oldest_first(sign, pledge, printed, lin):
    printed[1].pledges.add(pledge)
    Fact.objects.filter(pk=printed[1].pk).update(year=2020)

    years = sign(lin).get(pledge.get_absolute_url()).context["other_years"].years

    assert [(year, [figure.fact.pk for figure in figures]) for year, figures in years] == [
        (2020, [printed[1].pk]),
        (2024, [printed[0].pk]),
    ]


def test_a_pledge_without_printed_figures_has_no_such_section(sign, pledge, lin):
    assert "h-years" not in sign(lin).get(pledge.get_absolute_url()).content.decode()


def test_the_page_is_shown_whole_with_its_sentence_marked(sign, printed, lin, wu, pledge):
    fact = printed[0]
    page = sign(lin).get(reverse("source", args=["page-a"])).content.decode()

    body = re.search(r'<article class="source".*?</article>', page, re.DOTALL)[0]
    assert re.sub(r"<[^>]+>|\s", "", body) == fact.article.text
    assert re.findall(r'<a class="mark"[^>]*>([^<]*)</a>', body) == [fact.quote]
    assert (f'id="fact-{fact.pk}"' in page, f'id="figure-{fact.pk}"' in page) == (True, True)
    assert pledge.get_absolute_url() in page
    assert pledge.get_absolute_url() not in sign(wu).get(reverse("source", args=["page-a"])).content.decode()


def test_a_page_without_text_says_so_and_an_unknown_one_is_not_found(sign, lin):
    SourceArticle.objects.create(code="bare", title="题")

    assert "not kept" in sign(lin).get(reverse("source", args=["bare"])).content.decode()
    assert sign(lin).get(reverse("source", args=["nowhere"])).status_code == 404


def test_pages_cost_the_same_for_one_figure_and_many(sign, pledge, printed, lin, cost_of):
    addresses = [pledge.get_absolute_url(), reverse("source", args=["page-a"])]
    few = [cost_of(sign(lin), address) for address in addresses]
    for number in range(5):
        copy = Fact.objects.get(pk=printed[0].pk)
        copy.pk, copy.metric = None, f"另{number}"
        copy.save()
        copy.pledges.add(pledge)

    assert [cost_of(sign(lin), address) for address in addresses] == few
