"""Whatever an administrator changes is in the audit, with what it was before."""

import json

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from pledges.admin.audited import Audited
from pledges.admin.rooms import LookOnly
from pledges.choices import Role
from pledges.models import AuditEvent, Department, Membership, SpecialDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, boss):
    client.force_login(boss)
    return client


def newest() -> tuple[str, str, dict]:
    row = AuditEvent.objects.latest("id")
    assert row.actor_name == "管理员"
    return row.action, row.object_type, json.loads(row.payload)


def posts_form(person, **fields) -> dict:
    """What the page of a person sends."""
    prefixes = {
        f"{name}-{part}": 0 for name in ("memberships", "leaves") for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    wishes = {"username": person.username, "name": person.name, "email": person.email}
    wishes |= {"language": "zh-hans", "send_hour": 8, "is_active": "on"}
    return wishes | prefixes | fields


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_every_room_is_audited_or_only_looked_at(model):
    assert isinstance(admin.site._registry[model], Audited | LookOnly)


def test_a_row_that_is_added_is_told_with_its_values(office):
    office.post(
        reverse("admin:pledges_department_add"), {"code": "jw", "name": "经委", "kind": "bureau", "order": 3}
    )

    action, kind, said = newest()
    assert (action, kind) == ("admin.add", "department")
    assert said == {"after": {"code": "jw", "name": "经委", "order": 3}}


def test_a_change_is_told_from_and_to_and_nothing_else(office, finance):
    form = {"code": "jinrong", "name": "金融局", "kind": "bureau", "order": finance.order}
    office.post(reverse("admin:pledges_department_change", args=[finance.pk]), form)

    assert newest() == (
        "admin.change",
        "department",
        {"before": {"name": "金融办"}, "after": {"name": "金融局"}},
    )


def test_saving_without_a_change_is_not_told(office, finance):
    before = AuditEvent.objects.count()
    form = {"code": "jinrong", "name": "金融办", "kind": "bureau", "order": finance.order}
    office.post(reverse("admin:pledges_department_change", args=[finance.pk]), form)

    assert AuditEvent.objects.count() == before


def test_posts_that_are_given_and_taken_are_told_by_name(office, lin, finance, elsewhere):
    held = lin.memberships.get()
    rows = {
        "memberships-TOTAL_FORMS": 2,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": held.pk,
        "memberships-0-user": lin.pk,
        "memberships-0-role": "reporter",
        "memberships-0-department": finance.pk,
        "memberships-0-is_reminded": "on",
        "memberships-0-DELETE": "on",
        "memberships-1-user": lin.pk,
        "memberships-1-role": "head",
        "memberships-1-is_reminded": "on",
        "memberships-1-department": elsewhere.pk,
    }
    answer = office.post(reverse("admin:pledges_user_change", args=[lin.pk]), posts_form(lin, **rows))

    assert answer.status_code == 302
    action, kind, said = newest()
    new = lin.memberships.get()
    assert (action, kind, new.role) == ("admin.change", "user", Role.HEAD)
    assert said["before"][f"membership {held.pk}"]["department"] == f"金融办 #{finance.pk}"
    assert said["after"] == {
        f"membership {held.pk}": None,
        f"membership {new.pk}": {"department": f"商务局 #{elsewhere.pk}", "role": "head"},
    }


def test_rights_are_told_by_name(office, lin):
    group = Group.objects.create(name="审核组")
    form = posts_form(lin, groups=[group.pk])
    office.post(reverse("admin:pledges_user_change", args=[lin.pk]), form)

    assert newest()[2] == {"before": {"groups": []}, "after": {"groups": ["审核组"]}}


def test_a_password_that_is_set_is_told_and_nowhere_written(office, lin):
    new = {"password1": "a-quite-new-1", "password2": "a-quite-new-1", "usable_password": "true"}
    office.post(reverse("admin:auth_user_password_change", args=[lin.pk]), new)

    lin.refresh_from_db()
    assert lin.check_password("a-quite-new-1")
    action, kind, said = newest()
    assert (action, kind, set(said["after"].values())) == ("admin.change", "user", {"***"})
    assert "a-quite-new-1" not in "".join(AuditEvent.objects.values_list("payload", flat=True))


def test_a_row_that_is_deleted_is_told_with_what_it_was(office, lin):
    day = SpecialDay.objects.create(day="2027-01-01", name="元旦")
    office.post(reverse("admin:pledges_specialday_delete", args=[day.pk]), {"post": "yes"})

    action, kind, said = newest()
    assert (action, kind, said["before"]["name"]) == ("admin.delete", "specialday", "元旦")
    assert AuditEvent.objects.latest("id").object_id == str(day.pk)


def test_rows_deleted_together_are_told_one_by_one(office, lin, wu):
    chosen = list(Membership.objects.values_list("pk", flat=True))
    form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    office.post(reverse("admin:pledges_membership_changelist"), form)

    told = AuditEvent.objects.filter(action="admin.delete", object_type="membership")
    assert {int(row.object_id) for row in told} == set(chosen)
    assert not Membership.objects.exists()


def test_a_department_that_is_deleted_is_told(office):
    gone = Department.objects.create(code="x", name="撤销的局")
    office.post(reverse("admin:pledges_department_delete", args=[gone.pk]), {"post": "yes"})

    assert newest()[0] == "admin.delete"
