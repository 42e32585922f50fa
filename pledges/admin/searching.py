"""What was sent as a choice and can be none is not looked for: in boxes that search, and in lists of rows."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, ManyToManyField, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

LARGEST_KEY = 2**63 - 1


def may_be_key(field: Field, sent: str) -> bool:
    """Whether a row can have this key."""
    try:
        return abs(field.to_python(sent)) <= LARGEST_KEY
    except ValidationError:
        return False


class KnownChoices(AutocompleteSelect):
    """The framework asks the database for whatever came back with the form, and fails where it is no key."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [each for each in value if self._may_be(each)], attr)

    def _may_be(self, sent: str) -> bool:
        return sent in self.choices.field.empty_values or may_be_key(self.field.target_field, sent)


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


class KnownRows(admin.ModelAdmin):
    """A room whose list bears whatever is sent as its chosen rows."""

    def response_action(
        self, request: HttpRequest, queryset: QuerySet, *more: Any, **said: Any
    ) -> HttpResponse | None:
        key = self.model._meta.pk  # noqa: SLF001  Django's documented door to a model
        if all(may_be_key(key, sent) for sent in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            return super().response_action(request, queryset, *more, **said)
        self.message_user(request, _("What was chosen is not in the list."), messages.WARNING)
        return HttpResponseRedirect(request.get_full_path())
