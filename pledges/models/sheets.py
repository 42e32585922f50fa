"""What was uploaded to be read in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pledges.models.campaigns import Campaign
from pledges.models.people import User


class SheetUpload(models.Model):
    """A filled-in sheet on its way in: read, shown cell by cell, then taken as a whole or not at all."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="sheets", verbose_name=_("owner"))
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="sheets", verbose_name=_("campaign"))
    name = models.CharField(_("file name"), max_length=120)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    key = models.UUIDField(_("form key"), unique=True)
    rows = models.JSONField(_("rows"), help_text=_("What was read, row by row, as typed."))
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    made = models.PositiveIntegerField(_("reports made"), default=0)

    class Meta:
        verbose_name = _("uploaded sheet")
        verbose_name_plural = _("uploaded sheets")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=False) | Q(made=0), name="only_taken_sheets_made_reports"
            ),
        ]

    def __str__(self) -> str:
        return self.name
