"""Private addresses for calendar programs: made, taken back, read."""

import secrets
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from pledges.actions.audit import record
from pledges.models import CalendarFeed, Department, User
from pledges.queries.feeds import departments_seen, fingerprint

TOKEN_BYTES = 32


@transaction.atomic
def make_feed(owner: User, department: Department | None = None) -> tuple[CalendarFeed, str]:
    """A new feed and its token, which nobody can show again. The old feed of the same scope is revoked.

    Raises PermissionDenied where the owner sees nothing of the department.
    """
    # Two clicks at once would both find no feed; the owner's row lets one pass at a time.
    User.objects.select_for_update().get(pk=owner.pk)
    if department and not departments_seen(owner).filter(pk=department.pk).exists():
        raise PermissionDenied
    _revoke(CalendarFeed.objects.filter(owner=owner, department=department))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(owner=owner, department=department, token_hash=fingerprint(token))
    record("feed.make", feed, actor=owner, after={"department": department})
    return feed, token


@transaction.atomic
def revoke_feed(feed: CalendarFeed) -> bool:
    """Its owner takes it back: nobody reads this feed any more. False where it was revoked before."""
    is_revoked = _revoke(CalendarFeed.objects.filter(pk=feed.pk)) == 1
    if is_revoked:
        record("feed.revoke", feed, actor=feed.owner)
    return is_revoked


def _revoke(feeds: QuerySet[CalendarFeed]) -> int:
    return feeds.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


def note_reading(feed: CalendarFeed, *, today: date) -> None:
    """Keep the day on which a feed was last read: one write a day, so that reading stays reading."""
    if feed.read_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_on=today)
