"""The box for the names behind a count."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pledges.forms.fields import NO_NULL
from pledges.models import Pledge, ProgressReport
from pledges.queries.ledger_entries import last_names
from pledges.rules.ledgers import MOST_NAMES, NAME_LENGTH, names_in, text_of

LONGEST = MOST_NAMES * (NAME_LENGTH + 8)
"""Every name at its longest, numbered."""


class NamesField(forms.CharField):
    """One name per line; what was pasted stays in the box as it was."""

    def __init__(self) -> None:
        super().__init__(
            label=_("List of names"),
            required=False,
            max_length=LONGEST,
            strip=False,
            help_text=_(
                "One per line: everything that the running total counts, also where only this period is reported "
                "above. As many names as the total says; what was accepted last stands here already."
            ),
            widget=forms.Textarea(attrs={"rows": 6, "class": "area"}),
            error_messages={
                "max_length": _("At most %(limit_value)d characters; these are %(show_value)d."),
                **NO_NULL,
            },
        )

    def clean(self, value: Any) -> Any:
        """The names in their order. An old page knows nothing of the box and sends none."""
        return names_in(super().clean(value))


def first_names(pledge: Pledge, again: ProgressReport | None) -> str:
    """The names of the report that came back, or those accepted last: the clerk only adds."""
    entries = list(again.entries.order_by("place")) if again else last_names(pledge)
    return text_of(entry.name for entry in entries)
