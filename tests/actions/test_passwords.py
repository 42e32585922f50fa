"""What remains of a password, and what ends a person's sessions."""

import pytest
from django.contrib.auth.hashers import check_password

from pledges.actions.passwords import changed_by_themselves, end_sign_ins, keep_past_password
from pledges.models import AuditEvent, PastPassword, User

pytestmark = pytest.mark.django_db


def test_so_many_hashes_are_kept_as_may_not_come_again(settings, lin, chen):
    settings.PASSWORD_HISTORY = 2
    for number in range(4):
        lin.set_password(f"correct-horse-{number}")
        keep_past_password(lin)
    chen.set_password("another-horse-1")
    keep_past_password(chen)

    kept = list(PastPassword.objects.filter(user=lin).values_list("password", flat=True))
    assert [
        {number for number in range(4) if check_password(f"correct-horse-{number}", each)} for each in kept
    ] == [{3}, {2}]
    assert PastPassword.objects.filter(user=chen).count() == 1


def test_ending_all_sign_ins_is_told_and_touches_nobody_else(lin, chen):
    end_sign_ins(lin)

    lin.refresh_from_db()
    assert (lin.sign_ins_ended, User.objects.get(pk=chen.pk).sign_ins_ended) == (1, 0)
    assert AuditEvent.objects.get().action == "account.sign_out_everywhere"


def test_whoever_chose_their_own_password_need_not_change_it(lin):
    User.objects.update(must_change_password=True)

    changed_by_themselves(lin)

    assert list(User.objects.filter(must_change_password=False)) == [lin]
