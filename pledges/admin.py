"""The administrators' rooms: people, departments, campaigns, plans.

What only the application may write (reports, judgements, records) is shown here and never changed.
"""

from typing import Any, ClassVar

from axes import admin as _axes_admin  # noqa: F401  registers its rows first, so that they can be taken over
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from pledges.actions.standings import rebuild_campaign, rejudge
from pledges.models import (
    Campaign,
    Department,
    Heartbeat,
    LightChange,
    Membership,
    Milestone,
    Pledge,
    ProgressReport,
    SourceArticle,
    Standing,
    User,
)

admin.site.site_header = _("Military orders: administration")
admin.site.site_title = _("Administration")
admin.site.index_title = _("People, departments, campaigns and plans")
admin.site.enable_nav_sidebar = False

PER_PAGE = 50
PERMISSIONS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")


class LookOnly(admin.ModelAdmin):
    """Rows that only the application writes."""

    list_per_page = PER_PAGE
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PersonCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "name", "email")


class PersonChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("department",)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People have one name; what they do is their posts."""

    form, add_form = PersonChangeForm, PersonCreationForm
    inlines = (MembershipInline,)
    list_display = ("username", "name", "posts", "email", "is_active", "is_superuser")
    list_filter = ("memberships__role", "is_active", "is_superuser")
    search_fields = ("username", "name", "email")
    list_per_page = PER_PAGE
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("name", "email", "language")}),
        (_("Permissions"), {"fields": PERMISSIONS}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "name", "email", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__department")

    @admin.display(description=_("posts"))
    def posts(self, person: User) -> str:
        return "、".join(str(post) for post in person.memberships.all()) or "—"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who has reported or reviewed stays on record: switch them off instead."""
        return False


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    list_display = ("order", "name", "code", "kind")
    list_display_links = ("name",)
    list_filter = ("kind",)
    search_fields = ("name", "code")
    list_per_page = PER_PAGE


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "role", "department")
    list_select_related = ("user", "department")
    list_filter = ("role", "department")
    search_fields = ("user__username", "user__name", "department__name")
    autocomplete_fields = ("user", "department")
    list_per_page = PER_PAGE


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
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
class SourceArticleAdmin(admin.ModelAdmin):
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
            if self.instance.is_deliverable and row["target"] is not None:
                form.add_error("target", ValidationError(_("A deliverable has no number.")))
            if not self.instance.is_deliverable and row["target"] is None:
                form.add_error("target", ValidationError(_("A number needs its target.")))


class MilestoneInline(admin.TabularInline):
    model = Milestone
    formset = MilestoneFormSet
    extra, min_num, validate_min = 0, 1, True
    fields = ("due", "target", "due_words", "mark_start", "mark_end")
    readonly_fields = ("due_words", "mark_start", "mark_end")

    def get_formset(self, request: HttpRequest, obj: Pledge | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"validate_min": True, **kwargs})


@admin.register(Pledge)
class PledgeAdmin(admin.ModelAdmin):
    """The printed words stand; what is stored about them may be mended, and is judged anew at once."""

    list_display = ("number", "title", "campaign", "department", "basis", "unit", "stretch", "statistic")
    list_display_links = ("number", "title")
    list_select_related = ("campaign", "department")
    list_filter = ("campaign", "department", "basis", "stretch", "statistic")
    search_fields = ("number", "title", "code", "quote")
    autocomplete_fields = ("campaign", "department", "subset_of", "shared_with")
    inlines = (MilestoneInline,)
    list_per_page = PER_PAGE
    printed: ClassVar = ("quote", "span_start", "span_end")

    def get_readonly_fields(self, request: HttpRequest, obj: Pledge | None = None) -> tuple[str, ...]:
        return ("code", "campaign", *self.printed) if obj else self.printed

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        return super().get_queryset(request).select_related("campaign", "department")

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        rejudge(Pledge.objects.get(pk=form.instance.pk), today=localdate())

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was promised is not deleted."""
        return False


@admin.register(ProgressReport)
class ProgressReportAdmin(LookOnly):
    list_display = ("pledge", "as_of", "value", "state", "author", "submitted_at", "reviewer", "reviewed_at")
    list_select_related = ("pledge", "author", "reviewer")
    list_filter = ("state", "pledge__campaign", "pledge__department")
    search_fields = ("pledge__number", "pledge__title", "pledge__code", "author__name")
    date_hierarchy = "as_of"


@admin.register(Standing)
class StandingAdmin(LookOnly):
    list_display = ("pledge", "since", "until", "light", "reason")
    list_select_related = ("pledge",)
    list_filter = ("light", "pledge__campaign")
    search_fields = ("pledge__number", "pledge__title", "pledge__code")


@admin.register(LightChange)
class LightChangeAdmin(LookOnly):
    list_display = ("pledge", "day", "was", "light", "reason", "report")
    list_select_related = ("pledge", "report__pledge")
    list_filter = ("light", "pledge__campaign")
    search_fields = ("pledge__number", "pledge__title", "pledge__code")
    date_hierarchy = "day"


@admin.register(Heartbeat)
class HeartbeatAdmin(LookOnly):
    list_display = ("duty", "beat_at", "day")


for model in (AccessAttempt, AccessFailureLog, AccessLog):
    admin.site.unregister(model)


@admin.register(AccessAttempt)
class AccessAttemptAdmin(LookOnly):
    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")


@admin.register(AccessLog, AccessFailureLog)
class AccessLogAdmin(LookOnly):
    list_display = ("attempt_time", "username", "ip_address", "user_agent")
    search_fields = ("username", "ip_address")
