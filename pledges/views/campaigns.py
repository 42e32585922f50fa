"""The campaigns of a request, asked for once: its page is about one of them, and its masthead names them all."""

from typing import Any

from django.http import Http404, HttpRequest

from pledges.choices import CampaignKind
from pledges.models import Campaign
from pledges.queries.counted import keeping

KEPT = "ykplan_campaigns"


def campaign_or_404(request: HttpRequest, code: str) -> Any:
    """The campaign of an address, with its article, saying whether any of its counts are kept (`is_kept`)."""
    found = next((campaign for campaign in _every(request) if campaign.code == code), None)
    if found is None:
        raise Http404(code)
    return found


def shown_campaigns(request: HttpRequest) -> list[Campaign]:
    """All that people work with, as `Campaign.objects.shown()`."""
    return [campaign for campaign in _every(request) if campaign.kind != CampaignKind.SYNTHETIC]


def _every(request: HttpRequest) -> list[Any]:
    if not hasattr(request, KEPT):
        setattr(request, KEPT, list(keeping(Campaign.objects.select_related("article"))))
    return getattr(request, KEPT)
