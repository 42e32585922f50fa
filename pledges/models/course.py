"""What happens to a pledge on its way: blockers, extensions, and its closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from pledges.choices import ExtensionState, Role
from pledges.models.people import Department, User
from pledges.models.plans import Milestone, Pledge

if TYPE_CHECKING:
    from pledges.models.plans import PledgeQuerySet


class BlockerQuerySet(models.QuerySet["Blocker"]):
    """Blockers in the words of the office."""

    def visible_to(self, user: User) -> Self:
        """Those of pledges a person may see, and those that their own department has to remove."""
        own = user.departments_as(Role.of_a_department)
        return self.filter(Q(pledge__in=Pledge.objects.visible_to(user)) | Q(department__in=own))

    def open(self) -> Self:
        """Not removed yet."""
        return self.filter(removed_at__isnull=True)


class Blocker(models.Model):
    """What stands in the way (堵点), as a line of the four lists (四清单): weakness, remedy, due, responsible."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="blockers", verbose_name=_("pledge"))
    weakness = models.CharField(_("weakness"), max_length=300)
    remedy = models.CharField(_("remedy"), max_length=300)
    due = models.DateField(_("to be removed by"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="blockers",
        verbose_name=_("responsible department"),
        help_text=_("May be another one than the pledge's; it sees the blocker in its work."),
    )
    raised_by = models.ForeignKey(
        User, models.PROTECT, related_name="blockers_raised", verbose_name=_("raised by")
    )
    raised_at = models.DateTimeField(_("raised at"), auto_now_add=True)
    outcome = models.CharField(_("how it was removed"), max_length=300, blank=True)
    removed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="blockers_removed",
        verbose_name=_("removed by"),
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects: ClassVar = BlockerQuerySet.as_manager()

    class Meta:
        verbose_name = _("blocker")
        verbose_name_plural = _("blockers")
        ordering = ("due", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, outcome="")
                | Q(removed_at__isnull=False, removed_by__isnull=False, outcome__gt=""),
                name="a_removal_has_words_a_moment_and_an_author",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["pledge", "due"], condition=Q(removed_at__isnull=True), name="open_blockers"
            ),
            models.Index(
                fields=["department", "due"],
                condition=Q(removed_at__isnull=True),
                name="blockers_of_a_department",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.weakness}"


class ExtensionQuerySet(models.QuerySet["Extension"]):
    """Extensions in the words of the office."""

    def visible_to(self, user: User) -> Self:
        """Those of pledges a person may see, whoever of those who share them asked."""
        return self.sharing(Pledge.objects.visible_to(user))

    def sharing(self, pledges: PledgeQuerySet) -> Self:
        """Those of pledges and of all that is shared with them: there a deadline is one, as the number is."""
        books = pledges.order_by().values(book=Coalesce("shared_with", "pk"))
        return self.filter(Q(milestone__pledge__in=books) | Q(milestone__pledge__shared_with__in=books))

    def waiting(self) -> Self:
        """Asked for and not decided."""
        return self.filter(state=ExtensionState.ASKED)

    def granted(self) -> Self:
        """Those that moved a deadline."""
        return self.filter(state=ExtensionState.GRANTED)


class Extension(models.Model):
    """A later day asked for before the deadline (延期申请). Granted, it moves the milestone; nothing is forgotten."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="extensions", verbose_name=_("milestone")
    )
    was_due = models.DateField(_("due until now"))
    new_due = models.DateField(_("due instead"))
    reason = models.TextField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="extensions", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED
    )
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions_decided",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, max_length=500)

    objects: ClassVar = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ("-asked_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(new_due__gt=F("was_due")), name="an_extension_gives_time"),
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(state=ExtensionState.ASKED),
                name="one_extension_of_a_milestone_waits",
                violation_error_message=_("An extension of this deadline is already waiting for a decision."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ExtensionState.decided)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_extensions_have_a_decider",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.REFUSED) | Q(answer__gt=""),
                name="refused_extensions_say_why",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="nobody_grants_their_own_extension",
                violation_error_message=_("Nobody decides on their own extension."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state=ExtensionState.ASKED),
                name="extensions_to_decide",
            )
        ]

    def __str__(self) -> str:
        return f"{self.milestone.pledge.number} {self.was_due} → {self.new_due}"


class ClosingQuerySet(models.QuerySet["Closing"]):
    """Closings in the words of the office."""

    def in_force(self) -> Self:
        """Not reopened."""
        return self.filter(reopened_at__isnull=True)


class Closing(models.Model):
    """A pledge struck off the list (销号): met, reviewed and proved. Reopened only with a reason."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="closings", verbose_name=_("pledge"))
    words = models.CharField(_("words"), max_length=300, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="closings", verbose_name=_("closed by"))
    closed_at = models.DateTimeField(_("closed at"), auto_now_add=True)
    reopen_reason = models.CharField(_("reason of reopening"), max_length=300, blank=True)
    reopened_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reopenings",
        verbose_name=_("reopened by"),
    )
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)

    objects: ClassVar = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing")
        verbose_name_plural = _("closings")
        ordering = ("-closed_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pledge"],
                condition=Q(reopened_at__isnull=True),
                name="a_pledge_is_closed_once",
                violation_error_message=_("This pledge is already closed."),
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True, reopen_reason="")
                | Q(reopened_at__isnull=False, reopened_by__isnull=False, reopen_reason__gt=""),
                name="a_reopening_has_a_reason_a_moment_and_an_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.closed_at:%Y-%m-%d}"
