"""What happened, in a chain that shows when it was rewritten."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.choices import AuditOutcome


class AuditEvent(models.Model):
    """One thing that somebody did, or was refused. Appended in the transaction of the change, never touched again.

    `row_hash` covers `prev_hash` and every other column as stored, so that a row that is edited, taken
    out, put in or moved breaks the chain. People, departments and objects are kept as values: what
    happened does not change when a name does.
    """

    at_us = models.BigIntegerField(_("moment"), help_text=_("Microseconds since 1970-01-01 UTC."))
    actor_id = models.BigIntegerField(_("person"), null=True, blank=True)
    actor_name = models.CharField(_("name"), max_length=150, blank=True)
    source_ip = models.CharField(_("address"), max_length=45, blank=True)
    request_id = models.CharField(_("request"), max_length=36, blank=True)
    action = models.CharField(_("action"), max_length=40)
    object_type = models.CharField(_("kind of object"), max_length=40, blank=True)
    object_id = models.CharField(_("object"), max_length=60, blank=True)
    pledge_id = models.BigIntegerField(_("pledge"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=6, choices=AuditOutcome.choices, default=AuditOutcome.OK
    )
    payload = models.TextField(_("contents"), blank=True)
    algorithm = models.CharField(_("algorithm"), max_length=10, default="sha256")
    prev_hash = models.CharField(_("hash before"), max_length=64, unique=True)
    row_hash = models.CharField(_("hash"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ("id",)
        indexes: ClassVar = [
            models.Index(fields=["pledge_id", "-id"], name="history_of_a_pledge"),
            models.Index(fields=["object_type", "object_id", "-id"], name="history_of_an_object"),
            models.Index(fields=["at_us"], name="audit_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Appended, never edited."""
        if not self._state.adding:
            raise TypeError("audit events are never edited")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        """Nothing that happened is taken back."""
        raise TypeError("audit events are never deleted")
