"""What is sent as a choice and can be none is refused in form and list, never a fault of ours."""

import pytest
from django.contrib.admin.widgets import AutocompleteSelect
from django.urls import reverse

from pledges.admin.searching import KnownChoices

NO_KEYS = ["x", "//evil.example", "1.5", "9" * 30, f"-{'9' * 30}", "\0", "[]"]
ROOMS = [
    ("admin:pledges_membership_add", "department"),
    ("admin:pledges_pledge_add", "campaign"),
    ("admin:pledges_pledge_add", "shared_with"),
]


@pytest.mark.parametrize("room, field", ROOMS)
@pytest.mark.parametrize("sent", NO_KEYS)
def test_no_key_is_refused_in_the_form(client, boss, campaign, room, field, sent):
    client.force_login(boss)

    assert client.post(reverse(room), {field: sent}).status_code == 200


def test_a_choice_that_exists_stays_chosen(client, boss, finance):
    client.force_login(boss)
    page = client.post(reverse("admin:pledges_membership_add"), {"department": finance.pk}).content.decode()

    assert f'<option value="{finance.pk}" selected>' in page


def test_the_box_of_the_framework_would_fail(client, boss, monkeypatch):
    monkeypatch.setattr(KnownChoices, "optgroups", AutocompleteSelect.optgroups)
    client.force_login(boss)

    with pytest.raises(ValueError, match="expected a number"):
        client.post(reverse("admin:pledges_membership_add"), {"department": "x"})


LISTS = [
    "admin:pledges_department_changelist",
    "admin:pledges_pledge_changelist",
    "admin:auth_group_changelist",
]


def chosen(client, where, sent):
    return client.post(
        reverse(where), {"action": "delete_selected", "_selected_action": sent, "index": "0"}, follow=True
    )


@pytest.mark.parametrize("where", LISTS)
@pytest.mark.parametrize("sent", NO_KEYS)
def test_a_row_that_can_be_none_is_not_looked_for(client, boss, pledge, where, sent):
    client.force_login(boss)
    answer = chosen(client, where, [str(pledge.pk), sent])

    assert answer.status_code == 200
    assert answer.redirect_chain != []


def test_a_row_that_is_there_is_taken(client, boss, finance):
    client.force_login(boss)

    assert finance.name in chosen(client, LISTS[0], [str(finance.pk)]).content.decode()
    assert chosen(client, LISTS[0], [str(finance.pk)]).redirect_chain == []
