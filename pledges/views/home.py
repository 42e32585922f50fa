"""The front door: everybody is led to their own work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pledges.choices import Role
from pledges.context import SESSION_KEY
from pledges.models import Campaign
from pledges.permissions import holds
from pledges.queries.navigation import default_campaign


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Reporters to their work, reviewers to the queue, everybody else to the overview."""
    if holds(request.user, Role.REPORTER):
        return redirect("work")
    if holds(request.user, Role.REVIEWER):
        return redirect("review-queue")
    campaigns = list(Campaign.objects.shown())
    campaign = default_campaign(campaigns, request.session.get(SESSION_KEY), today=localdate())
    if campaign is None:
        return render(request, "pledges/no_campaign.html")
    return redirect(campaign)
