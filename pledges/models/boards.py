"""Counts kept for the board of a day, so that a province's page costs what its departments are and not its pledges.

They are rebuilt from the standings at any time and never a source of truth (docs/decisions).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pledges.models.campaigns import Campaign
from pledges.models.people import Department


class KeptBoard(models.Model):
    """The lights of a campaign on one day beside those of an earlier one, kept as counts.

    The database itself marks it as stale when pledges come, go, or change hands, and forgets how many deadlines
    are due when one is moved (migration `kept_boards_go_stale`).
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="kept_boards", verbose_name=_("campaign")
    )
    day = models.DateField(_("day"))
    than = models.DateField(_("compared with"))
    counted_to = models.BigIntegerField(
        _("counted to"), default=0, help_text=_("The last pledge that is counted while it is being built.")
    )
    joined_to = models.BigIntegerField(
        _("joined to"), default=0, help_text=_("The last count that was there when they were joined.")
    )
    layout = models.CharField(
        _("layout"), max_length=16, help_text=_("What is counted where; another release may count otherwise.")
    )
    due_total = models.IntegerField(
        _("due within 30 days"), null=True, help_text=_("Empty where a deadline has changed since.")
    )
    is_whole = models.BooleanField(_("whole"), default=False)
    is_stale = models.BooleanField(_("stale"), default=False)
    let_go_at = models.DateTimeField(
        _("let go of at"), null=True, help_text=_("Deleted a little later: somebody may be reading it.")
    )
    built_at = models.DateTimeField(_("built at"), auto_now_add=True)

    class Meta:
        verbose_name = _("kept board")
        verbose_name_plural = _("kept boards")
        ordering = ("campaign", "day", "than")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "day", "than"],
                condition=Q(is_stale=False),
                name="one_fresh_board_of_two_days",
            ),
            models.CheckConstraint(condition=Q(than__lt=F("day")), name="a_board_is_compared_with_earlier"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.than}–{self.day}"


class KeptCount(models.Model):
    """The numbers of a department, or by how much a judgement changed them; what holds is the sum of such rows.

    Rows are added and never changed, so that people who report at once do not wait for each other; the minute
    tick joins them.
    """

    # Without a constraint: a board may go while somebody's report is being counted, which must not fail.
    board = models.ForeignKey(
        KeptBoard, models.CASCADE, related_name="counts", verbose_name=_("kept board"), db_constraint=False
    )
    department = models.ForeignKey(
        Department, models.CASCADE, related_name="+", verbose_name=_("department"), db_index=False
    )
    sums = models.JSONField(
        _("numbers"), help_text=_("What stands where is said by the layout of the board.")
    )

    class Meta:
        verbose_name = _("kept count")
        verbose_name_plural = _("kept counts")
        ordering = ("board", "pk")

    def __str__(self) -> str:
        return f"{self.board_id} {self.department_id}"
