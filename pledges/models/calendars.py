"""The office's own calendar, and the calendars people subscribe to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pledges.models.people import Department, User


class SpecialDay(models.Model):
    """A day on which the office works or rests otherwise than the official calendar, or than weekdays, say."""

    day = models.DateField(_("day"), unique=True)
    is_workday = models.BooleanField(_("working day"), default=False)
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        verbose_name = _("holiday or make-up day")
        verbose_name_plural = _("holidays and make-up days")
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CalendarFeed(models.Model):
    """A private address under which a calendar program reads deadlines. Only the token's hash is kept."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="feeds", verbose_name=_("owner"))
    department = models.ForeignKey(
        Department,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="feeds",
        verbose_name=_("department"),
        help_text=_("Empty: all deadlines the owner may see."),
    )
    token_hash = models.CharField(_("fingerprint"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    read_on = models.DateField(_("last read on"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "department"],
                condition=Q(revoked_at__isnull=True, department__isnull=False),
                name="one_open_feed_per_department",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(revoked_at__isnull=True, department__isnull=True),
                name="one_open_feed_of_everything",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.department or ''}".strip()
