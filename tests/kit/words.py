"""What a person reads on a page, without the markup and without the data."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import CharField, TextField, UUIDField

SPOKEN = ("aria-label", "alt", "placeholder", "title", "data-label")
"""Attributes that are read by people: by eye, or aloud."""

SILENT = {"script", "style"}
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
INLINE = {
    "a",
    "abbr",
    "b",
    "em",
    "i",
    "kbd",
    "small",
    "s",
    "span",
    "strong",
    "tspan",
    "use",
    "svg",
    "path",
    "rect",
    "circle",
}
DATA = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands where a text from the database stood."""

CJK = "\u3400-\u9fff"


class Reader(HTMLParser):
    """Reads a page aloud; what is marked with another language than the page's is skipped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.language = ""
        self.skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        if tag in EMPTY or tag not in INLINE:
            self.said.append("\n")
        if self.skipped:
            if tag not in EMPTY:
                self.skipped.append(tag)
            return
        if tag in SILENT or self._is_foreign(given) or given.get("aria-hidden") == "true":
            if tag not in EMPTY:
                self.skipped.append(tag)
            return
        self.said += [f"\n{given[name]}\n" for name in SPOKEN if given.get(name)]
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self.said.append(given.get("value", ""))

    def _is_foreign(self, given: dict[str, str]) -> bool:
        lang = given.get("lang", self.language)
        return lang.split("-")[0] != self.language.split("-")[0]

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.said.append("\n")
        if self.skipped and tag in self.skipped:
            while self.skipped.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.said.append(re.sub(r"[ \t\r\n]+", " ", data))


def read(html: str) -> str:
    """The words of a page, a line per block."""
    reader = Reader()
    reader.feed(html)
    lines = (re.sub(" +", " ", line).strip() for line in "".join(reader.said).split("\n"))
    return "\n".join(line for line in lines if line)


def stored_words() -> list[str]:
    """Every text of ours in the database with a letter in it: data may be in any language."""
    found: set[str] = set()
    for model in (*apps.get_app_config("pledges").get_models(), Group):
        fields = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | UUIDField)
        ]
        # A choice is shown in words, so its stored value is none.
        names = [field.name for field in fields if not field.choices]
        rows = model._default_manager.values_list(*names).distinct() if names else []
        found.update(line.strip() for row in rows for text in row for line in str(text).splitlines())
    return [text for text in found if re.search(rf"[A-Za-z{CJK}]", text)]


def without_data(text: str, known: Iterable[str]) -> str:
    """A text with a sign where data stood; the longest first, for one name may be part of another."""
    for words in sorted(known, key=len, reverse=True):
        if words in text:
            text = text.replace(words, DATA)
    return text
