"""What was said and judged: only looked at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from pledges.admin.rooms import LookOnly
from pledges.models import Evidence, LightChange, ProgressReport, Standing


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


@admin.register(Evidence)
class EvidenceAdmin(LookOnly):
    """What was sent, by whom; the file itself is handed out by the page that asks who wants it."""

    list_display = ("name", "kind", "size", "fingerprint", "report", "uploaded_by", "uploaded_at")
    list_select_related = ("report__pledge", "uploaded_by")
    list_filter = ("kind", ("report", admin.EmptyFieldListFilter))
    search_fields = ("name", "sha256", "report__pledge__number", "report__pledge__title", "uploaded_by__name")
    date_hierarchy = "uploaded_at"
    fields = ("name", "kind", "size", "sha256", "report", "form_key", "uploaded_by", "uploaded_at")

    @admin.display(description=_("fingerprint"))
    def fingerprint(self, evidence: Evidence) -> str:
        return evidence.sha256[:12]
