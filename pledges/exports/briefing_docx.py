"""An issued briefing as a Word document in the layout of an official bulletin (GB/T 9704): made of what was kept, of nothing else."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pledges.choices import Language
from pledges.exports.xlsx import clean_text
from pledges.models import Briefing

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

TITLE, BODY, HEADING, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
FALLBACKS = {TITLE: "宋体", BODY: "仿宋", HEADING: "微软雅黑"}
"""What a machine takes that does not have the bulletin's own faces."""

RED = RGBColor(0xC0, 0x0D, 0x0D)
WIDTHS = (12, 52, 64, 28)
"""Of the columns, in millimetres: 156 between the margins."""

FOR_ITS_OWNER = 0o600 << 16
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the file bears: the same contents make the same bytes."""

LEFT_OUT = ("/thumbnail", "/extended-properties", "/customXml", "/stylesWithEffects")
"""Relations of the library's template that say where the template was made."""


def filename(briefing: Briefing) -> str:
    """A name that says what it is."""
    return f"{briefing.campaign.code}-briefing-{briefing.number}.docx"


def render(content: dict[str, Any], *, fingerprint: str) -> bytes:
    """The document. Its words are those of the content, in the content's order."""
    paper = Document()
    _prepare(paper, content)
    with override(Language.CHINESE):
        _foot(paper, fingerprint)
    _head(paper, content)
    for section in content["sections"]:
        _text(paper, section["heading"], face=HEADING, keep=True)
        for words in section["paragraphs"]:
            _text(paper, words)
        if section["table"]:
            _table(paper, section["table"])
    _end(paper, content)
    return _steady(paper)


def _prepare(paper: Paper, content: dict[str, Any]) -> None:
    """A4 with the bulletin's margins; faces with their fallbacks; properties that name no machine."""
    sheet = paper.sections[0]
    sheet.page_width, sheet.page_height = Mm(210), Mm(297)
    sheet.top_margin, sheet.bottom_margin = Mm(37), Mm(35)
    sheet.left_margin, sheet.right_margin = Mm(28), Mm(26)
    normal = paper.styles["Normal"]
    normal.font.size = Pt(16)
    _face(normal.element.get_or_add_rPr(), BODY)
    _speak_chinese(paper)
    _know_faces(paper)
    _properties(paper, content)


def _speak_chinese(paper: Paper) -> None:
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _know_faces(paper: Paper) -> None:
    fonts = next(part for part in paper.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    known = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    text = fonts.blob.decode("utf-8")
    fonts._blob = text.replace("</w:fonts>", f"{known}</w:fonts>").encode()  # noqa: SLF001  a part is its bytes


def _properties(paper: Paper, content: dict[str, Any]) -> None:
    told = paper.core_properties
    told.title = clean_text(" ".join([content["paper"], content["issue"], *content["title"]]))[:255]
    told.author = told.last_modified_by = clean_text(content["office"])
    told.comments = told.keywords = told.subject = told.category = ""
    told.language, told.revision = "zh-CN", 1
    told.created = told.modified = datetime.fromisoformat(content["day"]).replace(tzinfo=UTC)
    _forget_edits(paper)
    for relations in (paper.part.package.rels, paper.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype.endswith(LEFT_OUT)]:
            del relations[key]


def _forget_edits(paper: Paper) -> None:
    """The template remembers the sessions in which it was made, in rows and in attributes."""
    for root in (paper.settings.element, paper.styles.element):
        for mark in [each for name in ("w:rsids", "w:rsid") for each in root.iter(qn(name))]:
            mark.getparent().remove(mark)
    for element in chain(paper.element.iter(), paper.sections[0].footer._element.iter()):  # noqa: SLF001  as above
        for name in [name for name in element.attrib if "}rsid" in name]:
            del element.attrib[name]


def _face(properties: Any, face: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for kind, name in {"ascii": LATIN, "hAnsi": LATIN, "cs": LATIN, "eastAsia": face}.items():
        fonts.set(qn(f"w:{kind}"), name)


def _say(
    paragraph: Paragraph,
    words: str,
    *,
    face: str = BODY,
    size: float = 16,
    bold: bool = False,
    red: bool = False,
) -> Run:
    run = paragraph.add_run(clean_text(words))
    run.font.size, run.bold = Pt(size), bold
    if red:
        run.font.color.rgb = RED
    _face(run._r.get_or_add_rPr(), face)  # noqa: SLF001  the only way to a face for Chinese
    return run


def _set(paragraph: Paragraph, *, lines: float, align: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(lines)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _text(paper: Paper, words: str, *, face: str = BODY, keep: bool = False) -> None:
    paragraph = _set(paper.add_paragraph(), lines=28, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.keep_with_next = keep
    _say(paragraph, words, face=face)


def _head(paper: Paper, content: dict[str, Any]) -> None:
    middle = WD_ALIGN_PARAGRAPH.CENTER
    if content["banner"]:
        _say(_set(paper.add_paragraph(), lines=18, align=middle), content["banner"], size=10.5, bold=True)
    _say(_set(paper.add_paragraph(), lines=56, align=middle), content["paper"], face=TITLE, size=42, red=True)
    line = _set(paper.add_paragraph(), lines=28)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(78), WD_TAB_ALIGNMENT.CENTER)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    _say(line, f"{content['issue']}\t{content['office']}\t{content['date']}", size=14)
    _rule(line, "bottom", RED)
    line.paragraph_format.space_after = Pt(18)
    for words in content["title"]:
        _say(_set(paper.add_paragraph(), lines=34, align=middle), words, face=TITLE, size=22)
    _set(paper.add_paragraph(), lines=14)


def _rule(paragraph: Paragraph, side: str, colour: RGBColor) -> None:
    line = f'<w:{side} w:val="single" w:sz="12" w:space="6" w:color="{colour}"/>'
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>")
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001  borders have no other door
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _table(paper: Paper, told: dict[str, Any]) -> None:
    caption = _set(paper.add_paragraph(), lines=28, align=WD_ALIGN_PARAGRAPH.CENTER)
    caption.paragraph_format.keep_with_next = True
    _say(caption, told["caption"], face=TITLE, size=14)
    table = paper.add_table(rows=1, cols=len(told["heads"]), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    _mark(table.rows[0], "w:tblHeader")
    for cell, words, width in zip(table.rows[0].cells, told["heads"], WIDTHS, strict=True):
        _fill(cell, words, width, face=HEADING, centred=True)
    for row in told["rows"]:
        _row(table.add_row(), row)
    _set(paper.add_paragraph(), lines=12)


def _row(made: _Row, told: dict[str, Any]) -> None:
    number, what, progress, who = made.cells
    place, demand, said, whose = told["cells"]
    _fill(number, place, WIDTHS[0], centred=True)
    _fill(what, demand, WIDTHS[1])
    _fill(progress, said, WIDTHS[2], mark=told["mark"])
    _fill(who, whose, WIDTHS[3], centred=True)
    _mark(made, "w:cantSplit")


def _mark(row: _Row, name: str) -> None:
    """A row that is repeated on every page, or is never broken over two."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001  rows have no other door


def _fill(
    cell: _Cell, words: str, width: int, *, face: str = BODY, centred: bool = False, mark: str = ""
) -> None:
    cell.width = Mm(width)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    align = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph = _set(cell.paragraphs[0], lines=16, align=align)
    if mark:
        _say(paragraph, mark, face=face, size=10.5, bold=True)
    _say(paragraph, words, face=face, size=10.5)


def _end(paper: Paper, content: dict[str, Any]) -> None:
    for note in content["footnotes"]:
        paragraph = _set(paper.add_paragraph(), lines=16, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.left_indent = Pt(14)
        paragraph.paragraph_format.first_line_indent = Pt(-14)
        _say(paragraph, note, size=10.5)
    for place, words in enumerate(content["imprint"]):
        paragraph = _set(paper.add_paragraph(), lines=22)
        if place == 0:
            paragraph.paragraph_format.space_before = Pt(18)
            _rule(paragraph, "top", RGBColor(0, 0, 0))
        _say(paragraph, words, size=12)


def _foot(paper: Paper, fingerprint: str) -> None:
    foot = paper.sections[0].footer
    number = _set(foot.paragraphs[0], lines=20, align=WD_ALIGN_PARAGRAPH.CENTER)
    _say(number, "— ", size=14)
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    number._p.append(field)  # noqa: SLF001  fields have no other door
    _say(number, " —", size=14)
    words = _("Fingerprint (SHA-256): %(fingerprint)s") % {"fingerprint": fingerprint}
    _say(_set(foot.add_paragraph(), lines=12, align=WD_ALIGN_PARAGRAPH.CENTER), words, size=8)


def _steady(paper: Paper) -> bytes:
    """The same bytes whenever and wherever it is written, without the template's own picture and machine."""
    first, target = BytesIO(), BytesIO()
    paper.save(first)
    with ZipFile(first) as made, ZipFile(target, "w") as steady:
        for name in made.namelist():
            info = ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr = ZIP_DEFLATED, FOR_ITS_OWNER
            steady.writestr(info, made.read(name))
    return target.getvalue()
