"""What was said about a pledge. Reports are added, never edited; a correction is a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pledges.choices import Entry, ReportState, Role
from pledges.models.campaigns import SourceArticle
from pledges.models.people import Department, User
from pledges.models.plans import NUMBER, Pledge

if TYPE_CHECKING:
    from datetime import date


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    """Reports in the words of the office."""

    def visible_to(self, user: User) -> Self:
        """The city's offices see every report, reporters those of their own departments' pledges.

        A shared pledge keeps one book, open to both departments.
        """
        if user.is_city_wide:
            return self
        own = user.departments_as(Role.of_a_department)
        return self.filter(
            Q(pledge__department__in=own)
            | Q(pledge__in=Pledge.objects.filter(department__in=own).values("shared_with"))
        )

    def accepted(self) -> Self:
        """Reports that count."""
        return self.filter(state=ReportState.ACCEPTED)

    def waiting(self) -> Self:
        """Reports in the reviewers' queue."""
        return self.filter(state=ReportState.SUBMITTED)

    def live(self) -> Self:
        """Reports that count or may still count."""
        return self.filter(state__in=ReportState.live)

    def known_by(self, day: date) -> Self:
        """Reports whose figures were true on or before a day."""
        return self.filter(as_of__lte=day)


class ProgressReport(models.Model):
    """A value as of a day. `value` is always the running total; a deliverable is 0 or 1."""

    # No index of its own: `facts_of_a_pledge` begins with it.
    pledge = models.ForeignKey(
        Pledge, models.PROTECT, related_name="reports", verbose_name=_("pledge"), db_index=False
    )
    as_of = models.DateField(_("data as of"))
    value = models.DecimalField(_("value"), **NUMBER)
    entry = models.CharField(_("typed as"), max_length=10, choices=Entry.choices, default=Entry.TOTAL)
    typed_value = models.DecimalField(_("typed value"), **NUMBER)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    key = models.UUIDField(_("form key"), unique=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported for"),
        help_text=_("Whose step it is in the one number of a shared pledge."),
    )
    confirmed = models.CharField(
        _("doubts confirmed"),
        max_length=200,
        blank=True,
        help_text=_("What the author was asked to check, and sent all the same."),
    )

    author = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("reported by"),
    )
    submitted_at = models.DateTimeField(_("reported at"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.SUBMITTED
    )
    reviewer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    return_reason = models.TextField(_("reason of return"), blank=True, max_length=1000)
    source = models.ForeignKey(
        SourceArticle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("printed source"),
        help_text=_("A figure taken from print has no author; it points at its source."),
    )

    objects: ClassVar = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ("-as_of", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pledge", "as_of"],
                condition=Q(state=ReportState.SUBMITTED),
                name="one_report_waits_per_pledge_and_day",
                violation_error_message=_("A report for this day is already waiting for review."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.ACCEPTED)
                | Q(reviewer__isnull=False, reviewed_at__isnull=False)
                | Q(source__isnull=False),
                name="accepted_reports_have_a_reviewer_or_a_source",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.RETURNED) | (Q(reviewer__isnull=False) & ~Q(return_reason="")),
                name="returned_reports_have_a_reviewer_and_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=True) | Q(reviewer__isnull=True) | ~Q(author=F("reviewer")),
                name="nobody_reviews_their_own_report",
                violation_error_message=_("Nobody reviews their own report."),
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(source__isnull=False),
                name="reports_have_an_author_or_a_source",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["pledge", "state", "as_of"], name="facts_of_a_pledge"),
            models.Index(
                fields=["submitted_at"],
                condition=Q(state=ReportState.SUBMITTED),
                name="the_review_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.as_of} {self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What was said stays said: a row is inserted once and moved only by the actions."""
        if not self._state.adding:
            raise TypeError("progress reports are never edited; use pledges.actions.reports")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        """Nothing said is taken back by deleting it."""
        raise TypeError("progress reports are never deleted; withdraw or correct them")
