"""Whatever an administrator changes here is written down with what it was before."""

import copy
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm, Field, Form, ModelChoiceField, ModelForm, ModelMultipleChoiceField
from django.forms.models import model_to_dict
from django.http import HttpRequest

from pledges.actions.audit import record, recorded_together
from pledges.admin.searching import KnownRows, Searching
from pledges.models import User
from pledges.rules.payloads import MASK

Values = dict[str, object]


class Audited(Searching, KnownRows):
    """A room whose changes are in the audit, in the transaction of the change."""

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Form,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002  Django's signature
    ) -> Any:
        """Django asks for its words when everything is saved and nothing is committed: the place for ours."""
        before, after = changes_of(form, formsets or [])
        if add or before or after:
            thing = form.instance if isinstance(form, ModelForm) else form.user  # type: ignore[attr-defined]
            action = "admin.add" if add else "admin.change"
            record(action, thing, actor=actor_of(request), before=None if add else before, after=after)
        return super().construct_change_message(request, form, formsets, add)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        with transaction.atomic():
            gone = copy.copy(obj)
            super().delete_model(request, obj)
            record_deletion(request, gone)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic(), recorded_together():
            gone = list(queryset)
            super().delete_queryset(request, queryset)
            for row in gone:
                record_deletion(request, row)


def actor_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def record_deletion(request: HttpRequest, gone: Model) -> None:
    was = {"is": str(gone)} | model_to_dict(gone)
    record("admin.delete", gone, actor=actor_of(request), before=was)


def changes_of(form: BaseForm, formsets: Any) -> tuple[Values, Values]:
    """What was and what is, of the fields that changed: the row's own, then those of the rows below it."""
    before, after = _changed(form)
    for name, row in _rows_below(formsets):
        was, became = _changed(row)
        is_new, is_gone = row.initial == {}, bool(row.cleaned_data.get("DELETE"))
        before |= {} if is_new else {name: _all(row) if is_gone else was}
        after |= {name: None if is_gone else became}
    return before, after


def _rows_below(formsets: Any) -> Iterator[tuple[str, Any]]:
    for formset in formsets:
        for number, row in enumerate(formset.forms):
            if row.has_changed():
                place = (
                    row.instance.pk or row["id"].value() or number
                )  # a row that is gone has lost its number
                yield f"{formset.model._meta.model_name} {place}", row  # noqa: SLF001


def _changed(form: BaseForm) -> tuple[Values, Values]:
    """A name without a field is Django's for a password that was set: told without any value."""
    before: Values = {}
    after: Values = {}
    for name in form.changed_data:
        field = form.fields.get(name)
        if field is None:
            after[name] = MASK
        elif name != "DELETE":
            before[name] = _told(field, form.get_initial_for_field(field, name))
            after[name] = _told(field, form.cleaned_data.get(name))
    return before, after


def _all(form: BaseForm) -> Values:
    return {
        name: _told(form.fields[name], value) for name, value in form.initial.items() if name in form.fields
    }


def _told(field: Field, value: Any) -> object:
    """A row that is pointed at is told by name and number, also where only its number is at hand."""
    if isinstance(field, ModelMultipleChoiceField):
        return sorted(str(row) for row in value or ())
    if not isinstance(field, ModelChoiceField) or value is None or field.queryset is None:
        return value
    row = value if isinstance(value, Model) else field.queryset.filter(pk=value).first()
    return f"{row} #{row.pk}" if row else value
