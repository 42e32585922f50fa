"""People, their posts and leaves, and the departments."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from pledges.admin.audited import Audited
from pledges.admin.rooms import PER_PAGE, PlansAgain
from pledges.models import Department, Leave, Membership, User

PERMISSIONS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")


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


class LeaveInline(admin.TabularInline):
    model = Leave
    fk_name = "person"
    extra = 0
    autocomplete_fields = ("deputy",)


@admin.register(User)
class PersonAdmin(PlansAgain, UserAdmin):
    """People have one name; what they do is their posts."""

    form, add_form = PersonChangeForm, PersonCreationForm
    inlines = (MembershipInline, LeaveInline)
    list_display = ("username", "name", "posts", "email", "is_active", "is_superuser")
    list_filter = ("memberships__role", "is_active", "is_superuser")
    search_fields = ("username", "name", "email")
    list_per_page = PER_PAGE
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("name", "email", "language")}),
        (_("Letters"), {"fields": ("send_hour", "paused_until", "refused_email")}),
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

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """The new password and the row that says who set it are saved together."""
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    @admin.display(description=_("posts"))
    def posts(self, person: User) -> str:
        return "、".join(str(post) for post in person.memberships.all()) or "—"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who has reported or reviewed stays on record: switch them off instead."""
        return False


@admin.register(Department)
class DepartmentAdmin(Audited):
    list_display = ("order", "name", "code", "kind")
    list_display_links = ("name",)
    list_filter = ("kind",)
    search_fields = ("name", "code")
    list_per_page = PER_PAGE


@admin.register(Membership)
class MembershipAdmin(PlansAgain):
    list_display = ("user", "role", "department", "is_reminded")
    list_select_related = ("user", "department")
    list_filter = ("role", "is_reminded", "department")
    search_fields = ("user__username", "user__name", "department__name")
    autocomplete_fields = ("user", "department")
    list_per_page = PER_PAGE


admin.site.unregister(Group)


@admin.register(Group)
class RightsAdmin(Audited, GroupAdmin):
    """Groups of rights, such as that of the auditors."""
