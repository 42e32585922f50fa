"""The orders themselves: the printed page, the campaign, its pledges and their milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pledges.choices import Basis, CampaignKind, Direction, Role
from pledges.models.people import Department

if TYPE_CHECKING:
    from datetime import date

    from pledges.models.people import User

NUMBER: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}
"""Fourteen digits before the point, four after: the same on both databases."""


MOST_DAYS_AHEAD = 366


def validate_days_ahead(text: str) -> None:
    """Whole numbers of days from 0 to a year, parted by commas."""
    for word in text.split(","):
        if not (word.strip().isascii() and word.strip().isdigit() and int(word) <= MOST_DAYS_AHEAD):
            raise ValidationError(
                _("Write whole numbers of days from 0 to %(most)s, parted by commas: 30,14,7,3,1,0."),
                params={"most": MOST_DAYS_AHEAD},
            )


class SourceArticle(models.Model):
    """A printed page, kept whole. Every pledge and every sourced report points at its words."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    text = models.TextField(_("text as printed"), blank=True)
    note = models.TextField(_("about the source"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.title


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns in the words of the office."""

    def shown(self) -> Self:
        """All that people work with; plans made for measuring stay out of the way."""
        return self.exclude(kind=CampaignKind.SYNTHETIC)

    def running(self, today: date) -> Self:
        """Campaigns whose year is on."""
        return self.filter(starts_on__lte=today, ends_on__gte=today)


class Campaign(models.Model):
    """A plan year with its thresholds: the rules beside the lights are settings of this row."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("campaign name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=CampaignKind.choices, default=CampaignKind.REAL)
    article = models.ForeignKey(
        SourceArticle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("source"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    yellow_points = models.DecimalField(
        _("behind: more than … points"),
        max_digits=5,
        decimal_places=2,
        default=10,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_(
            "Percentage points of the whole pledge behind the trajectory; at most so many is on track."
        ),
    )
    red_points = models.DecimalField(
        _("alert: more than … points"),
        max_digits=5,
        decimal_places=2,
        default=30,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    due_soon_days = models.PositiveSmallIntegerField(
        _("due soon: within … days"),
        default=15,
        validators=[MaxValueValidator(366)],
        help_text=_("Deliverables and small counts turn yellow so many days before the deadline."),
    )
    small_count = models.PositiveSmallIntegerField(
        _("small count: up to …"),
        default=4,
        validators=[MaxValueValidator(1000)],
        help_text=_("Up to so many whole things are judged by days left, not by a line."),
    )
    report_day = models.PositiveSmallIntegerField(
        _("reports by day of the month"),
        default=25,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
    )
    cycle_months = models.PositiveSmallIntegerField(
        _("months in a cycle"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    statistics_lag_days = models.PositiveSmallIntegerField(
        _("statistics are published … days later"),
        default=30,
        validators=[MaxValueValidator(366)],
        help_text=_("Only for pledges marked as statistics: missing figures are not red so long."),
    )

    yellow_weight = models.PositiveSmallIntegerField(
        _("a pledge that is behind counts … per cent"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("In a department's score; on track and done count 100, an alert counts 0."),
    )
    grey_counts = models.BooleanField(
        _("what is not due counts in the score"),
        default=False,
        help_text=_("As 0 of 100. Off: a score is of pledges that have been judged."),
    )
    lead_days = models.CharField(
        _("remind … days ahead"),
        max_length=60,
        default="30,14,7,3,1,0",
        validators=[validate_days_ahead],
        help_text=_("Days before a deadline, such as 30,14,7,3,1,0; moved to the working day before."),
    )
    cycle_lead_days = models.CharField(
        _("remind of the regular report … days ahead"),
        max_length=60,
        default="3,0",
        validators=[validate_days_ahead],
        help_text=_("Days before the closing day of a cycle; only where the figure is still missing."),
    )
    head_after_days = models.PositiveSmallIntegerField(
        _("to the head after … working days overdue"),
        default=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(250)],
        help_text=_("Empty: never."),
    )
    leaders_after_days = models.PositiveSmallIntegerField(
        _("to the leadership after … working days overdue"),
        default=10,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(250)],
        help_text=_("In the letter of the week's first working day. Empty: never."),
    )

    objects: ClassVar = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ("-starts_on", "kind", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="a_campaign_ends_after_it_starts",
                violation_error_message=_("The last day must come after the first."),
            ),
            models.CheckConstraint(
                condition=Q(red_points__gte=F("yellow_points")),
                name="red_is_not_easier_than_yellow",
                violation_error_message=_("The alert threshold must not be below the yellow one."),
            ),
            models.CheckConstraint(
                condition=Q(cycle_months__in=[1, 2, 3, 4, 6, 12]),
                name="cycles_fit_into_a_year",
                violation_error_message=_("A cycle is 1, 2, 3, 4, 6 or 12 months."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("overview", args=[self.code])

    @property
    def is_invented(self) -> bool:
        """Whether its progress is synthetic: then a banner says so on every page."""
        return self.kind in CampaignKind.invented


def once_among(pledges: models.QuerySet[Pledge]) -> Q:
    """Leaves a shared pledge out where the one printed first is among the pledges as well."""
    return Q(shared_with__isnull=True) | ~Q(shared_with__in=pledges.order_by().values("pk"))


class PledgeQuerySet(models.QuerySet["Pledge"]):
    """Pledges in the words of the office."""

    def visible_to(self, user: User) -> Self:
        """What a person may see: the city's offices everything, reporters and heads their own departments'."""
        if user.is_superuser or user.memberships.filter(role__in=Role.city_wide).exists():
            return self
        own = Department.objects.filter(memberships__user=user, memberships__role__in=Role.of_a_department)
        return self.filter(department__in=own)

    def counted(self, *, among: Self | None = None) -> Self:
        """Each promise once; `among` is what the person sees, where these are only a part of it."""
        return self.filter(once_among(self if among is None else among))


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
        ]
        indexes: ClassVar = [models.Index(fields=["due", "pledge"], name="milestones_by_due")]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.due}"
