"""The stored verdicts: rebuilt from the facts at any time, never a source of truth."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pledges.choices import Light, Reason
from pledges.models.plans import Pledge
from pledges.models.reports import ProgressReport

FOR_EVER = date(9999, 12, 31)


class StandingQuerySet(models.QuerySet["Standing"]):
    """Standings in the words of the office."""

    def on(self, day: date) -> Self:
        """The one standing of each pledge that covers a day."""
        return self.filter(since__lte=day, until__gte=day)


class Standing(models.Model):
    """A stretch of days with one light for one reason: past, present, and what comes if nothing is said.

    The standings of a pledge follow each other without a gap from its campaign's first day, so any
    day's board is one lookup (docs/decisions). `until` is FOR_EVER where it never ends.
    """

    # Here and below: no index of its own where another begins with the same column.
    pledge = models.ForeignKey(
        Pledge, models.CASCADE, related_name="standings", verbose_name=_("pledge"), db_index=False
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    light = models.CharField(_("light"), max_length=6, choices=Light.choices)
    rank = models.PositiveSmallIntegerField(_("rank"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)

    objects: ClassVar = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ("pledge", "since")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pledge", "since"], name="one_standing_begins_a_day"),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="standings_do_not_end_before_they_begin"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["pledge", "since", "until", "light", "rank"], name="board_of_a_day"),
            models.Index(fields=["since"], name="lights_that_turn_on_a_day"),
            models.Index(
                fields=["since", "pledge"],
                name="longest_missed",
                condition=Q(light=Light.RED, reason=Reason.MISSED),
            ),
            models.Index(
                fields=["since", "pledge"],
                name="longest_otherwise_red",
                condition=Q(light=Light.RED) & ~Q(reason=Reason.MISSED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.get_light_display()} {self.since}–{self.until}"


class LightChange(models.Model):
    """One row on the day a light changed, as the office saw it. Added, never edited."""

    pledge = models.ForeignKey(
        Pledge, models.CASCADE, related_name="light_changes", verbose_name=_("pledge"), db_index=False
    )
    day = models.DateField(_("day"))
    was = models.CharField(_("from"), max_length=6, choices=Light.choices, blank=True)
    light = models.CharField(_("to"), max_length=6, choices=Light.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="light_changes",
        verbose_name=_("caused by"),
        help_text=_("Empty where time alone changed the light."),
    )
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("light change")
        verbose_name_plural = _("light changes")
        ordering = ("-day", "-id")
        indexes: ClassVar = [models.Index(fields=["pledge", "-id"], name="last_light_of_a_pledge")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(was=F("light")), name="a_light_changes_to_another_light"),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.day} {self.get_was_display()} → {self.get_light_display()}"
