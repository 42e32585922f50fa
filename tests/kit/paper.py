"""Briefings for tests, and what a document says when it is opened again."""

from datetime import date, timedelta
from io import BytesIO

from docx import Document

from pledges.models import Briefing, Campaign, User
from pledges.queries.briefings import fingerprint_of
from pledges.queries.bulletin import draft_of

MIDYEAR, SPRING = date(2022, 7, 1), date(2022, 4, 1)


def a_briefing(
    campaign: Campaign, *, by: User, day: date = MIDYEAR, than: date | None = SPRING, **changes
) -> Briefing:
    """One that is issued, whoever may issue."""
    campaign.refresh_from_db()
    content = draft_of(campaign, day=day, than=than)
    row = {"content": content, "sha256": fingerprint_of(content), "number": content["number"]} | changes
    return Briefing.objects.create(campaign=campaign, day=day, compared_with=than, issued_by=by, **row)


def words_of(content: dict) -> list[str]:
    """Every text of a content that is printed, in the order of the paper."""
    words = [content["banner"]] if content["banner"] else []
    words += [
        content["paper"],
        f"{content['issue']}\t{content['office']}\t{content['date']}",
        *content["title"],
    ]
    for section in content["sections"]:
        words += [section["heading"], *section["paragraphs"]]
        if table := section["table"]:
            words += [table["caption"], *table["heads"]]
            words += [word for row in table["rows"] for word in printed(row)]
    return words + content["footnotes"] + content["imprint"]


def printed(row: dict) -> list[str]:
    """The cells of a row as they are printed: what is new says so before its progress."""
    number, what, progress, who = row["cells"]
    return [number, what, row["mark"] + progress, who]


def read_docx(data: bytes) -> list[str]:
    """The texts of a document in their order, tables included, blank lines left away."""
    found = []
    for block in Document(BytesIO(data)).iter_inner_content():
        rows = getattr(block, "rows", None)
        if rows is None:
            found.append(block.text)
        else:
            found += [cell.text for row in rows for cell in row.cells]
    return [text for text in found if text]


DAY = timedelta(days=1)
