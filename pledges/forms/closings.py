"""Closing a pledge, and opening it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pledges.forms.directives import TOO_LONG, box
from pledges.forms.nudges import WordsField

WORDS_LENGTH = 300


class SeenField(forms.IntegerField):
    """The newest closing that the page showed, 0 for none: it tells an old page."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(min_value=0)


class CloseForm(forms.Form):
    """A word for the record, if there is one."""

    words = WordsField(
        label=_("Remark"),
        required=False,
        max_length=WORDS_LENGTH,
        widget=box(2),
        error_messages={"max_length": TOO_LONG},
    )
    seen = SeenField()

    def __init__(self, data: Any = None, *, seen: int = 0) -> None:
        super().__init__(data, initial={"seen": seen}, use_required_attribute=False)


class ReopenForm(forms.Form):
    """Why it is opened again."""

    reason = WordsField(
        label=_("Reason"),
        help_text=_("It stays on record with the closing."),
        max_length=WORDS_LENGTH,
        widget=box(3),
        error_messages={"max_length": TOO_LONG, "required": _("Write why it is reopened.")},
    )
    seen = SeenField()

    def __init__(self, data: Any = None, *, seen: int = 0) -> None:
        super().__init__(data, initial={"seen": seen}, use_required_attribute=False)
