"""The printed page: every sign of it, each promise in its light, nothing that a person may not see."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse

from pledges.actions.standings import rebuild_standings
from pledges.models import Milestone, SourceArticle
from tests.cast import PledgeFactory, accepted

SEEDS = Path(__file__).parents[2] / "seeds"
PRINTED = (SEEDS / "article-2022.txt").read_text(encoding="utf-8")
JUNE = date(2022, 6, 30)
OWN = "累计新增股份制改造企业"


@pytest.fixture
def printed(campaign):
    """The campaign with its page."""
    campaign.article = SourceArticle.objects.create(
        code="orders", title="立状出征 扛旗争先", subtitle="我市各部门立下推动五金产业转型升级军令状", text=PRINTED,
        note="这一版印出15个部门。",
    )  # fmt: skip
    campaign.save()
    return campaign


@pytest.fixture
def series(printed, finance):
    """The series of the finance office, with its three marks."""
    pledge = PledgeFactory(
        campaign=printed, department=finance, number="14-02", code="2022-14-02",
        stones=[(JUNE, 16), (date(2022, 9, 30), 24), (date(2022, 12, 31), 34)],
    )  # fmt: skip
    begin, end = PRINTED.index("6月底前累计新增股"), PRINTED.index("造企业34家") + len("造企业34家")
    pledge.span_start, pledge.span_end = begin, end
    pledge.quote = re.sub(r"\s", "", PRINTED[begin:end])
    pledge.save()
    for stone, target in zip(pledge.milestones.order_by("due"), ("16家", "24家", "34家"), strict=True):
        last = PRINTED.index(target, begin) + len(target)
        first = PRINTED.rindex("累", begin, last)
        Milestone.objects.filter(pk=stone.pk).update(mark_start=first, mark_end=last)
    return pledge


def read(client, campaign, query="on=2022-07-01"):
    return client.get(f"{reverse('article', args=[campaign.code])}?{query}")


def article_in(response) -> str:
    return re.search(r"<article.*</article>", response.content.decode(), re.DOTALL)[0]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def words_of(html: str) -> str:
    """The shown words, without the counts beside each section and the titles of links."""
    html = re.sub(r'(</h3>).*?(<div class="order__text">)', r"\1\2", html, flags=re.DOTALL)
    return bare(unescape(re.sub(r"<[^>]+>", "", html)))


def marks_in(response) -> list[tuple[str, str, str]]:
    found = re.findall(
        r'<a class="mark mark--(\w+)" href="([^"]+)"[^>]*>(.*?)</a>', article_in(response), re.DOTALL
    )
    return [(light, href, bare(re.sub(r"<[^>]+>", "", words))) for light, href, words in found]


def test_the_page_without_blanks_is_the_stored_text(client, li, series, printed):
    client.force_login(li)
    assert words_of(article_in(read(client, printed))) == bare(PRINTED)


def test_a_reporter_of_another_department_reads_the_same_words(client, wu, series, printed):
    client.force_login(wu)
    response = read(client, printed)
    assert words_of(article_in(response)) == bare(PRINTED)
    assert (marks_in(response), series.title in response.content.decode()) == ([], False)
    assert re.findall(r"department=(\w+)", article_in(response)) == []


def test_each_milestone_is_underlined_in_the_light_of_its_pledge(client, li, lin, chen, series, printed):
    accepted(series, as_of=JUNE, value=16, reviewer=chen, author=lin)
    client.force_login(li)
    href = "/pledges/2022-14-02/?on=2022-07-01"
    assert marks_in(read(client, printed)) == [("green", href, f"{OWN}{n}家") for n in (16, 24, 34)]


@pytest.mark.parametrize(
    "query, light", [("on=2022-06-29", "grey"), ("on=2022-06-30", "done"), ("on=2022-07-01", "done")]
)
def test_the_light_is_that_of_the_day(client, li, lin, chen, series, printed, query, light):
    accepted(series, as_of=JUNE, value=34, reviewer=chen, author=lin)
    client.force_login(li)
    assert {mark[0] for mark in marks_in(read(client, printed, query))} == {light}


def test_done_late_has_a_symbol_of_its_own(client, li, lin, chen, series, printed):
    accepted(series, as_of=date(2023, 1, 10), value=34, reviewer=chen, author=lin)
    client.force_login(li)
    assert "#light-late" in article_in(read(client, printed, "on=2023-01-10"))


def test_counts_beside_a_section_open_their_list(client, li, series, printed):
    client.force_login(li)
    html = article_in(read(client, printed))
    hrefs = re.findall(r'href="(/campaigns/[^"]+)"', html)
    totals = [
        re.search(r'data-total="(\d+)"', client.get(unescape(href)).content.decode())[1] for href in hrefs
    ]
    assert totals == ["1", "1"]  # all of the department, and those of its one light


def test_a_section_has_a_heading_for_every_department_of_the_campaign(client, li, series, printed, elsewhere):
    PledgeFactory(campaign=printed, department=elsewhere)
    client.force_login(li)
    assert re.findall(r"<h3[^>]*>(.*?)</h3>", article_in(read(client, printed))) == ["商务局", "金融办"]


def test_the_quote_of_a_pledge_marks_its_own_words(client, li, series):
    client.force_login(li)
    response = client.get(reverse("pledge-detail", args=[series.code]))
    pieces = response.context["dossier"].quote
    assert "".join(piece.words for piece in pieces) == series.quote
    assert [piece.words for piece in pieces if piece.mark] == [f"{OWN}{n}家" for n in (16, 24, 34)]


def test_without_a_printed_page_there_is_a_sentence(client, li, campaign, pledge):
    client.force_login(li)
    response = read(client, campaign)
    assert (response.status_code, response.context["page"]) == (200, None)


def test_before_the_first_day_nothing_is_lit(client, li, series, printed):
    client.force_login(li)
    response = read(client, printed, "on=2021-12-31")
    assert (response.status_code, marks_in(response)) == (200, [])


def test_markup_in_the_printed_text_stays_text(client, li, series, printed):
    printed.article.text = "金融办\n<script>alert(1)</script>。\n"
    printed.article.save()
    client.force_login(li)
    assert "<script>alert" not in read(client, printed).content.decode()


def test_the_page_costs_the_same_for_one_pledge_and_three(client, li, series, printed, finance, cost_of):
    client.force_login(li)
    address = f"{reverse('article', args=[printed.code])}?on=2022-07-01"
    one = cost_of(client, address)
    rebuild_standings(PledgeFactory.create_batch(2, campaign=printed, department=finance))
    assert cost_of(client, address) == one


def test_a_visitor_is_sent_to_the_door_and_an_unknown_campaign_is_not_found(client, li, printed):
    assert read(client, printed).status_code == 302
    client.force_login(li)
    assert client.get(reverse("article", args=["nowhere"])).status_code == 404
