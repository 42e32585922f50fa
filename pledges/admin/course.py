"""What happened to pledges on their way: only looked at."""

from django.contrib import admin

from pledges.admin.rooms import LookOnly
from pledges.models import Blocker, Closing, Extension


@admin.register(Extension)
class ExtensionAdmin(LookOnly):
    list_display = (
        "milestone",
        "was_due",
        "new_due",
        "state",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
    )
    list_select_related = ("milestone__pledge", "asked_by", "decided_by")
    list_filter = ("state", "milestone__pledge__campaign", "milestone__pledge__department")
    search_fields = ("milestone__pledge__number", "milestone__pledge__title", "reason", "asked_by__name")
    date_hierarchy = "asked_at"


@admin.register(Closing)
class ClosingAdmin(LookOnly):
    list_display = ("pledge", "closed_by", "closed_at", "reopened_by", "reopened_at")
    list_select_related = ("pledge", "closed_by", "reopened_by")
    list_filter = ("pledge__campaign", "pledge__department")
    search_fields = ("pledge__number", "pledge__title", "words", "reopen_reason", "closed_by__name")
    date_hierarchy = "closed_at"


@admin.register(Blocker)
class BlockerAdmin(LookOnly):
    list_display = (
        "pledge",
        "weakness",
        "due",
        "department",
        "raised_by",
        "raised_at",
        "removed_by",
        "removed_at",
    )
    list_select_related = ("pledge", "department", "raised_by", "removed_by")
    list_filter = ("pledge__campaign", "department")
    search_fields = ("pledge__number", "pledge__title", "weakness", "remedy", "outcome", "raised_by__name")
    date_hierarchy = "due"
