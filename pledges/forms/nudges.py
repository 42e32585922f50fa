"""What is urged, and with which words."""

import re
import unicodedata
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pledges.actions.nudges import too_many_words
from pledges.queries.nudges import MOST_AT_ONCE

WORDS_LENGTH = 300
CODE = re.compile(r"[-a-zA-Z0-9_]{1,60}")


def is_code(text: str) -> bool:
    """Whether this can be the code of a pledge at all: nothing else is asked of the database."""
    return CODE.fullmatch(text) is not None


UNSEEN = {"Cc", "Zl", "Zp"}
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Signs that turn the direction of writing could make words read as others than they are."""


def is_unseen(sign: str) -> bool:
    """Whether a sign controls instead of saying something; the end of a line is none of these."""
    if sign == "\n":
        return False
    return unicodedata.category(sign) in UNSEEN or unicodedata.bidirectional(sign) in TURNING


class WordsField(forms.CharField):
    """Plain words: line ends are counted as one character, other invisible controls become blanks."""

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        seen = "".join(" " if is_unseen(sign) else sign for sign in text)
        return super().to_python(seen) or ""


class CodesField(forms.Field):
    """The codes of the pledges that the page showed."""

    widget = forms.MultipleHiddenInput
    default_error_messages: ClassVar = {
        "required": _("No pledge was chosen."),
        "invalid": _("This form cannot be used. Open it again."),
    }

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(value or ()))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MOST_AT_ONCE:
            raise ValidationError(too_many_words(len(value)), code="too_many")
        if not all(is_code(code) for code in value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class NudgeForm(forms.Form):
    """Exactly the pledges that were shown, and a word of one's own."""

    words = WordsField(
        label=_("A word of your own"),
        help_text=_("Those who are urged read it word for word, in the letter and in “My work”."),
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "class": "area"}),
        error_messages={"max_length": _("At most %(limit_value)d characters; these are %(show_value)d.")},
    )
    codes = CodesField()

    def __init__(self, data: Any = None, *, codes: list[str] | None = None) -> None:
        super().__init__(data, initial={"codes": codes or []}, use_required_attribute=False)

    @property
    def codes_posted(self) -> list[str]:
        """The codes as far as they can be used, to show the same set again."""
        return self.cleaned_data.get("codes", [])
