"""Asking for a later day, and deciding on it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pledges.forms.directives import TOO_LONG, box
from pledges.forms.fields import DayField, DayInput
from pledges.forms.nudges import WordsField

WORDS_LENGTH = 500


class AskForm(forms.Form):
    """The later day and the reason; `was_due` is the deadline that the page showed."""

    new_due = DayField(
        label=_("New deadline"),
        widget=DayInput(attrs={"class": "input input--date"}),
        error_messages={"required": _("Give the day by which it will be done.")},
    )
    reason = WordsField(
        label=_("Reason"),
        help_text=_("Why the day cannot be kept, how far it is, and what will be done. It stays on record."),
        max_length=WORDS_LENGTH,
        widget=box(5),
        error_messages={"max_length": TOO_LONG, "required": _("Write why the day cannot be kept.")},
    )
    was_due = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, due: date) -> None:
        super().__init__(data, initial={"was_due": due}, use_required_attribute=False)


class DecisionForm(forms.Form):
    """Words to those who asked: compulsory where the deadline stays."""

    answer = WordsField(
        label=_("Answer"),
        help_text=_("The department reads it word for word. Needed for a refusal."),
        required=False,
        max_length=WORDS_LENGTH,
        widget=box(3),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
