"""The people of the rehearsal: one account per role can sign in, with a password of this installation."""

import pytest

from pledges.actions import accounts
from pledges.actions.accounts import demo_accounts, sync_cast
from pledges.actions.rows import Tally
from pledges.choices import Role
from pledges.models import Membership, User
from pledges.permissions import can_report, is_reviewer
from tests.cast import DepartmentFactory, PledgeFactory

pytestmark = pytest.mark.django_db

NAMES = {
    "reporter": "{department}填报员",
    "head": "{department}负责人",
    "reviewer": "督查室审核员",
    "leader": "市领导",
    "administrator": "系统管理员",
}


@pytest.fixture(autouse=True)
def state(settings, tmp_path, finance, elsewhere):
    """A folder of its own for the passwords, and two departments."""
    settings.STATE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def load():
    """Bring the cast in step, as a load of the rehearsal does."""

    def loaded():
        return sync_cast(NAMES, Tally())

    loaded()
    return loaded


def can_sign_in():
    return [User.objects.get(username=name).check_password(word) for _role, name, word in demo_accounts()]


def test_one_account_per_role_can_sign_in(load, state):
    shown = demo_accounts()

    assert [username for _role, username, _password in shown] == list(accounts.SHOWN)
    assert can_sign_in() == [True] * 5
    assert len({password for *_rest, password in shown}) == 5


def test_passwords_are_kept_for_their_owner_only(load, state):
    assert (state / "demo-accounts.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in state.iterdir()] == ["demo-accounts.json"]


def test_passwords_stay_the_same(load):
    shown = demo_accounts()
    hashes = set(User.objects.values_list("password", flat=True))

    load()

    assert demo_accounts() == shown
    assert set(User.objects.values_list("password", flat=True)) == hashes


def test_other_reporters_cannot_sign_in(load):
    able = {user.username for user in User.objects.all() if user.has_usable_password()}

    assert able == set(accounts.SHOWN)
    assert Membership.objects.filter(role=Role.REPORTER).count() == 2


def test_accounts_may_do_what_their_role_says(load, finance):
    pledge = PledgeFactory(department=finance)
    people = [User.objects.get(username=name) for name in accounts.SHOWN]

    assert [can_report(user, pledge) for user in people] == [True, False, False, False, True]
    assert [is_reviewer(user) for user in people] == [False, False, True, False, True]
    assert [user.is_superuser for user in people] == [False, False, False, False, True]


def test_lost_file_of_passwords_is_made_anew(load, state):
    (state / "demo-accounts.json").unlink()
    assert demo_accounts() == []

    load()

    assert can_sign_in() == [True] * 5


def test_kept_passwords_come_back_with_a_new_database(load):
    shown = demo_accounts()
    User.objects.filter(username="demo-leader").delete()
    assert len(demo_accounts()) == 4

    load()

    assert demo_accounts() == shown
    assert can_sign_in() == [True] * 5


def test_password_that_a_person_changed_stays_changed(load):
    leader = User.objects.get(username="demo-leader")
    leader.set_password("correct-horse-9")
    leader.save()

    load()

    leader.refresh_from_db()
    assert leader.check_password("correct-horse-9")


def test_department_that_joins_gets_its_reporter(load):
    joined = DepartmentFactory(name="新单位")

    cast = load()

    assert str(cast.reporters[joined.pk]) == "新单位填报员"
