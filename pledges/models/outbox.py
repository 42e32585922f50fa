"""Why somebody must be told, and the letters that tell them: the one truth about every e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pledges.choices import Dropped, LetterKind, LetterState, Occasion, ReminderState
from pledges.models.briefings import Directive
from pledges.models.campaigns import Campaign
from pledges.models.people import User
from pledges.models.plans import Milestone, Pledge
from pledges.models.reports import ProgressReport

if TYPE_CHECKING:
    from datetime import datetime


class Nudge(models.Model):
    """A word of the supervision office or a leader to those who report for a pledge (催办). Never edited."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="nudges", verbose_name=_("pledge"))
    by = models.ForeignKey(User, models.PROTECT, related_name="nudges", verbose_name=_("urged by"))
    words = models.TextField(_("words"), blank=True, max_length=300)
    day = models.DateField(_("day"))
    created_at = models.DateTimeField(_("urged at"), auto_now_add=True)

    class Meta:
        verbose_name = _("urging")
        verbose_name_plural = _("urgings")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pledge", "day"], name="a_pledge_is_urged_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.day} {self.by}"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters in the words of the post room."""

    def due(self, now: datetime) -> Self:
        """What may be taken now: queued and its time has come, or taken by somebody who did not come back."""
        return self.filter(
            Q(state=LetterState.QUEUED, next_try_at__lte=now)
            | Q(state=LetterState.SENDING, lease_until__lt=now)
        )

    def late(self, now: datetime) -> Self:
        """What should have left by now and has not."""
        return self.filter(state__in=LetterState.open, due_at__lte=now)


class Letter(models.Model):
    """One e-mail to one person. It is written when it is sent, from the facts of that moment.

    `key` makes it once: whoever plans the same letter again finds it there.
    """

    key = models.CharField(_("key"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=LetterKind.choices)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="letters", verbose_name=_("recipient"))
    day = models.DateField(_("for the day"))
    due_at = models.DateTimeField(_("due at"))
    message_id = models.CharField(_("Message-ID"), max_length=120, unique=True)

    state = models.CharField(
        _("state"), max_length=10, choices=LetterState.choices, default=LetterState.QUEUED
    )
    next_try_at = models.DateTimeField(_("next try at"))
    lease_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    lease_token = models.UUIDField(_("taken by"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    ambiguous = models.PositiveSmallIntegerField(
        _("unclear tries"),
        default=0,
        help_text=_("Broken off where the mail server may already have accepted: a second copy is possible."),
    )
    smtp_code = models.PositiveSmallIntegerField(_("answer of the mail server"), null=True, blank=True)
    last_error = models.CharField(_("last fault"), max_length=300, blank=True)

    email = models.CharField(_("sent to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    created_at = models.DateTimeField(_("planned at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    handled_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters_handled",
        verbose_name=_("retried or cancelled by"),
    )

    objects: ClassVar = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ("-day", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=LetterState.SENDING, lease_until__isnull=False, lease_token__isnull=False)
                | (~Q(state=LetterState.SENDING) & Q(lease_until__isnull=True, lease_token__isnull=True)),
                name="only_a_letter_being_sent_is_taken",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.SENT) | Q(sent_at__isnull=False),
                name="a_sent_letter_has_its_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_try_at"], name="letters_to_send"),
            models.Index(fields=["recipient", "-day"], name="letters_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.recipient}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders in the words of the post room."""

    def waiting(self) -> Self:
        """What nobody has been told yet."""
        return self.filter(state=ReminderState.WAITING)

    def visible_to(self, user: User) -> Self:
        """The city's offices see every reminder, others those about pledges they may see."""
        return self.filter(pledge__in=Pledge.objects.visible_to(user))


class Reminder(models.Model):
    """Why one person must be told something about one pledge. Inserted if absent, then told once.

    `key` holds occasion, thing, step, deadline and recipient: a moved deadline makes a new reminder,
    a second planning never does. The label outlives what it was about.
    """

    key = models.CharField(_("key"), max_length=160, unique=True)
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion.choices)
    step = models.PositiveSmallIntegerField(_("days ahead"), null=True, blank=True)
    # These two without an index of their own: others begin with them.
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="reminders", verbose_name=_("campaign"), db_index=False
    )
    pledge = models.ForeignKey(
        Pledge,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("pledge"),
        db_index=False,
    )
    label = models.CharField(_("about"), max_length=230)
    milestone = models.ForeignKey(
        Milestone,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("milestone"),
    )
    due = models.DateField(_("due"), null=True, blank=True)
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("report"),
    )
    nudge = models.ForeignKey(
        Nudge,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("urging"),
    )
    directive = models.ForeignKey(
        Directive,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("directive"),
    )
    recipient = models.ForeignKey(User, models.PROTECT, related_name="reminders", verbose_name=_("recipient"))
    on_behalf_of = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders_deputised",
        verbose_name=_("in place of"),
    )
    letter_on = models.DateField(_("letter of"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReminderState.choices, default=ReminderState.WAITING
    )
    dropped = models.CharField(_("why not"), max_length=10, choices=Dropped.choices, blank=True)
    letter = models.ForeignKey(
        Letter,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("letter"),
    )
    created_at = models.DateTimeField(_("planned at"), auto_now_add=True)

    objects: ClassVar = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-letter_on", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=ReminderState.TOLD) | Q(letter__isnull=False),
                name="what_is_told_was_told_by_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(state=ReminderState.DROPPED, dropped__gt="")
                | (~Q(state=ReminderState.DROPPED) & Q(dropped="")),
                name="what_is_dropped_says_why",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True) | ~Q(on_behalf_of=F("recipient")),
                name="nobody_is_told_in_their_own_place",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["letter_on", "recipient"],
                condition=Q(state=ReminderState.WAITING),
                name="reminders_waiting",
            ),
            models.Index(fields=["pledge", "-letter_on"], name="reminders_of_a_pledge"),
            models.Index(fields=["campaign", "-letter_on"], name="reminders_of_a_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_on} {self.label} → {self.recipient}"
