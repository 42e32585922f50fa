"""What a leader says about a pledge, and what the department answers."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pledges.forms.fields import DayField, DayInput
from pledges.forms.nudges import WordsField

WORDS_LENGTH, ANSWER_LENGTH = 500, 1000
TOO_LONG = _("At most %(limit_value)d characters; these are %(show_value)d.")


def box(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "area"})


class DirectiveForm(forms.Form):
    """Words, and the day by which they are answered."""

    words = WordsField(
        label=_("Directive"),
        help_text=_("The department reads it word for word on top of “My work”."),
        max_length=WORDS_LENGTH,
        widget=box(4),
        error_messages={"max_length": TOO_LONG, "required": _("Write what is to be done.")},
    )
    answer_by = DayField(
        label=_("Answer by"),
        help_text=_("Seven working days from today, unless you choose another day."),
        widget=DayInput(attrs={"class": "input input--date"}),
        error_messages={"required": _("Give the day by which it is answered.")},
    )

    def __init__(self, data: Any = None, *, answer_by: date | None = None) -> None:
        super().__init__(data, initial={"answer_by": answer_by}, use_required_attribute=False)


class AnswerForm(forms.Form):
    """What the department has done about it."""

    answer = WordsField(
        label=_("Answer"),
        help_text=_("It is given once, in the name of the department, and stays on record."),
        max_length=ANSWER_LENGTH,
        widget=box(6),
        error_messages={"max_length": TOO_LONG, "required": _("Write what has been done.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
