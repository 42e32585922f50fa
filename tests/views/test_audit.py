"""Who may read what happened: everybody their pledges' history, the auditors all of it."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from pledges.actions.audit import record
from pledges.models import AuditEvent
from tests.cast import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    """Somebody in the group that the installation has made."""
    person = UserFactory(username="shen", name="沈审计", is_staff=True)
    person.groups.add(Group.objects.get(permissions__codename="view_auditevent"))
    client.force_login(person)
    return person


def text_of(client, address, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_administrator_does_not_read_the_audit_by_being_one(client, boss):
    client.force_login(boss)

    assert client.get(reverse("audit-list")).status_code == 403
    assert client.get(reverse("admin:pledges_auditevent_changelist")).status_code == 403


def test_an_auditor_reads_all_of_it_and_that_is_told(client, auditor, pledge, lin):
    record("nudge.make", pledge, actor=lin, after={"words": "<script>请抓紧"})
    text = text_of(client, reverse("audit-list"), who="林", since="nonsense")

    assert ("林会计" in text, "&lt;script&gt;请抓紧" in text, "<script>请" in text) == (True, True, False)
    row = AuditEvent.objects.latest("id")
    assert (row.action, row.actor_id, json.loads(row.payload)["after"]["who"]) == (
        "audit.read",
        auditor.pk,
        "林",
    )
    assert 'data-total="0"' in text_of(client, reverse("audit-list"), who="nobody")


def test_an_auditor_may_change_nothing(client, auditor, pledge):
    record("nudge.make", pledge, actor=auditor)
    row = AuditEvent.objects.latest("id")

    assert client.get(reverse("admin:pledges_auditevent_changelist")).status_code == 200
    page = reverse("admin:pledges_auditevent_change", args=[row.pk])
    assert (client.get(page).status_code, client.post(page, {}).status_code) == (200, 403)
    assert client.get(reverse("admin:pledges_pledge_changelist")).status_code == 403
    assert AuditEvent.objects.filter(action="audit.read", actor_id=auditor.pk).count() >= 2


def test_a_history_is_read_by_all_who_see_the_pledge(client, pledge, lin, chen):
    address = reverse("pledge-history", args=[pledge.code])
    client.force_login(lin)
    assert 'data-total="0"' in text_of(client, address)
    for _ in range(7):
        record("nudge.make", pledge, actor=chen, after={"words": "请周五前报"})

    assert (text_of(client, address).count("请周五前报"), "10.0.0.1" in text_of(client, address)) == (
        7,
        False,
    )
    page = text_of(client, reverse("pledge-detail", args=[pledge.code]))
    assert (page.count("请周五前报"), address in page) == (6, True)


def test_a_page_costs_the_same_for_one_deed_and_many(client, cost_of, pledge, lin):
    client.force_login(lin)
    address = reverse("pledge-history", args=[pledge.code])
    record("nudge.make", pledge, actor=lin)
    one = cost_of(client, address)
    for _ in range(5):
        record("nudge.make", pledge, actor=lin)

    assert cost_of(client, address) == one
