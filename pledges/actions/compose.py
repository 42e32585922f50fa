"""Write a letter: fixed templates, today's facts, the reader's language, one recipient."""

from datetime import datetime
from email.charset import QP, Charset
from email.utils import formataddr

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from pledges.choices import Language
from pledges.letters.pages import Page
from pledges.models import Letter, User
from pledges.queries.letters import Content
from pledges.rules.typed import one_line

SUBJECT_LENGTH = 200
LANGUAGES = {Language.CHINESE: "zh-CN", Language.ENGLISH: "en"}


def compose(letter: Letter, content: Content, *, now: datetime | None = None) -> EmailMultiAlternatives:
    """The e-mail, and its subject and text on the letter, so that what was told can be shown.

    `now` is told as the moment of the data.
    """
    person = letter.recipient
    language = Language(person.language)
    with translation.override(language):
        page = Page.of(letter, content, now=now or timezone.now())
        context = {"page": page, "person": one_line(person.name), "language": LANGUAGES[language]}
        letter.subject = one_line(render_to_string("emails/letter_subject.txt", context))[:SUBJECT_LENGTH]
        letter.text = render_to_string("emails/letter_body.txt", context)
        html = render_to_string("emails/letter_body.html", context)
    letter.email = person.email
    headers = {
        "To": _address_of(person),
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Ykplan-Letter": page.number,
        "Content-Language": LANGUAGES[language],
    }
    # The envelope has the bare address, whatever the name in the header does to a mail server.
    message = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.email], headers=headers)
    message.encoding = _quoted_printable()
    message.attach_alternative(html, "text/html")
    return message


def _quoted_printable() -> Charset:
    """Short lines of ASCII that any mail server takes; Django's own way needs one that takes eight bits."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    return charset


def _address_of(person: User) -> str:
    """Name and address; a name that no header can hold is left out."""
    try:
        return formataddr((one_line(person.name), person.email), "utf-8")
    except UnicodeError:
        return person.email
