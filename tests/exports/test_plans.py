"""The sheet says what the page says, and stays harmless in a spreadsheet."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from pledges.choices import Basis, CampaignKind
from tests.cast import PledgeFactory, accepted

DAY = "on=2022-07-01"


@pytest.fixture
def opened(client, li, campaign):
    """The rows of the sheet for a query."""
    client.force_login(li)

    def rows(query="") -> list[tuple]:
        response = client.get(f"{reverse('pledge-list', args=[campaign.code])}?{DAY}&format=xlsx&{query}")
        return list(load_workbook(BytesIO(response.getvalue())).active.values)

    return rows


def test_the_sheet_equals_the_page(client, opened, li, lin, chen, campaign, finance):
    numbered = PledgeFactory(campaign=campaign, department=finance, number="14-01")
    PledgeFactory(
        campaign=campaign,
        department=finance,
        number="14-02",
        basis=Basis.DELIVERABLE,
        unit="",
        stones=[(date(2022, 7, 9), None)],
    )
    accepted(numbered, as_of=date(2022, 6, 30), value=17, reviewer=chen, author=lin)
    heads, *rows = opened()
    page = client.get(f"{reverse('pledge-list', args=[campaign.code])}?{DAY}")
    lines = [row.record for row in page.context["table"].page.object_list]
    shown = [
        (line.pledge.number, line.pledge.title, line.pledge.department.name, line.verdict.light.label)
        for line in lines
    ]
    assert [row[:4] for row in rows[:2]] == shown
    assert len(heads) == len(rows[0]) == 13
    assert (rows[0][4], rows[0][6], rows[0][7]) == (17, 100, "家")


def test_under_the_rows_stand_day_filters_and_rules(opened, pledge):
    _heads, _row, blank, *notes = opened("department=jinrong&light=grey")
    assert not any(blank)
    assert [bool(note[0]) and not any(note[1:]) for note in notes] == [True] * 3
    assert "金融办" in notes[1][0]
    assert "10" in notes[2][0]
    assert "30" in notes[2][0]


def test_invented_progress_says_so(opened, campaign, pledge):
    campaign.kind = CampaignKind.REHEARSAL
    campaign.save()
    assert len(opened()) == 2 + 1 + 3


def test_words_are_never_formulas(opened, campaign):
    PledgeFactory(campaign=campaign, title="=1+1", number="01-01")
    PledgeFactory(campaign=campaign, title="@SUM(A1)", number="01-02")
    assert [row[1] for row in opened()[1:3]] == ["=1+1", "@SUM(A1)"]


def test_an_empty_list_is_a_sheet_with_heads_and_notes(opened, pledge):
    assert len(opened("light=done")) == 1 + 1 + 3


def test_a_reporter_takes_away_only_what_the_page_shows(opened, client, wu, pledge):
    client.force_login(wu)
    assert [row[0] for row in opened()[1:2]] == [None]
