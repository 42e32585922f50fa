"""What leaders take along and leave behind: frozen briefings, directives, saved views, printed facts of other years."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pledges.choices import FactKind
from pledges.models.campaigns import Campaign, SourceArticle
from pledges.models.people import User
from pledges.models.plans import NUMBER, Pledge


class Briefing(models.Model):
    """A briefing (专报) as it was issued: its contents are kept whole and never computed again."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="briefings", verbose_name=_("campaign")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    day = models.DateField(_("as of"))
    compared_with = models.DateField(_("compared with"), null=True, blank=True)
    content = models.JSONField(_("contents"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="briefings", verbose_name=_("issued by"))
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)

    class Meta:
        verbose_name = _("briefing")
        verbose_name_plural = _("briefings")
        ordering = ("campaign", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="briefings_are_numbered_once"),
            models.CheckConstraint(
                condition=Q(compared_with__isnull=True) | Q(compared_with__lt=F("day")),
                name="a_briefing_looks_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What was issued stays as it was issued."""
        if not self._state.adding:
            raise TypeError("briefings are never edited; issue the next one")
        super().save(*args, **kwargs)


class DirectiveQuerySet(models.QuerySet["Directive"]):
    """Directives in the words of the office."""

    def visible_to(self, user: User) -> Self:
        """Those about pledges a person may see."""
        return self.filter(pledge__in=Pledge.objects.visible_to(user))

    def open(self) -> Self:
        """Not closed yet, answered or not."""
        return self.filter(closed_at__isnull=True)

    def unanswered(self) -> Self:
        """The department's turn."""
        return self.open().filter(answered_at__isnull=True)


class Directive(models.Model):
    """A leader's word on a pledge with a day to answer (批示). Answered by the department, closed by the leader."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="directives", verbose_name=_("pledge"))
    by = models.ForeignKey(User, models.PROTECT, related_name="directives", verbose_name=_("directed by"))
    words = models.TextField(_("words"), max_length=500)
    answer_by = models.DateField(_("answer by"))
    created_at = models.DateTimeField(_("directed at"), auto_now_add=True)
    answer = models.TextField(_("answer"), blank=True, max_length=1000)
    answered_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directives_answered",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directives_closed",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects: ClassVar = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = ("answer_by", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, answer__gt=""),
                name="an_answer_has_words_a_moment_and_an_author",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="a_closing_has_a_moment_and_an_author",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["pledge", "answer_by"],
                condition=Q(closed_at__isnull=True),
                name="open_directives",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.answer_by} {self.by}"


class SavedView(models.Model):
    """A list's or an overview's filters under a name of one's own."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="views", verbose_name=_("owner"))
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="views", verbose_name=_("campaign"))
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filters"), max_length=500)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "campaign", "name"],
                name="a_name_is_one_view",
                violation_error_message=_("You have a view of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """A figure that another article prints, with its sentence; nothing is computed from it."""

    article = models.ForeignKey(SourceArticle, models.PROTECT, related_name="facts", verbose_name=_("source"))
    metric = models.CharField(_("metric"), max_length=200)
    subject = models.CharField(_("about whom"), max_length=100, blank=True)
    period = models.CharField(_("period"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=10, choices=FactKind.choices)
    value = models.DecimalField(_("value"), **NUMBER)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    comparator = models.CharField(_("comparator"), max_length=2, blank=True)
    quote = models.TextField(_("printed sentence"))
    span_start = models.PositiveIntegerField(_("span from"))
    span_end = models.PositiveIntegerField(_("span to"))
    remark = models.CharField(_("how it was read"), max_length=300, blank=True)
    pledges = models.ManyToManyField(Pledge, blank=True, related_name="facts", verbose_name=_("same metric"))

    class Meta:
        verbose_name = _("printed figure")
        verbose_name_plural = _("printed figures")
        ordering = ("year", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "span_start", "span_end", "metric", "value", "period"],
                name="a_printed_figure_is_read_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.metric} {self.value}{self.unit}"
