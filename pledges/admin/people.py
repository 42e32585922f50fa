"""People, their posts and leaves, and the departments."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from pledges.actions.passwords import changed_by_themselves
from pledges.admin.audited import Audited
from pledges.admin.rooms import PER_PAGE, PlansAgain
from pledges.admin.searching import Searching
from pledges.models import Department, Leave, Membership, User

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
PERMISSIONS = ("is_active", *RIGHTS)


def _is_administrator(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def _has_rights(person: User) -> bool:
    own = person.groups.exists() or person.user_permissions.exists()
    return person.is_superuser or person.is_staff or own


class PersonCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "name", "email")

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  Django's signature
        """Two people know this password; the one it is for is asked for another."""
        self.instance.must_change_password = True
        return super().save(commit)


class PersonPasswordForm(AdminPasswordChangeForm):
    """A password given by an administrator."""

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  Django's signature
        self.user.must_change_password = True
        return super().save(commit)


class PersonChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class MembershipInline(Searching, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("department",)


class LeaveInline(Searching, admin.TabularInline):
    model = Leave
    fk_name = "person"
    extra = 0
    autocomplete_fields = ("deputy",)


@admin.register(User)
class PersonAdmin(PlansAgain, UserAdmin):
    """People have one name; what they do is their posts."""

    form, add_form, change_password_form = PersonChangeForm, PersonCreationForm, PersonPasswordForm
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
        (
            _("Dates"),
            {"fields": ("last_login", "date_joined", "password_changed_at", "must_change_password")},
        ),
    )
    readonly_fields = ("last_login", "date_joined", "password_changed_at")
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
            response = super().user_change_password(request, id, form_url)
            is_saved = request.method == "POST" and response.status_code == HTTPStatus.FOUND
            if is_saved and isinstance(request.user, User) and id == str(request.user.pk):
                changed_by_themselves(request.user)
            return response

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Who looks after people without being the administrator gives nobody rights, least of all themselves."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if _is_administrator(request) else (*fixed, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nor may they set the password of somebody who has rights, and so come to have them."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or _is_administrator(request) or not _has_rights(obj))

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
    """Groups of rights, such as that of the auditors. Only the administrator gives rights."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_administrator(request)
