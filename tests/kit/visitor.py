"""Somebody with a browser, and what is typed rightly and wrongly."""

from dataclasses import dataclass, field
from datetime import date
from html import escape
from io import BytesIO
from urllib.parse import urlsplit

from django.test import Client
from django.urls import resolve
from openpyxl import load_workbook

TODAY = date(2026, 9, 20)
CAMPAIGN, OFFICE = "wujin-2026-rehearsal", "jinrong"
REHEARSAL = f"/campaigns/{CAMPAIGN}/"
DAYS = ("2025-12-31", "2026-01-01", "2026-06-30", f"{TODAY}", "2027-02-01")
PASSWORD, NEW_PASSWORD = "correct-horse-9", "something-else-10"
ASKED, SOME_DAY, LONG = "没有这样的事", "someday", "长" * 1001
LETTER, ADDRESS = "催办", "a@example.com"
TYPED_UNIT, ANOTHER = "12万", "另"
TYPED = (ASKED, SOME_DAY, LONG, LETTER, ADDRESS, TYPED_UNIT, ANOTHER)
"""What comes back on a page because somebody typed it."""


@dataclass
class Visitor:
    """Somebody with a browser, and what was read: the address, what came back."""

    client: Client
    pages: list[tuple[str, str]] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)

    def get(self, address: str, **query) -> None:
        self._keep(address, query, self.client.get(address, query, follow=True))

    def post(self, address: str, **data) -> None:
        self._keep(address, data, self.client.post(address, data, follow=True))

    def _keep(self, address: str, data: dict, answer) -> None:
        self.seen |= {resolve(address).url_name, answer.status_code}
        self.seen |= {resolve(urlsplit(to).path).url_name for to, _status in answer.redirect_chain}
        self.pages.append((f"{address} {data}", _text_of(answer)))


def _text_of(answer) -> str:
    """A page as it came; of a sheet what stands in its cells, of any other file nothing."""
    kind = answer.headers["Content-Type"]
    if kind.startswith("text/"):
        return answer.content.decode()
    if not kind.endswith("spreadsheetml.sheet"):
        return ""
    sheets = load_workbook(BytesIO(answer.getvalue())).worksheets
    cells = (
        str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )
    return "<br>".join(map(escape, cells))
