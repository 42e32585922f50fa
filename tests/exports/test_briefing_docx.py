"""The document says what was kept, looks like a bulletin, and carries nothing else."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn

from pledges.choices import CampaignKind
from pledges.exports.briefing_docx import BODY, FALLBACKS, HEADING, TITLE, render
from tests.cast import PledgeFactory, accepted
from tests.kit.paper import MIDYEAR, a_briefing, read_docx, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def briefing(campaign, finance, chen, lin):
    """Forty alerts, so that the table runs over several pages."""
    campaign.kind = CampaignKind.REHEARSAL
    campaign.save()
    for place in range(40):
        pledge = PledgeFactory(campaign=campaign, department=finance, number=f"14-{place:02}")
        accepted(pledge, as_of=MIDYEAR, value=place % 20, reviewer=chen, author=lin)
    return a_briefing(campaign, by=chen)


@pytest.fixture
def data(briefing):
    return render(briefing.content, fingerprint=briefing.sha256)


@pytest.fixture
def opened(data):
    return Document(BytesIO(data))


def test_every_word_of_the_contents_and_no_other(data, briefing):
    assert read_docx(data) == words_of(briefing.content)
    assert len(words_of(briefing.content)) > 160


def test_the_same_contents_make_the_same_bytes_in_any_language(data, briefing):
    with translation.override("en"):
        assert render(briefing.content, fingerprint=briefing.sha256) == data


def test_the_foot_bears_page_number_and_fingerprint(opened, briefing):
    foot = opened.sections[0].footer

    fields = [field.get(qn("w:instr")) for field in foot._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE"]
    assert briefing.sha256 in foot.paragraphs[-1].text


def test_tables_repeat_their_heads_and_break_no_row(opened):
    (table,) = opened.tables
    repeated = [
        row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows
    ]
    whole = [
        row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows
    ]

    assert repeated == [True] + [False] * 40
    assert whole == [False] + [True] * 40


def test_a4_with_the_margins_of_a_bulletin(opened):
    (sheet,) = opened.sections

    assert [round(side.mm) for side in (sheet.page_width, sheet.page_height)] == [210, 297]
    assert [round(side.mm) for side in (sheet.top_margin, sheet.bottom_margin, sheet.left_margin, sheet.right_margin)] == [37, 35, 28, 26]  # fmt: skip


def test_the_faces_of_a_bulletin_have_others_to_fall_back_on(data, opened):
    used = {fonts.get(qn("w:eastAsia")) for fonts in opened.element.body.iter(qn("w:rFonts"))}
    with ZipFile(BytesIO(data)) as parts:
        known = parts.read("word/fontTable.xml").decode()

    assert used == {TITLE, BODY, HEADING}
    assert dict(re.findall(r'w:name="([^"]+)"><w:altName w:val="([^"]+)"', known)) == FALLBACKS


def test_no_macro_no_picture_no_machine_and_no_maker(data, opened):
    with ZipFile(BytesIO(data)) as parts:
        names = parts.namelist()
        text = b"".join(parts.read(name) for name in names).lower()
    told = opened.core_properties

    assert [
        name for name in names if re.search(r"vba|macro|\.bin|jpe?g|png|app\.xml|customxml", name.lower())
    ] == []
    assert (told.comments, told.revision, told.created.date()) == ("", 1, MIDYEAR)
    assert told.author == told.last_modified_by != "python-docx"
    assert [
        word for word in (b"python", b"macintosh", b"w:rsid", b"file:", b"/home", b"/tmp") if word in text
    ] == []


def test_what_word_cannot_hold_is_left_out(briefing):
    content = briefing.content
    content["sections"][0]["paragraphs"] = ["一\x00二\x0b三\ud800四\ufffe<w:br/>&\n五"]

    assert "一二三四<w:br/>&\n五" in read_docx(render(content, fingerprint=""))
