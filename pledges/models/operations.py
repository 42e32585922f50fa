"""What the house knows about its own running."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When a recurring duty was last done to the end. One row per duty."""

    duty = models.CharField(_("duty"), max_length=30, unique=True)
    beat_at = models.DateTimeField(_("last done at"))
    day = models.DateField(_("done for the day"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.duty} {self.beat_at:%Y-%m-%d %H:%M}"
