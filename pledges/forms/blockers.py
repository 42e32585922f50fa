"""What stands in the way of a pledge, as a line of the four lists, and how it was removed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pledges.forms.directives import TOO_LONG, box
from pledges.forms.fields import DayField, DayInput
from pledges.forms.nudges import WordsField
from pledges.models import Department

WORDS_LENGTH = 300


class BlockerForm(forms.Form):
    """Weakness, remedy, day and department: one line of the four lists."""

    weakness = WordsField(
        label=_("Weakness"),
        help_text=_("What stands in the way, one thing at a time."),
        max_length=WORDS_LENGTH,
        widget=box(3),
        error_messages={"max_length": TOO_LONG, "required": _("Write what stands in the way.")},
    )
    remedy = WordsField(
        label=_("Remedy"),
        help_text=_("What removes it: the step, not the wish."),
        max_length=WORDS_LENGTH,
        widget=box(3),
        error_messages={"max_length": TOO_LONG, "required": _("Write what removes it.")},
    )
    due = DayField(
        label=_("To be removed by"),
        widget=DayInput(attrs={"class": "input input--date"}),
        error_messages={"required": _("Give the day by which it is removed.")},
    )
    department = forms.ChoiceField(
        label=_("Responsible department"),
        help_text=_(
            "May be another one than the pledge's: it finds the blocker in its work, and removes it."
        ),
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={
            "required": _("Choose the department that removes it."),
            "invalid_choice": _("There is no such department. Choose one of the list."),
        },
    )

    def __init__(self, data: Any = None, *, departments: Iterable[Department], usual: str) -> None:
        """`usual` is the code of the department that is chosen unless another one is."""
        super().__init__(data, initial={"department": usual}, use_required_attribute=False)
        self._departments = {department.code: department for department in departments}
        choices = [(code, department.name) for code, department in self._departments.items()]
        field = self.fields["department"]
        field.choices = field.widget.choices = choices  # type: ignore[attr-defined]

    def clean_department(self) -> Department:
        return self._departments[self.cleaned_data["department"]]


class RemovalForm(forms.Form):
    """How it was removed."""

    outcome = WordsField(
        label=_("How it was removed"),
        help_text=_(
            "It stays on record. A blocker that was raised by mistake is removed with these words, too."
        ),
        max_length=WORDS_LENGTH,
        widget=box(4),
        error_messages={"max_length": TOO_LONG, "required": _("Write how it was removed.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
