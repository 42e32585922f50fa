"""What an auditor asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pledges.choices import AuditOutcome
from pledges.forms.fields import DayField, DayInput
from pledges.queries.deeds import DEEDS

LONGEST = 100
ALL = ("", pgettext_lazy("filter", "All"))
SELECT = {"class": "select"}
DAY = {"class": "input input--date"}


class AuditForm(forms.Form):
    """Every question may be left open."""

    who = forms.CharField(
        label=_("Person, address or number of a request"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    action = forms.ChoiceField(
        label=_("Action"), required=False, choices=[ALL, *DEEDS.items()], widget=forms.Select(attrs=SELECT)
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[ALL, *AuditOutcome.choices],
        widget=forms.Select(attrs=SELECT),
    )
    since = DayField(label=_("From"), required=False, widget=DayInput(attrs=DAY))
    until = DayField(label=_("Up to"), required=False, widget=DayInput(attrs=DAY))

    def asked(self) -> dict[str, Any]:
        """The questions that were understood; the others are left open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
