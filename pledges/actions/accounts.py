"""The people of the rehearsal. Only for the embedded mode: their passwords are printed and kept in a file."""

import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from pledges.actions.rows import Tally, sync
from pledges.choices import Role
from pledges.models import Department, Membership, User

SHOWN_DEPARTMENT = "jinrong"
"""The one whose reporter can sign in; the others exist so that reports have an author."""

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Nothing that is mistaken for something else when read from a terminal."""

PASSWORD_LENGTH = 12
SHOWN = (
    f"demo-{SHOWN_DEPARTMENT}",
    f"demo-{SHOWN_DEPARTMENT}-head",
    "demo-reviewer",
    "demo-leader",
    "demo-admin",
)
AT_ONCE = 0
"""The hour of the rehearsal's letters: they are there whenever somebody looks."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who reports for which department, and who reviews."""

    reporters: dict[int, User]
    reviewer: User


def demo_accounts() -> list[tuple[str, str, str]]:
    """What to print: role, sign-in name and password of one account per role; empty before the first load."""
    passwords = _kept_passwords()
    people = User.objects.in_bulk(list(passwords), field_name="username")
    labels = (
        Role.REPORTER.label,
        Role.HEAD.label,
        Role.REVIEWER.label,
        Role.LEADER.label,
        _("Administrator"),
    )
    return [
        (str(label), username, passwords[username])
        for label, username in zip(labels, SHOWN, strict=True)
        if username in people
    ]


def sync_cast(names: dict[str, str], tally: Tally) -> Cast:
    """Everybody of the rehearsal, with their posts; who can sign in has a password of this installation."""
    departments = list(Department.objects.all())
    wanted = [
        *(_person(f"demo-{d.code}", names["reporter"].format(department=d.name)) for d in departments),
        *(_person(f"demo-{d.code}-head", names["head"].format(department=d.name)) for d in departments),
        _person("demo-reviewer", names["reviewer"]),
        _person("demo-leader", names["leader"]),
        _person("demo-admin", names["administrator"], is_staff=True, is_superuser=True),
    ]
    stored = User.objects.filter(username__in=[user.username for user in wanted])
    people = sync(stored, wanted, ("name",), key=lambda user: user.username, tally=tally).rows
    _give_passwords(people)
    _give_posts(people, departments, tally)
    return Cast({d.pk: people[f"demo-{d.code}"] for d in departments}, people["demo-reviewer"])


def _person(username: str, name: str, **flags: Any) -> User:
    email = f"{username}@ykplan.localhost"
    # Nobody can sign in before a password is given.
    return User(
        username=username, name=name, email=email, password=make_password(None), send_hour=AT_ONCE, **flags
    )


def _give_passwords(people: dict[str, User]) -> None:
    """A password for those who can sign in, made once and kept; one that a person changed stays changed."""
    kept = _kept_passwords()
    without = [name for name in SHOWN if name not in kept or _is_unusable(people[name])]
    if not without:
        return
    for name in without:
        kept.setdefault(name, get_random_string(PASSWORD_LENGTH, ALPHABET))
    _keep_passwords(kept)
    with ThreadPoolExecutor() as pool:  # hashing is slow on purpose; together they take as long as one
        hashes = pool.map(make_password, [kept[name] for name in without])
    for name, hashed in zip(without, hashes, strict=True):
        User.objects.filter(pk=people[name].pk).update(password=hashed)


def _is_unusable(user: User) -> bool:
    return user.password.startswith(UNUSABLE_PASSWORD_PREFIX)


def _give_posts(people: dict[str, User], departments: list[Department], tally: Tally) -> None:
    posts = [
        *((people[f"demo-{d.code}"], Role.REPORTER, d) for d in departments),
        *((people[f"demo-{d.code}-head"], Role.HEAD, d) for d in departments),
        (people["demo-reviewer"], Role.REVIEWER, None),
        (people["demo-leader"], Role.LEADER, None),
    ]
    wanted = [Membership(user=user, role=role, department=department) for user, role, department in posts]
    stored = Membership.objects.filter(user__in=[user for user, *_rest in posts])
    sync(stored, wanted, (), key=lambda post: (post.user_id, post.role, post.department_id), tally=tally)


def _file() -> Path:
    return Path(settings.STATE_DIR) / "demo-accounts.json"


def _kept_passwords() -> dict[str, str]:
    try:
        return json.loads(_file().read_text(encoding="ascii"))
    except FileNotFoundError:
        return {}


def _keep_passwords(passwords: dict[str, str]) -> None:
    """Whole or not at all, readable by its owner only."""
    handle, name = tempfile.mkstemp(dir=_file().parent)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(passwords, file, indent=1)
    Path(name).replace(_file())
