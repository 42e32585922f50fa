"""Departments, the people in them, and what each person does."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pledges.choices import DepartmentKind, Language, Role

HELD_ALREADY = _("This person already holds this post.")


class User(AbstractUser):
    """A person who signs in. One Chinese name, no first and last."""

    first_name = None  # type: ignore[assignment]  # people here have one name
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("full name"), max_length=50)
    language = models.CharField(
        _("language of letters"), max_length=10, choices=Language.choices, default=Language.CHINESE
    )

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
    """A person's role: a reporter's in one department, a reviewer's or leader's for the whole city."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("department"),
        null=True,
        blank=True,
        help_text=_("For reporters only; reviewers and leaders serve the whole city."),
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("role", "department__order", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role=Role.REPORTER, department__isnull=False)
                | (~Q(role=Role.REPORTER) & Q(department__isnull=True)),
                name="reporters_have_a_department_others_none",
                violation_error_message=_("A reporter needs a department; reviewers and leaders have none."),
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
