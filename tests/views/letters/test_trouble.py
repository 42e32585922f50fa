"""On top of the ledger: letters in trouble, and what nobody would be told."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.choices import LetterState
from pledges.models import User
from tests.cast import PledgeFactory
from tests.kit.letters import a_letter, a_line
from tests.kit.pages import total_of

pytestmark = pytest.mark.django_db


def test_trouble_stands_on_top_with_its_reason_and_buttons(ledger, pledge, lin, now):
    letter = a_letter(lin, LetterState.FAILED, at=now, smtp_code=550, last_error="550 5.1.1 no such user")
    a_line(pledge, lin, letter)

    page = ledger().content.decode()

    assert "550 5.1.1 no such user" in page
    assert [page.count(reverse(name, args=[letter.pk])) for name in ("letter-retry", "letter-cancel")] == [
        1,
        1,
    ]


def test_a_leader_sees_the_trouble_without_the_buttons(client, li, campaign, pledge, lin, now):
    letter = a_letter(lin, LetterState.FAILED, at=now)
    a_line(pledge, lin, letter)
    client.force_login(li)

    page = client.get(reverse("letter-list", args=[campaign.code])).content.decode()

    assert (reverse("letter-detail", args=[letter.pk]) in page, "letter-retry" in page) == (True, False)
    assert reverse("letter-retry", args=[letter.pk]) not in page


def test_ten_troubles_stand_on_top_and_the_count_opens_all(ledger, campaign, pledge, lin, now):
    for _ in range(12):
        a_line(pledge, lin, a_letter(lin, LetterState.FAILED, at=now))

    page = ledger()

    assert (len(page.context["warnings"].letters), page.context["totals"].troubled) == (10, 12)
    assert f"{reverse('letter-list', args=[campaign.code])}?state=trouble" in page.content.decode()
    assert total_of(ledger("state=trouble")) == 12


@pytest.mark.parametrize("query, stands", [("", True), ("state=held", False), ("show=lines", False)])
def test_the_warnings_stand_above_the_whole_ledger_only(ledger, query, stands):
    assert (ledger(query).context.get("warnings") is not None) == stands


def test_a_department_with_nobody_to_tell_leads_to_its_open_pledges(ledger, office, running, finance):
    page = ledger()
    (gap,) = page.context["warnings"].gaps
    address = re.search(r'href="([^"]*/pledges/\?[^"]*)"', page.content.decode())[1].replace("&amp;", "&")

    assert (gap.code, total_of(office.get(address))) == (finance.code, gap.pledges)


@pytest.mark.parametrize("who, link", [("chen", False), ("boss", True)])
def test_holidays_not_entered_are_named_and_administrators_led_there(
    request, client, running, finance, who, link
):
    year = timezone.localdate().year + 1
    PledgeFactory(campaign=running, department=finance, stones=[(date(year, 1, 31), 1)])
    client.force_login(request.getfixturevalue(who))

    page = client.get(reverse("letter-list", args=[running.code]))

    if page.context["warnings"].years:  # until the holidays of that year are announced
        assert (reverse("admin:pledges_specialday_changelist") in page.content.decode()) == link


def test_people_without_a_working_address_stand_on_top(ledger, running, lin):
    User.objects.filter(pk=lin.pk).update(refused_email=lin.email)

    assert ledger().context["warnings"].people[0].person == lin
    assert lin.email in ledger().content.decode()
