"""The audit as an auditor reads it: filtered by person, action, object, day."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import make_aware

from pledges.choices import AuditOutcome
from pledges.models import AuditEvent
from pledges.queries.deeds import DEEDS, MICRO


def events_like(
    *,
    who: str = "",
    action: str = "",
    outcome: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEvent]:
    """The rows that are asked for, the newest first."""
    events = AuditEvent.objects.order_by("-id")
    if who:
        events = events.filter(Q(actor_name__icontains=who) | Q(source_ip=who) | Q(request_id=who))
    if action in DEEDS:
        events = events.filter(action=action)
    if outcome in AuditOutcome.values:
        events = events.filter(outcome=outcome)
    if since:
        events = events.filter(at_us__gte=_midnight(since))
    if until:
        events = events.filter(at_us__lt=_midnight(until + timedelta(days=1)))
    return events


def _midnight(day: date) -> int:
    return int(make_aware(datetime.combine(day, datetime.min.time())).timestamp() * MICRO)
