"""Is the house running? For machines; says nothing about anybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pledges.queries.health import health_on

OK, UNAVAILABLE = 200, 503


@never_cache
@require_safe
@login_not_required
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while database, broker, disk and tick are well, else 503; the body says which is not."""
    health = health_on(timezone.now())
    return JsonResponse(health.shown(), status=OK if health.is_well else UNAVAILABLE)
