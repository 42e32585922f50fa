"""Write a letter: fixed templates, today's facts, the reader's language, one recipient."""

import re
from contextlib import suppress
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.utils import format_datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from pledges.choices import Language
from pledges.letters.pages import Page
from pledges.models import Letter
from pledges.queries.letters import Content
from pledges.rules.typed import one_line

EMPTY_LINES = re.compile(r"\n{3,}")
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP
SUBJECT_LENGTH = 200
LANGUAGES = {Language.CHINESE: "zh-CN", Language.ENGLISH: "en"}


def compose(letter: Letter, content: Content, *, now: datetime | None = None) -> EmailMultiAlternatives:
    """The e-mail, and its subject and text on the letter, so that what was told can be shown.

    `now` is the letter's date, and told as the moment of its data.
    """
    person, now = letter.recipient, now or timezone.now()
    language = Language(person.language)
    with translation.override(language):
        page = Page.of(letter, content, now=now)
        context = {"page": page, "person": one_line(person.name), "language": LANGUAGES[language]}
        letter.subject = one_line(render_to_string("emails/letter_subject.txt", context))[:SUBJECT_LENGTH]
        letter.text = _tidy(render_to_string("emails/letter_body.txt", context))
        html = render_to_string("emails/letter_body.html", context)
    letter.email = person.email
    headers = _headers(letter, number=page.number, language=language, now=now)
    message = LetterMail(letter.subject, letter.text, to=[letter.email], headers=headers)
    message.name = one_line(person.name)
    message.attach_alternative(html, "text/html")
    return message


def _headers(letter: Letter, *, number: str, language: Language, now: datetime) -> dict[str, str]:
    """Which letter it is, of when, and that a machine wrote it."""
    return {
        "Date": format_datetime(timezone.localtime(now)),
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Ykplan-Letter": number,
        "Content-Language": LANGUAGES[language],
    }


class LetterMail(EmailMultiAlternatives):
    """An e-mail that any mail server takes: short lines of ASCII. Django's own needs one that takes eight bits.

    The envelope has the bare address, whatever the reader's name may be.
    """

    name = ""
    encoding = QUOTED_PRINTABLE

    def message(self, **how: Any) -> Any:
        """The same message with its two headers of free text folded where they should be."""
        message = super().message(**how)
        message.replace_header("Subject", Header(str(self.subject), header_name="Subject"))
        with suppress(UnicodeError):  # a name that no header can hold is left out
            message.replace_header("To", self._reader())
        return message

    def _reader(self) -> Header:
        address = self.to[0]
        reader = Header(header_name="To")
        if self.name:
            reader.append(self.name, "utf-8")  # encoded even in ASCII: no comma or quote can mean anything
            address = f"<{address}>"
        reader.append(address, "us-ascii")
        return reader


def _tidy(text: str) -> str:
    """One empty line where the template left several, none at the ends, no blanks before a line break."""
    lines = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    return EMPTY_LINES.sub("\n\n", lines) + "\n"
