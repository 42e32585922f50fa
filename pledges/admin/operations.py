"""What the house knows about its own running, and about its door."""

from axes import admin as _axes_admin  # noqa: F401  registers its rows first, so that they can be taken over
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin

from pledges.admin.rooms import LookOnly
from pledges.models import Heartbeat


@admin.register(Heartbeat)
class HeartbeatAdmin(LookOnly):
    list_display = ("duty", "beat_at", "day")


for model in (AccessAttempt, AccessFailureLog, AccessLog):
    admin.site.unregister(model)


@admin.register(AccessAttempt)
class AccessAttemptAdmin(LookOnly):
    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")


@admin.register(AccessLog, AccessFailureLog)
class AccessLogAdmin(LookOnly):
    list_display = ("attempt_time", "username", "ip_address", "user_agent")
    search_fields = ("username", "ip_address")
