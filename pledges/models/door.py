"""What is kept of those who come to the door."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.people import User


class PastPassword(models.Model):
    """A password somebody had, as its hash: it is not to come again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords", verbose_name=_("person"))
    password = models.CharField(_("password"), max_length=128)
    set_at = models.DateTimeField(_("set"), auto_now_add=True)

    class Meta:
        verbose_name = _("past password")
        verbose_name_plural = _("past passwords")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"


class DoorCount(models.Model):
    """How often somebody was not let in from one place within one quarter of an hour.

    The first ones are rows of the audit; the others are only counted here, and told in one row when the
    quarter is over. So a stranger cannot fill the audit.
    """

    since = models.DateTimeField(_("since"))
    source = models.CharField(
        _("address"), max_length=45, blank=True, help_text=_("Empty: all places beyond the first hundred.")
    )
    failures = models.PositiveIntegerField(_("failed sign-ins"), default=0)
    names = models.JSONField(
        _("names that were typed"),
        default=dict,
        blank=True,
        help_text=_("How often each; only the first ones."),
    )
    locks = models.PositiveIntegerField(_("had to wait"), default=0)

    class Meta:
        verbose_name = _("count at the door")
        verbose_name_plural = _("counts at the door")
        ordering = ("since", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["since", "source"], name="one_count_for_a_place_and_a_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M} {self.source} {self.failures}"
