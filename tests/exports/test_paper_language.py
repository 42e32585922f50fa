"""Paper in both languages: the briefing is Chinese whoever asks, workbooks and charts speak the reader's language alone."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from pledges.actions.directives import direct
from pledges.actions.themes import sort_pledges
from pledges.choices import Basis, CampaignKind
from pledges.exports import board_xlsx, briefing_docx, filling
from pledges.models import Campaign, Pledge, Theme
from pledges.queries.bulletin import draft_of
from pledges.queries.sheets import forms_of
from tests.cast import PledgeFactory, accepted
from tests.kit.extensions import DUE, TODAY, grant
from tests.kit.paper import a_briefing, read_docx
from tests.kit.words import read, stored_words, without_data
from tests.views.test_language import ALLOWED, CHINESE, LATIN, UNFILLED, UNTIDY

pytestmark = pytest.mark.django_db

DAY, BEFORE = date(2022, 7, 1), date(2022, 6, 1)
LANGUAGES = ["zh-hans", "en"]


@pytest.fixture
def plan(campaign, finance, elsewhere, lin, chen, li, boss, time_machine) -> Campaign:
    """Every light and every section: a directive, an extension, a merged pledge, a theme, invented progress."""
    time_machine.move_to(f"{TODAY} 10:00 +0800", tick=False)
    Campaign.objects.update(kind=CampaignKind.REHEARSAL)
    values = {5: 100, 30: 100, 50: 100, 100: 100}
    made = [PledgeFactory(campaign=campaign, department=finance) for _each in values]
    for pledge, value in zip(made, values, strict=True):
        accepted(pledge, as_of=date(2022, 6, 19), value=value, reviewer=chen, author=lin)
    late = PledgeFactory(campaign=campaign, department=finance, stones=[(DUE, 10)])
    PledgeFactory(campaign=campaign, department=elsewhere, stretch=True, shared_with=late)
    PledgeFactory(
        campaign=campaign, department=elsewhere, basis=Basis.DELIVERABLE, unit="", stones=[(DUE, None)]
    )
    direct(late, by=li, words="抓紧", answer_by=DUE, today=TODAY)
    grant(late.milestones.get(), lin, chen)
    theme = Theme.objects.create(campaign=campaign, code="people", name="民生")
    sort_pledges([late], theme, by=boss)
    campaign.refresh_from_db()
    return campaign


def cells_of(book: bytes) -> Iterator[str]:
    """Every text of a workbook: the names of its sheets, its cells, what a cell asks for."""
    for sheet in openpyxl.load_workbook(BytesIO(book)):
        yield sheet.title
        for row in sheet.values:
            yield from (cell for cell in row if isinstance(cell, str))
        for rule in sheet.data_validations.dataValidation:
            yield from (words for words in (rule.error, rule.errorTitle, rule.prompt) if words)


def faults_of(texts, language: str) -> list[str]:
    """The texts in which a word of the other language is left over, or a place that was not filled."""
    known = [*stored_words(), "已完成", "进行中"] if language == "en" else stored_words()
    said = [without_data(text, known) for text in texts]
    if language == "en":
        return [text for text in said if CHINESE.search(text) or UNFILLED.search(text)]
    return [
        text
        for text in said
        if set(LATIN.findall(text)) - ALLOWED - {"docx"} or UNTIDY.search(text) or UNFILLED.search(text)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_speaks_one_language(plan, language):
    with translation.override(language):
        book = b"".join(board_xlsx.pour(Pledge.objects.filter(campaign=plan), plan, day=DAY))

    assert faults_of(cells_of(book), language) == []


def test_the_sheet_to_fill_in_speaks_chinese(plan):
    with translation.override("zh-hans"):
        book = filling.render(forms_of(Pledge.objects.filter(campaign=plan), today=DAY), plan, today=DAY)

    assert faults_of(cells_of(book), "zh-hans") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wall_chart_speaks_one_language(client, li, plan, finance, language):
    client.force_login(li)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("department-chart", args=[plan.code, finance.code]), {"on": f"{DAY}"})

    assert faults_of(read(page.content.decode()).split("\n"), language) == []


def test_the_briefing_is_chinese_whoever_asks(plan, chen):
    documents = []
    for language in LANGUAGES:
        with translation.override(language):
            content = draft_of(plan, day=DAY, than=BEFORE)
            documents.append(briefing_docx.render(content, fingerprint="0" * 64))

    assert documents[0] == documents[1]
    headings = [section["heading"] for section in content["sections"]]
    assert len(headings) >= 6
    assert faults_of(read_docx(documents[0]), "zh-hans") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_around_an_issued_briefing_the_page_speaks_the_readers_language(client, chen, plan, language):
    issued = a_briefing(plan, by=chen, day=DAY, than=BEFORE)
    client.force_login(chen)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for name, args in (("briefing-list", []), ("briefing-detail", [issued.number])):
        page = client.get(reverse(name, args=[plan.code, *args])).content.decode()
        texts = [text for text in read(page).split("\n") if issued.sha256 not in text]
        if language == "en":
            # The banner of a frozen paper is part of it.
            texts = [text for text in texts if text != issued.content["banner"]]
        assert faults_of(texts, language) == []
