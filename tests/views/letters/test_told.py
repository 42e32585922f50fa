"""What the page of a pledge and the rules say about who was told and what comes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.choices import Occasion
from pledges.models import Nudge
from tests.cast import PledgeFactory, ReportFactory
from tests.kit.letters import a_letter, a_line

pytestmark = pytest.mark.django_db


def test_the_page_of_a_pledge_says_who_was_told(client, lin, li, pledge, now):
    letter = a_letter(lin, at=now)
    a_line(pledge, lin, letter)
    a_line(pledge, li, a_letter(li, at=now), occasion=Occasion.DIGEST)
    client.force_login(lin)

    response = client.get(pledge.get_absolute_url())
    page = response.content.decode()

    assert {line.recipient for line in response.context["told"]} == {lin, li}
    assert page.count('href="/letters/') == 1  # one's own; the leader's letter is not hers to open


def test_an_untold_pledge_says_so_and_what_comes(client, lin, running, pledge):
    client.force_login(lin)

    response = client.get(pledge.get_absolute_url())

    assert (response.context["told"], 'id="h-told"' in response.content.decode()) == ([], True)


def test_what_comes_is_told_for_today_only_and_not_while_a_report_waits(client, lin, running, finance):
    today = timezone.localdate()
    pledge = PledgeFactory(campaign=running, department=finance, stones=[(today + timedelta(days=40), 10)])
    client.force_login(lin)

    now_page = client.get(pledge.get_absolute_url()).context
    past = client.get(f"{pledge.get_absolute_url()}?on={today - timedelta(days=2)}").context
    ReportFactory(pledge=pledge, author=lin, as_of=today)
    waiting = client.get(pledge.get_absolute_url()).context

    assert [bool(page["coming"]) for page in (now_page, past, waiting)] == [True, False, False]
    assert waiting["is_in_review"] is True


def test_the_page_of_a_pledge_costs_the_same_for_one_reminder_and_many(
    client, li, pledge, lin, chen, cost_of, now
):
    client.force_login(li)

    def more(number):
        for _ in range(number):
            nudge = Nudge.objects.filter(pledge=pledge).first()
            nudge = nudge or Nudge.objects.create(pledge=pledge, by=chen, day=now.date())
            a_line(
                pledge, lin, a_letter(lin, at=now), occasion=Occasion.NUDGE, nudge=nudge, on_behalf_of=chen
            )

    more(1)
    one = cost_of(client, pledge.get_absolute_url())
    more(12)

    assert cost_of(client, pledge.get_absolute_url()) == one <= 22


@pytest.mark.parametrize("head, leaders", [(3, 10), (None, None)])
def test_the_rules_print_the_ladder_of_the_campaign(client, lin, campaign, head, leaders):
    campaign.lead_days, campaign.head_after_days, campaign.leaders_after_days = "21,5", head, leaders
    campaign.save()
    client.force_login(lin)
    client.cookies["language"] = "en"

    page = client.get(reverse("rules", args=[campaign.code])).content.decode()

    assert "21 and 5 days ahead" in page
    assert (page.count("Never."), "Once, 3 working days" in page) == ((0, True) if head else (2, False))
