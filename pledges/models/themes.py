"""The office's own sorting of a plan: the printed page names no themes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.campaigns import Campaign


class Theme(models.Model):
    """A heap into which the office sorts the pledges of one campaign (专题). Never read from a source."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="themes", verbose_name=_("campaign"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("campaign", "order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "code"],
                name="a_code_names_one_theme_of_a_campaign",
                violation_error_message=_("This campaign has a theme of this code already."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "name"],
                name="a_name_is_one_theme_of_a_campaign",
                violation_error_message=_("This campaign has a theme of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
