"""What every page shows around itself: the campaigns, the person's doors, the banner."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate

from pledges.choices import Role
from pledges.queries.navigation import Doors, default_campaign, doors_of
from pledges.queries.silence import silence_on
from pledges.views.campaigns import shown_campaigns

SESSION_KEY = "campaign"


def site(request: HttpRequest) -> dict[str, object]:
    """Lazily asked: an error page without a signed-in person asks the database nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"today": localdate(), "doors": Doors()}
    posts = user.posts
    campaigns = shown_campaigns(request)
    code = request.resolver_match.kwargs.get("campaign") if request.resolver_match else None
    known = code in {campaign.code for campaign in campaigns}
    if known and request.session.get(SESSION_KEY) != code:  # unchanged, it needs no write
        request.session[SESSION_KEY] = code
    chosen = default_campaign(campaigns, request.session.get(SESSION_KEY), today=localdate())
    doors = doors_of(user, {Role(post.role) for post in posts}, letters_stay=settings.EMBEDDED)
    return {
        "today": localdate(),
        "campaigns": campaigns,
        "campaign": chosen,
        "posts": posts,
        "doors": doors,
        # Those who look after the letters; everybody else can do nothing about it.
        "silence": silence_on(timezone.now()) if doors.reviews else None,
    }
