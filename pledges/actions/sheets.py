"""A filled-in sheet: kept as typed, taken as a whole or not at all, swept when nobody wants it any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.audit import record, recorded_together
from pledges.actions.imports import Saying, take_all
from pledges.errors import ConflictingKeyError, StaleError
from pledges.models import Campaign, Department, SheetUpload, User

KEPT_FOR = timedelta(days=7)
"""So long a sheet that nobody confirmed is kept."""

MOST_OPEN = 10
"""So many unconfirmed sheets one person keeps; the oldest goes when another comes."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its name, its fingerprint, its rows as typed."""

    name: str
    sha256: str
    rows: list[dict[str, Any]]


@transaction.atomic
def keep_sheet(read: Read, *, owner: User, campaign: Campaign, key: UUID) -> SheetUpload:
    """Keep what was read. Nothing is reported yet; the same form twice is one sheet.

    Raises ConflictingKeyError where the form came back with another file.
    """
    known = {
        "owner": owner,
        "campaign": campaign,
        "name": read.name,
        "sha256": read.sha256,
        "rows": read.rows,
    }
    upload, is_new = SheetUpload.objects.get_or_create(key=key, defaults=known)
    if (upload.owner_id, upload.campaign_id, upload.sha256) != (owner.pk, campaign.pk, read.sha256):
        raise ConflictingKeyError(_("This form was already sent with another file. Open it again."))
    if is_new:
        open_ones = SheetUpload.objects.filter(owner=owner, taken_at__isnull=True)
        too_old = list(open_ones.values_list("pk", flat=True)[MOST_OPEN:])
        open_ones.filter(pk__in=too_old).delete()
    return upload


@transaction.atomic
def take_sheet(upload: SheetUpload, sayings: Sequence[Saying], *, author: User, today: date) -> SheetUpload:
    """Report every row of a sheet, all or none; taken twice it is taken once.

    Every row is checked anew, under the locks of all books. Raises PermissionDenied, FaultsError where the
    facts have changed since the rows were checked, and StaleError where there is nothing to take.
    """
    if author.pk != upload.owner_id:
        raise PermissionDenied
    locked = SheetUpload.objects.select_for_update().filter(pk=upload.pk).first()
    if locked is None:
        raise StaleError(_("This sheet was not confirmed in time and is gone. Upload it again."))
    if locked.taken_at:
        return locked
    if not sayings:
        raise StaleError(_("There is nothing in this sheet to report."))
    with recorded_together():
        made = take_all(sayings, author=author, reviewer=None, today=today)
        locked.taken_at, locked.made = timezone.now(), len(made)
        SheetUpload.objects.filter(pk=locked.pk).update(taken_at=locked.taken_at, made=locked.made)
        told = {"file": locked.name, "sha256": locked.sha256, "reports": len(made)}
        record("sheet.taken", locked, actor=author, after=told)
    return locked


def note_download(user: User, campaign: Campaign, department: Department | None, *, rows: int) -> None:
    """Who took which rows home."""
    whose = department.name if department else ""
    record("sheet.download", campaign, actor=user, after={"rows": rows, "department": whose})


def sweep_sheets(*, now: datetime) -> int:
    """Forget what was uploaded and never confirmed."""
    stale = SheetUpload.objects.filter(taken_at__isnull=True, uploaded_at__lt=now - KEPT_FOR)
    count, _by_model = stale.delete()
    return count
