"""The shape of an answer: everything in it but its words. What people type may only change the words."""

import io
import json
import re
import zipfile
from collections import Counter
from email import message_from_bytes, policy

from icalendar import Calendar
from lxml import etree, html
from openpyxl import load_workbook

Shape = Counter[tuple[str, ...]]

LEADING = {"href", "src", "action", "formaction", "data", "poster", "background", "cite", "srcset", "hx-get", "hx-post", "srcdoc"}  # fmt: skip
SAFE = re.compile(
    r"^(?:https?://testserver(?:[/?#]|$)|mailto:|data:image/|/(?![/\\])|[?#]|$|[\w.-]+$)", re.IGNORECASE
)
OCTETS_OF_A_LINE = 75


def shape_of(answer) -> Shape:
    """By the kind of the answer; the names of its headers belong to it."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    body = answer.getvalue() if answer.streaming else answer.content
    shape = Counter({("header", name): 1 for name in answer.headers})
    shape += Counter({("status", str(answer.status_code)): 1})
    reader = READERS.get(kind, lambda _body: Counter())
    return shape + reader(body)


def of_html(body: bytes) -> Shape:
    """Elements with the names of their attributes, and where the addresses lead that are none of ours."""
    shape: Shape = Counter()
    # The parser drops what no document may hold; browsers show it as a blank.
    text = re.sub("[\0-\x08\x0b\x0c\x0e-\x1f]", " ", body.decode())
    for element in html.document_fromstring(text or "<p>").iter():
        if not isinstance(element.tag, str):
            shape["comment",] += 1
            continue
        shape[("element", element.tag, *sorted(element.attrib))] += 1
        for name, value in element.attrib.items():
            plain = re.sub(r"[\x00-\x20]", "", value)
            if name in LEADING and not SAFE.match(plain):
                shape["leads away", element.tag, name] += 1
        if element.tag in {"script", "style"} and element.text:
            shape["inline", element.tag] += 1
    return shape


def of_xlsx(body: bytes) -> Shape:
    shape: Shape = Counter()
    for sheet in load_workbook(io.BytesIO(body)):
        for row in sheet.iter_rows():
            for cell in row:
                shape["cell", cell.coordinate, cell.data_type, str(bool(cell.hyperlink))] += 1
    return shape + of_zip(body, r"(?!xl/(?:sharedStrings|worksheets))")


def of_zip(body: bytes, parts: str = "") -> Shape:
    """The elements of every part."""
    shape: Shape = Counter()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            shape["part", name] += 1
            if name.endswith((".xml", ".rels")) and re.match(parts, name):
                tree = etree.fromstring(archive.read(name))
                shape += Counter(("element", name, str(one.tag)) for one in tree.iter())
    return shape


def of_calendar(body: bytes) -> Shape:
    assert not [line for line in body.split(b"\r\n") if len(line) > OCTETS_OF_A_LINE or b"\n" in line]
    properties = Calendar.from_ical(body).property_items()
    return Counter(("property", name, *sorted(getattr(value, "params", ()))) for name, value in properties)


def of_json(body: bytes) -> Shape:
    def paths(value, at=()):
        inside = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        yield ("json", *map(str, at), type(value).__name__)
        for name, one in inside:
            yield from paths(one, (*at, name))

    return Counter(paths(json.loads(body)))


def of_mail(raw: bytes) -> Shape:
    """The names of all headers of all parts, the kinds of the parts, and the markup of the HTML."""
    message = message_from_bytes(raw, policy=policy.default)
    shape: Shape = Counter()
    for part in message.walk():
        shape += Counter(("mail header", name.lower()) for name in part)
        shape["part", part.get_content_type()] += 1
        if part.get_content_type() == "text/html":
            shape += of_html(part.get_content().encode())
    # One reader, whatever the name says.
    shape["readers", str(len(message["To"].addresses))] += 1
    return shape


READERS = {
    "text/html": of_html,
    "application/json": of_json,
    "text/calendar": of_calendar,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": of_xlsx,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": of_zip,
}
