"""The office's own sorting: the themes of a campaign, and the action that sorts many pledges at once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pledges.actions.themes import sort_pledges
from pledges.admin.audited import Audited, actor_of
from pledges.models import Pledge, Theme

SORT_AS = "sort_as"


class ThemeField(forms.ModelChoiceField):
    """Themes of all campaigns, each named with its own."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.campaign.name}"


class SortingForm(ActionForm):
    """Which theme the chosen pledges are sorted under."""

    sort_as = ThemeField(
        Theme.objects.select_related("campaign"), required=False, label=_("Theme"), empty_label=_("no theme")
    )


@admin.action(description=_("Sort the chosen pledges under the theme"), permissions=["change"])
def sort_under(room: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Pledge]) -> None:
    """An action of the pledges' room. What is chosen wrongly is said, and changes nothing."""
    actor = actor_of(request)
    if actor is None:
        raise PermissionDenied
    try:
        theme = SortingForm.base_fields[SORT_AS].clean(request.POST.get(SORT_AS))
        moved = sort_pledges(queryset, theme, by=actor)
    except ValidationError as error:
        room.message_user(request, " ".join(error.messages), messages.ERROR)
        return
    words = ngettext("%(number)d pledge was sorted.", "%(number)d pledges were sorted.", moved)
    room.message_user(request, words % {"number": moved})


@admin.register(Theme)
class ThemeAdmin(Audited):
    """Deleting a theme leaves its pledges under none."""

    list_display = ("name", "code", "campaign", "order", "held")
    list_select_related = ("campaign",)
    list_filter = ("campaign",)
    search_fields = ("name", "code")
    autocomplete_fields = ("campaign",)

    def get_readonly_fields(self, request: HttpRequest, obj: Theme | None = None) -> tuple[str, ...]:
        """A pledge stands under a theme of its own campaign, so a theme stays where it is."""
        return ("campaign",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return super().get_queryset(request).annotate(held=Count("pledges"))

    @admin.display(description=_("pledges"), ordering="held")
    def held(self, theme: Any) -> int:
        return theme.held
