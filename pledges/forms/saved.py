"""Filters under a name of one's own. Only what the filters know is kept, and never an address."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pledges.filters import PledgeFilter
from pledges.models import SavedView

LIST, OVERVIEW = "list", "overview"
SHOW = "show"
"""Which of the two pages a view opens."""

ON_OVERVIEW = ("department", "theme", "basis", "due", "stretch")
"""The filters of the overview; the list knows more."""

NEVER_KEPT = frozenset({"than"})
"""A view is about any day: it is opened on the day that is looked at, compared as usual."""

MOST_VIEWS = 30
LONGEST_QUERY = 500
"""As long as the column is."""


def known_query(filters: PledgeFilter, *, show: str) -> str:
    """The filters of an address that are known and can be used, in one order: all that is ever kept of it."""
    kept = QueryDict(mutable=True)
    chosen = filters.chosen
    for name in filters.filters:
        if name in chosen and name not in NEVER_KEPT and (show == LIST or name in ON_OVERVIEW):
            value = chosen[name]
            kept.setlist(name, [str(each) for each in (value if isinstance(value, list) else [value])])
    return f"{SHOW}={show}&{kept.urlencode()}" if kept else ""


class SavedViewForm(forms.ModelForm):
    """The name; whose view it is, of what, and which filters, the page knows."""

    class Meta:
        model = SavedView
        fields: ClassVar = ["name"]
        labels: ClassVar = {"name": _("Name of this view")}
        widgets: ClassVar = {"name": forms.TextInput(attrs={"class": "input"})}

    def _get_validation_exclusions(self) -> set[str]:
        # Whose view it is and of what is not on the form, yet "one view of a name" is about it.
        return super()._get_validation_exclusions() - {"owner", "campaign"}  # type: ignore[misc]  # no stub

    def clean(self) -> dict[str, Any]:
        view = self.instance
        if not view.query:
            raise ValidationError(_("Nothing is filtered here. Set a filter first, then save it."))
        if len(view.query) > LONGEST_QUERY:
            raise ValidationError(_("These filters are too long to be saved; shorten the keyword."))
        if SavedView.objects.filter(owner=view.owner, campaign=view.campaign).count() >= MOST_VIEWS:
            raise ValidationError(
                _("At most %(most)d views are kept. Delete one first."), params={"most": MOST_VIEWS}
            )
        return super().clean() or self.cleaned_data

    def save(self, commit: bool = True) -> SavedView:  # noqa: FBT001, FBT002  Django's own signature
        """Kept once: whoever clicks twice has it already."""
        try:
            with transaction.atomic():
                return super().save(commit=commit)
        except IntegrityError:
            view = self.instance
            return SavedView.objects.get(owner=view.owner, campaign=view.campaign, name=view.name)
