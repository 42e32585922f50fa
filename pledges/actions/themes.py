"""Sort pledges under a theme: the office's own doing, written down like every other."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pledges.actions.audit import record, recorded_together
from pledges.models import Pledge, Theme, User
from pledges.permissions import can_sort


@transaction.atomic
def sort_pledges(pledges: Iterable[Pledge], theme: Theme | None, *, by: User) -> int:
    """Put pledges under a theme of their campaign, or under none; returns how many that moved.

    What two departments promised together is one promise, so it is sorted together.
    Raises PermissionDenied, ValidationError where a pledge is of another campaign.
    """
    if not can_sort(by):
        raise PermissionDenied
    books = {pledge.book_id for pledge in pledges}
    together = Pledge.objects.filter(Q(pk__in=books) | Q(shared_with__in=books))
    # Held in one order, so that two who sort at once wait for each other and the audit says what was.
    found = list(together.select_for_update(of=("self",)).select_related("theme").order_by("pk"))
    if theme and any(pledge.campaign_id != theme.campaign_id for pledge in found):
        raise ValidationError(_("“%(theme)s” is a theme of another campaign.") % {"theme": theme})
    moving = [pledge for pledge in found if pledge.theme_id != (theme.pk if theme else None)]
    with recorded_together():
        for pledge in moving:
            was = {"theme": str(pledge.theme) if pledge.theme else None}
            record(
                "pledge.sort", pledge, actor=by, before=was, after={"theme": str(theme) if theme else None}
            )
    Pledge.objects.filter(pk__in=[pledge.pk for pledge in moving]).update(theme=theme)
    return len(moving)
