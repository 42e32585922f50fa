"""Whoever looks after people in the administration gives nobody rights, and takes over nobody who has some."""

import pytest
from django.contrib.auth.models import Group, Permission

from pledges.models import User
from tests.cast import person
from tests.kit.one_of_each import client_of

NEW = "Another-horse-7"
NO_ROWS = {
    f"{name}-{key}": value
    for name in ("memberships", "leaves")
    for key, value in {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0}.items()
}
ROOM = "/admin/pledges/user/"


@pytest.fixture
def clerk(db) -> User:
    """Looks after people, departments and groups; every right but the administrator's own."""
    user = person("clerk", "人事")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["pledges", "auth"]))
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return User.objects.get(pk=user.pk)


def typed(user: User, **more) -> dict:
    own = {"username": user.username, "name": user.name, "email": user.email, "language": user.language}
    return own | {"send_hour": 8, "is_active": "on"} | NO_ROWS | more


def rights(user: User) -> tuple:
    fresh = User.objects.get(pk=user.pk)
    return fresh.is_staff, fresh.is_superuser, fresh.groups.count(), fresh.user_permissions.count()


def test_nobody_gets_rights_from_the_clerk(clerk, wu):
    group = Group.objects.get()
    all_of_them = {"is_staff": "on", "is_superuser": "on", "groups": group.pk, "user_permissions": 1}
    answer = client_of(clerk).post(f"{ROOM}{wu.pk}/change/", typed(wu, name="吴", **all_of_them))

    assert (answer.status_code, User.objects.get(pk=wu.pk).name) == (302, "吴")
    assert rights(wu) == (False, False, 0, 0)


def test_the_administrator_gives_them(boss, wu):
    client_of(boss).post(f"{ROOM}{wu.pk}/change/", typed(wu, is_staff="on", groups=Group.objects.get().pk))

    assert rights(wu) == (True, False, 1, 0)


@pytest.mark.parametrize("whose", ["boss", "clerk", "auditor"])
def test_who_has_rights_is_the_administrators_business(request, clerk, boss, li, whose):
    li.groups.add(Group.objects.get())
    victim = {"boss": boss, "clerk": clerk, "auditor": li}[whose]
    client, had = client_of(clerk), (rights(victim), User.objects.get(pk=victim.pk).password)
    new = {"usable_password": "true", "password1": NEW, "password2": NEW}
    answers = [
        client.post(f"{ROOM}{victim.pk}/change/", typed(victim, is_superuser="on", name="x")),
        client.post(f"{ROOM}{victim.pk}/password/", new),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (rights(victim), User.objects.get(pk=victim.pk).password) == had


def test_a_plain_persons_password_is_the_clerks_to_give(clerk, wu):
    new = {"usable_password": "true", "password1": NEW, "password2": NEW}

    assert client_of(clerk).post(f"{ROOM}{wu.pk}/password/", new).status_code == 302
    assert User.objects.get(pk=wu.pk).check_password(NEW)


@pytest.mark.parametrize("way", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_groups_of_rights_are_the_administrators(clerk, way):
    address = "/admin/auth/group/" + way.format(pk=Group.objects.get().pk)

    assert client_of(clerk).post(address, {"name": "x", "post": "yes"}).status_code == 403
