"""What was said and judged: only looked at."""

from django.contrib import admin

from pledges.admin.rooms import LookOnly
from pledges.models import LightChange, ProgressReport, Standing


@admin.register(ProgressReport)
class ProgressReportAdmin(LookOnly):
    list_display = ("pledge", "as_of", "value", "state", "author", "submitted_at", "reviewer", "reviewed_at")
    list_select_related = ("pledge", "author", "reviewer")
    list_filter = ("state", "pledge__campaign", "pledge__department")
    search_fields = ("pledge__number", "pledge__title", "pledge__code", "author__name")
    date_hierarchy = "as_of"


@admin.register(Standing)
class StandingAdmin(LookOnly):
    list_display = ("pledge", "since", "until", "light", "reason")
    list_select_related = ("pledge",)
    list_filter = ("light", "pledge__campaign")
    search_fields = ("pledge__number", "pledge__title", "pledge__code")


@admin.register(LightChange)
class LightChangeAdmin(LookOnly):
    list_display = ("pledge", "day", "was", "light", "reason", "report")
    list_select_related = ("pledge", "report__pledge")
    list_filter = ("light", "pledge__campaign")
    search_fields = ("pledge__number", "pledge__title", "pledge__code")
    date_hierarchy = "day"
