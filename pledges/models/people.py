"""Departments, the people in them, and what each person does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from pledges.choices import DepartmentKind, Language, Role

if TYPE_CHECKING:
    from collections.abc import Collection

LAST_HOUR = 23
HELD_ALREADY = _("This person already holds this post.")


class User(AbstractUser):
    """A person who signs in. One Chinese name, no first and last."""

    first_name = None  # type: ignore[assignment]  # people here have one name
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("full name"), max_length=50)
    language = models.CharField(
        _("language of letters"), max_length=10, choices=Language.choices, default=Language.CHINESE
    )

    send_hour = models.PositiveSmallIntegerField(
        _("letters come at"),
        default=8,
        validators=[MaxValueValidator(LAST_HOUR)],
        help_text=_("Full hour from which the letter of the day is sent, 0 to 23."),
    )
    paused_until = models.DateField(
        _("no letters until"),
        null=True,
        blank=True,
        help_text=_("The last day without letters. What has come up by then is told the working day after."),
    )
    refused_email = models.EmailField(
        _("refused address"),
        blank=True,
        help_text=_("The mail server refused this address for good; letters to it wait for a correction."),
    )

    must_change_password = models.BooleanField(
        _("must change the password"),
        default=False,
        help_text=_("Set whenever an administrator gives a password; asked for where the profile says so."),
    )
    password_changed_at = models.DateTimeField(_("password set"), null=True, blank=True, editable=False)
    sign_ins_ended = models.PositiveIntegerField(default=0, editable=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "email"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def set_password(self, raw_password: str | None) -> None:
        """By whichever door it comes, its age begins now."""
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session of a person must carry: another password, or one more ending of all, ends it."""
        sealed = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # Django's own, unlisted
        return f"{sealed}{self.sign_ins_ended}" if self.sign_ins_ended else sealed

    @cached_property
    def posts(self) -> list[Membership]:
        """What a person does here. Asked once for each request: the next one sees a change of post."""
        return list(self.memberships.select_related("department"))

    @property
    def is_city_wide(self) -> bool:
        """Whether a person serves the whole city, and so sees everything."""
        return self.is_superuser or any(post.role in Role.city_wide for post in self.posts)

    def departments_as(self, roles: Collection[str]) -> set[int]:
        """The keys of the departments in which a person holds one of the roles."""
        return {post.department_id for post in self.posts if post.department_id and post.role in roles}


class Department(models.Model):
    """A bureau or a town that signed the orders."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("department name"), max_length=60, unique=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=DepartmentKind.choices, default=DepartmentKind.BUREAU
    )
    order = models.PositiveIntegerField(_("printed order"), default=0)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role: a reporter's or head's in one department, a reviewer's or leader's for the whole city."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("department"),
        null=True,
        blank=True,
        help_text=_("For reporters and heads; reviewers and leaders serve the whole city."),
    )

    is_reminded = models.BooleanField(
        _("gets the letters"),
        default=True,
        help_text=_("Off for a deputy, who is written to only while the other is on leave."),
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("role", "department__order", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=Role.of_a_department, department__isnull=False)
                | (~Q(role__in=Role.of_a_department) & Q(department__isnull=True)),
                name="posts_of_a_department_have_one_others_none",
                violation_error_message=_(
                    "Reporters and heads need a department; reviewers and leaders have none."
                ),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "department"],
                name="a_post_in_a_department_is_held_once",
                violation_error_message=HELD_ALREADY,
            ),
            # Nulls are distinct to both databases, so posts without a department need their own rule.
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(department__isnull=True),
                name="a_post_for_the_city_is_held_once",
                violation_error_message=HELD_ALREADY,
            ),
        ]

    def __str__(self) -> str:
        place = f"{self.department} " if self.department else ""
        return f"{place}{self.get_role_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new post counts at once for whoever is at hand."""
        super().save(*args, **kwargs)
        if "user" in self._state.fields_cache:
            self.user.__dict__.pop("posts", None)


class Leave(models.Model):
    """Days on which somebody else reads a person's letters."""

    person = models.ForeignKey(User, models.CASCADE, related_name="leaves", verbose_name=_("person"))
    deputy = models.ForeignKey(User, models.PROTECT, related_name="deputised", verbose_name=_("deputy"))
    since = models.DateField(_("first day"))
    until = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ("-since", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="a_leave_ends_after_it_begins",
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("deputy")),
                name="nobody_deputises_for_themselves",
                violation_error_message=_("Nobody is their own deputy."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.since}–{self.until} → {self.deputy}"

    def clean(self) -> None:
        """The link in the letter must open for the deputy, so the deputy holds the same posts."""
        if self.person_id and self.deputy_id and (missing := self._posts_without_deputy()):
            raise ValidationError(
                {"deputy": _("Give the deputy this post first: %(posts)s.") % {"posts": "、".join(missing)}}
            )

    def _posts_without_deputy(self) -> list[str]:
        held = set(self.deputy.memberships.values_list("role", "department"))
        return [
            str(post) for post in self.person.memberships.all() if (post.role, post.department_id) not in held
        ]
