"""What leaders said and what was read from print: only looked at."""

from django.contrib import admin

from pledges.admin.rooms import LookOnly
from pledges.models import Directive, Fact


@admin.register(Directive)
class DirectiveAdmin(LookOnly):
    list_display = (
        "pledge",
        "by",
        "answer_by",
        "created_at",
        "answered_by",
        "answered_at",
        "closed_by",
        "closed_at",
    )
    list_select_related = ("pledge", "by", "answered_by", "closed_by")
    list_filter = ("pledge__campaign", "pledge__department")
    search_fields = ("pledge__number", "pledge__title", "words", "answer", "by__name")
    date_hierarchy = "answer_by"


@admin.register(Fact)
class FactAdmin(LookOnly):
    list_display = ("year", "metric", "value", "unit", "kind", "article")
    list_display_links = ("metric",)
    list_select_related = ("article",)
    list_filter = ("year", "kind", "article")
    search_fields = ("metric", "quote", "pledges__number")
