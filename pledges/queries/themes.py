"""The themes under which somebody may ask for pledges."""

from django.db.models import Exists, OuterRef

from pledges.models import Campaign, Theme
from pledges.models.plans import PledgeQuerySet


def themes_in(campaign: Campaign, seen: PledgeQuerySet) -> list[Theme]:
    """The themes of a campaign under which a person sees anything, in their order. One query."""
    sorted_here = seen.order_by().filter(theme=OuterRef("pk"))
    return list(Theme.objects.filter(Exists(sorted_here), campaign=campaign))
