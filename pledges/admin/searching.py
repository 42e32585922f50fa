"""Boxes that search while one types: what was sent as a choice and can be none is not looked for."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, ManyToManyField
from django.http import HttpRequest

LARGEST_KEY = 2**63 - 1


class KnownChoices(AutocompleteSelect):
    """The framework asks the database for whatever came back with the form, and fails where it is no key."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [each for each in value if self._may_be(each)], attr)

    def _may_be(self, sent: str) -> bool:
        key = self.field.target_field
        try:
            return sent in self.choices.field.empty_values or abs(key.to_python(sent)) <= LARGEST_KEY
        except ValidationError:
            return False


class ManyKnownChoices(KnownChoices, AutocompleteSelectMultiple):
    """The same for several."""


class Searching(admin.options.BaseModelAdmin):
    """A room, or a table in one, whose `autocomplete_fields` bear whatever is sent."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownChoices(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        if request is not None and db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ManyKnownChoices(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[arg-type]
