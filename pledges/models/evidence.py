"""What stands behind a number: files, and the names of the things that were counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import uuid4

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pledges.models.people import User
from pledges.models.reports import ProgressReport

if TYPE_CHECKING:
    from datetime import datetime


def evidence_storage() -> Storage:
    """Outside every folder that a web server shows."""
    return storages["evidence"]


def random_name(_evidence: Evidence, _name: str) -> str:
    """A file is stored under a name that nobody chose and nobody can guess."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence in the words of the office."""

    def visible_to(self, user: User) -> Self:
        """Files of reports a person may see, and one's own that are not sent yet."""
        return self.filter(
            Q(report__in=ProgressReport.objects.visible_to(user)) | Q(report__isnull=True, uploaded_by=user)
        )

    def loose(self) -> Self:
        """Uploaded with a form that was never sent."""
        return self.filter(report__isnull=True)

    def forgotten(self, before: datetime) -> Self:
        """Loose for so long that nobody will send the form any more."""
        return self.loose().filter(uploaded_at__lt=before)


class Evidence(models.Model):
    """A file behind a report (佐证材料). It is uploaded with the form and belongs to the report once that is sent."""

    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("report"),
        help_text=_("Empty until the form is sent."),
    )
    form_key = models.UUIDField(_("form key"))
    file = models.FileField(_("file"), storage=evidence_storage, upload_to=random_name, max_length=80)
    name = models.CharField(_("file name"), max_length=120)
    kind = models.CharField(_("kind of file"), max_length=10)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="evidence", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    objects: ClassVar = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form_key", "sha256"], name="a_form_holds_a_file_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_is_not_empty"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["uploaded_at"], condition=Q(report__isnull=True), name="evidence_not_sent_yet"
            ),
            models.Index(fields=["sha256"], name="evidence_by_fingerprint"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A file is stored once; another version is another row."""
        if not self._state.adding:
            raise TypeError("evidence is never edited; use pledges.actions.evidence")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        """What was sent stays; what was not is removed by the actions."""
        raise TypeError("evidence is never deleted here; use pledges.actions.evidence")


class LedgerEntry(models.Model):
    """One of the things that a count counts, by name (台账): which seven firms?

    The entries of a report name everything that its running total counts.
    """

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="entries", verbose_name=_("report")
    )
    place = models.PositiveSmallIntegerField(_("place"))
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(
        _("name for comparing"),
        max_length=120,
        help_text=_("Without blanks and marks: the same thing under two spellings is found."),
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ("report", "place")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "key"], name="a_thing_is_counted_once_per_report"),
            models.CheckConstraint(condition=~Q(key=""), name="ledger_entries_have_a_name"),
        ]
        indexes: ClassVar = [models.Index(fields=["key"], name="ledger_by_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The names belong to what was said, and stay with it."""
        if not self._state.adding:
            raise TypeError("ledger entries are never edited; a new report brings its own")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        """Nothing said is taken back by deleting it."""
        raise TypeError("ledger entries are never deleted")
