"""The orders themselves: pledges and their milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pledges.choices import Basis, Direction, Role
from pledges.models.campaigns import Campaign
from pledges.models.people import Department
from pledges.models.themes import Theme

if TYPE_CHECKING:
    from datetime import date

    from pledges.models.people import User

NUMBER: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}
"""Fourteen digits before the point, four after: the same on both databases."""


def once_among(pledges: models.QuerySet[Pledge]) -> Q:
    """Leaves a shared pledge out where the one printed first is among the pledges as well."""
    return Q(shared_with__isnull=True) | ~Q(shared_with__in=pledges.order_by().values("pk"))


class PledgeQuerySet(models.QuerySet["Pledge"]):
    """Pledges in the words of the office."""

    def visible_to(self, user: User) -> Self:
        """What a person may see: the city's offices everything, reporters and heads their own departments'."""
        if user.is_city_wide:
            return self
        return self.filter(department__in=user.departments_as(Role.of_a_department))

    def counted(self, *, among: Self | None = None) -> Self:
        """Each promise once; `among` is what the person sees, where these are only a part of it."""
        return self.filter(once_among(self if among is None else among))

    def locked_book_of(self, pledge: Pledge) -> Pledge:
        """The book of a pledge, locked: reports, extensions, closings and blockers come one after the other."""
        return self.select_for_update(of=("self",)).get(pk=pledge.book_id)


class Pledge(models.Model):
    """One promise of one department: one metric or one deliverable, with its printed sentence."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="pledges", verbose_name=_("campaign"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="pledges", verbose_name=_("department")
    )
    code = models.SlugField(_("code"), max_length=60, unique=True)
    number = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    metric = models.CharField(_("metric"), max_length=200)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    basis = models.CharField(_("kind of number"), max_length=12, choices=Basis.choices)
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction.choices, default=Direction.AT_LEAST
    )
    strict = models.BooleanField(
        _("strictly"), default=False, help_text=_("突破 and 超: the target itself is not enough.")
    )
    stretch = models.BooleanField(
        _("stretch goal"), default=False, help_text=_("争取 and 力争: tracked, a miss is no failure.")
    )
    statistic = models.BooleanField(
        _("published statistic"), default=False, help_text=_("The figure is published after its period.")
    )
    baseline = models.DecimalField(_("baseline"), **NUMBER, null=True, blank=True)
    subset_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subsets",
        verbose_name=_("part of"),
    )
    shared_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shares",
        verbose_name=_("shared with"),
        help_text=_("The same thing promised by two departments: one number, counted once."),
    )
    quote = models.TextField(_("printed sentence"), blank=True)
    span_start = models.PositiveIntegerField(_("span from"), null=True, blank=True)
    span_end = models.PositiveIntegerField(_("span to"), null=True, blank=True)
    remark = models.CharField(_("how it was read"), max_length=300, blank=True)
    theme = models.ForeignKey(
        Theme,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="pledges",
        verbose_name=_("theme"),
        help_text=_("The office's own sorting; the printed page names no themes."),
    )

    objects: ClassVar = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ("campaign", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "number"], name="a_number_names_one_pledge_of_a_campaign"
            ),
            models.CheckConstraint(
                condition=Q(shared_with__isnull=True) | ~Q(shared_with=F("id")),
                name="nothing_is_shared_with_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("pledge-detail", args=[self.code])

    def clean(self) -> None:
        if self.shared_with and self.shared_with.shared_with_id:
            raise ValidationError({"shared_with": _("Name the pledge that was printed first.")})

    @property
    def is_deliverable(self) -> bool:
        """Done or not: no number."""
        return self.basis == Basis.DELIVERABLE

    @property
    def book_id(self) -> int:
        """The pledge whose reports count here: a shared pledge has one number, kept by its lead."""
        return self.shared_with_id or self.pk


class Milestone(models.Model):
    """A deadline with the number due by then; a deliverable is due as a whole."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="milestones", verbose_name=_("pledge"))
    due = models.DateField(_("due"))
    original_due = models.DateField(
        _("due at first"),
        null=True,
        blank=True,
        help_text=_(
            "Empty where the deadline was never put off. The first one stands beside the one in force."
        ),
    )
    put_off_on = models.DateField(
        _("put off too often since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The day of the extension with which the campaign's limit was reached."),
    )
    due_words = models.CharField(_("printed deadline"), max_length=20, blank=True)
    target = models.DecimalField(
        _("target"), **NUMBER, null=True, blank=True, help_text=_("Empty for a deliverable.")
    )
    mark_start = models.PositiveIntegerField(_("own words from"), null=True, blank=True)
    mark_end = models.PositiveIntegerField(_("own words to"), null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("pledge", "due")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pledge", "due"],
                name="one_milestone_a_day",
                violation_error_message=_("There is already a milestone on this day."),
            ),
            models.CheckConstraint(
                condition=Q(original_due__isnull=True) | Q(original_due__lt=F("due")),
                name="a_deadline_is_only_put_off",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due", "pledge"], name="milestones_by_due")]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.due}"

    @property
    def first_due(self) -> date:
        """The day by which it was promised, whatever was granted since."""
        return self.original_due or self.due
