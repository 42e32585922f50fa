"""Campaigns, the printed page, pledges and their milestones."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from pledges.actions.standings import rebuild_campaign, rejudge
from pledges.admin.audited import Audited
from pledges.admin.rooms import PER_PAGE, PlansAgain
from pledges.admin.themes import SortingForm, sort_under
from pledges.models import Campaign, Milestone, Pledge, SourceArticle


@admin.register(Campaign)
class CampaignAdmin(PlansAgain):
    """A change of thresholds or days changes lights, so everything is judged anew at once."""

    list_display = ("name", "code", "kind", "starts_on", "ends_on", "yellow_points", "red_points")
    list_filter = ("kind",)
    search_fields = ("name", "code")
    autocomplete_fields = ("article",)

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        return ("code", "kind") if obj else ()

    def save_model(self, request: HttpRequest, obj: Campaign, form: ModelForm, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if form.has_changed():
            rebuild_campaign(obj.pk, today=localdate())


@admin.register(SourceArticle)
class SourceArticleAdmin(Audited):
    """Printed words are not rewritten; what is said about them may be."""

    list_display = ("title", "subtitle", "code")
    search_fields = ("title", "code")
    readonly_fields = ("code", "text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class MilestoneFormSet(BaseInlineFormSet):
    """Every pledge has a deadline; a number has a target by then and a deliverable has none."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            row = form.cleaned_data if form.is_valid() else {}
            if not row or row.get("DELETE"):
                continue
            first = form.instance.original_due
            if first and row["due"] <= first:
                form.add_error(
                    "due", ValidationError(_("It was put off: give a day after the first deadline."))
                )
            if self.instance.is_deliverable and row["target"] is not None:
                form.add_error("target", ValidationError(_("A deliverable has no number.")))
            if not self.instance.is_deliverable and row["target"] is None:
                form.add_error("target", ValidationError(_("A number needs its target.")))


class MilestoneInline(admin.TabularInline):
    model = Milestone
    formset = MilestoneFormSet
    extra, min_num, validate_min = 0, 1, True
    fields = ("due", "original_due", "target", "due_words", "mark_start", "mark_end")
    readonly_fields = ("original_due", "due_words", "mark_start", "mark_end")

    def get_formset(self, request: HttpRequest, obj: Pledge | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"validate_min": True, **kwargs})


@admin.register(Pledge)
class PledgeAdmin(PlansAgain):
    """The printed words stand; what is stored about them may be mended, and is judged anew at once."""

    list_display = (
        "number",
        "title",
        "campaign",
        "department",
        "theme",
        "basis",
        "unit",
        "stretch",
        "statistic",
    )
    list_display_links = ("number", "title")
    list_select_related = ("campaign", "department", "theme")
    list_filter = (
        "campaign",
        "department",
        ("theme", EmptyFieldListFilter),
        "theme",
        "basis",
        "stretch",
        "statistic",
    )
    actions = (sort_under,)
    action_form = SortingForm
    search_fields = ("number", "title", "code", "quote")
    autocomplete_fields = ("campaign", "department", "subset_of", "shared_with")
    inlines = (MilestoneInline,)
    list_per_page = PER_PAGE
    printed: ClassVar = ("quote", "span_start", "span_end")

    def get_readonly_fields(self, request: HttpRequest, obj: Pledge | None = None) -> tuple[str, ...]:
        # Sorted by the action alone, which keeps to the campaign and to what is shared.
        return ("code", "campaign", "theme", *self.printed) if obj else ("theme", *self.printed)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        return super().get_queryset(request).select_related("campaign", "department", "theme")

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        rejudge(Pledge.objects.get(pk=form.instance.pk), today=localdate())

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was promised is not deleted."""
        return False
