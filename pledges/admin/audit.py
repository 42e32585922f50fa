"""The audit, for those who hold the right by name: administrators do not have it by being administrators."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from pledges.actions.audit import record
from pledges.admin.audited import actor_of
from pledges.admin.rooms import LookOnly
from pledges.models import AuditEvent
from pledges.permissions import reads_audit


@admin.register(AuditEvent)
class AuditEventAdmin(LookOnly):
    """To look at it is on record, too."""

    list_display = (
        "id",
        "actor_name",
        "action",
        "object_type",
        "object_id",
        "outcome",
        "source_ip",
        "request_id",
    )
    list_filter = ("outcome",)
    search_fields = ("actor_name", "action", "object_id", "request_id")
    ordering = ("-id",)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return reads_audit(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reads_audit(request.user)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer = super().changelist_view(request, extra_context)
        record("audit.read", actor=actor_of(request), after=request.GET.dict())
        return answer

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        answer = super().changeform_view(request, object_id, *args, **kwargs)
        record("audit.read", actor=actor_of(request), after={"row": object_id})
        return answer
