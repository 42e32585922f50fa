"""The printed page, and the campaign with its thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pledges.choices import CampaignKind

if TYPE_CHECKING:
    from datetime import date


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
    completion_needs_evidence = models.BooleanField(
        _("completion needs evidence"),
        default=True,
        help_text=_("A report that reaches the last target must bring a file."),
    )
    ledger_required = models.BooleanField(
        _("counts need a list of names"),
        default=False,
        help_text=_("A running total of whole things must be spelled out: as many names as it says."),
    )
    red_after_extensions = models.PositiveSmallIntegerField(
        _("alert after … extensions"),
        default=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("So many granted extensions of one deadline turn the pledge red. Empty: never."),
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
