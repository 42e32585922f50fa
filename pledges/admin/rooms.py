"""What several rooms share: rows that are only looked at, and rows that change who is told what."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.timezone import localdate

from pledges.actions.audit import recorded_together
from pledges.actions.reminders import plan_again
from pledges.admin.audited import Audited

PER_PAGE = 50


class LookOnly(admin.ModelAdmin):
    """Rows that only the application writes."""

    list_per_page = PER_PAGE
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PlansAgain(Audited):
    """Rows that decide who is told what and when: after every change today is planned once more."""

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        plan_again(today=localdate())

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        with transaction.atomic(), recorded_together():
            super().delete_model(request, obj)
            plan_again(today=localdate())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic(), recorded_together():
            super().delete_queryset(request, queryset)
            plan_again(today=localdate())
