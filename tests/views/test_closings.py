"""Closing on its pages: conditions in words, the list that is ripe, the stamp, and the way back."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from pledges.actions.closings import close_pledge, reopen_pledge
from pledges.models import Closing, ProgressReport
from tests.cast import PledgeFactory, accepted
from tests.kit.pages import text_of

pytestmark = pytest.mark.usefixtures("monday")

TODAY = date(2022, 7, 4)


@pytest.fixture
def done(pledge, lin, zhao):
    accepted(pledge, as_of=TODAY, value=100, reviewer=zhao, author=lin)
    return pledge


def closing(pledge):
    return reverse("pledge-close", args=[pledge.code])


def reopening(pledge):
    return reverse("pledge-reopen", args=[pledge.code])


def total(client, campaign, query):
    return client.get(f"{reverse('pledge-list', args=[campaign.code])}?{query}").context["total"]


def test_what_is_not_done_is_not_closed_and_the_page_says_why(pledge, chen, sign):
    client = sign(chen)
    assert closing(pledge) not in text_of(client.get(pledge.get_absolute_url()))

    shown, sent = client.get(closing(pledge)), client.post(closing(pledge), {"words": "", "seen": 0})

    assert (shown.status_code, sent.status_code, Closing.objects.count()) == (200, 422, 0)
    assert len(sent.context["ripeness"].words) == 1
    assert sent.context["ripeness"].words[0] in text_of(sent)


def test_closed_from_its_page_it_bears_the_stamp_and_takes_no_report(done, chen, lin, sign):
    client = sign(chen)
    assert closing(done) in text_of(client.get(done.get_absolute_url()))

    page = client.post(closing(done), {"words": "验收通过", "seen": 0}, follow=True)

    assert page.redirect_chain[-1][0] == done.get_absolute_url()
    assert 'class="stamp"' in text_of(page)
    assert "验收通过" in text_of(page)
    assert reopening(done) in text_of(page)
    reporter = sign(lin)
    assert reverse("report-create", args=[done.code]) not in text_of(reporter.get(done.get_absolute_url()))
    assert reporter.get(reverse("report-create", args=[done.code])).url == done.get_absolute_url()


def test_a_report_typed_before_the_closing_is_kept_on_the_page(done, chen, lin, sign):
    client, address = sign(lin), reverse("report-create", args=[done.code])
    seen = client.get(address).context["form"]["seen"].value()
    close_pledge(done, by=chen, words="", today=TODAY)
    sent = {"as_of": TODAY, "value": "101", "entry": "total", "note": "更正数", "key": uuid4(), "seen": seen}

    page = client.post(address, sent)

    assert (page.status_code, ProgressReport.objects.count()) == (409, 1)
    assert "更正数" in text_of(page)
    assert "陈督查" in text_of(page)


def test_a_word_too_long_and_a_second_reviewer(done, chen, zhao, sign):
    assert sign(chen).post(closing(done), {"words": "长" * 301, "seen": 0}).status_code == 422
    assert [sign(chen).post(closing(done), {"words": "", "seen": 0}).status_code for _ in range(2)] == [
        302,
        302,
    ]
    assert "陈督查" in text_of(sign(zhao).get(done.get_absolute_url()))

    assert sign(zhao).post(closing(done), {"words": "再次", "seen": 0}).status_code == 409


def test_reopened_with_a_reason_the_history_stays(done, chen, zhao, lin, sign):
    closed = close_pledge(done, by=chen, words="", today=TODAY).pk
    client = sign(zhao)
    assert client.get(reopening(done)).status_code == 200
    assert client.post(reopening(done), {"reason": " ", "seen": closed}).status_code == 422

    page = client.post(reopening(done), {"reason": "数据有误", "seen": closed}, follow=True)

    assert "数据有误" in text_of(page)
    assert 'class="stamp"' not in text_of(page)
    assert client.get(reopening(done)).status_code == 302
    assert sign(chen).post(reopening(done), {"reason": "复核", "seen": closed}).status_code == 409
    assert sign(lin).get(reverse("report-create", args=[done.code])).status_code == 200


def test_the_list_of_what_is_ripe_closes_one_by_one(campaign, done, finance, lin, chen, zhao, sign):
    PledgeFactory(campaign=campaign, department=finance)
    client, address = sign(chen), reverse("closing-list", args=[campaign.code])
    before = client.get(address)
    assert ([line.pledge for line in before.context["ripe"]], before.context["number"]) == ([done], 1)
    assert total(client, campaign, "closing=ripe") == 1

    after = client.post(closing(done), {"from": "list", "seen": 0}, follow=True)

    assert after.redirect_chain[-1][0] == address
    assert (after.context["number"], [row.pledge for row in after.context["rows"]]) == (0, [done])
    counts = [total(client, campaign, f"closing={name}") for name in ("ripe", "closed", "open")]
    assert counts == [0, 1, 1]
    assert 'class="stamp"' in text_of(
        client.get(f"{reverse('pledge-list', args=[campaign.code])}?closing=closed")
    )
    department = client.get(reverse("department-detail", args=[campaign.code, finance.code]))
    assert (
        department.context["closed"]
        == total(client, campaign, f"closing=closed&department={finance.code}")
        == 1
    )


def typed(form_page) -> dict:
    """What the browser sends of a form with nothing changed in it."""
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text_of(form_page))
    return {name: value for name, value in hidden if name in {"from", "seen"}}


def test_an_old_form_does_not_touch_a_later_closing(done, chen, sign):
    client = sign(chen)
    old_close = typed(client.get(closing(done))) | {"words": ""}
    assert [client.post(closing(done), old_close).status_code for _ in range(2)] == [302, 302]
    old_reopening = typed(client.get(reopening(done))) | {"reason": "复核"}
    assert [client.post(reopening(done), old_reopening).status_code for _ in range(2)] == [302, 302]
    closed_again = client.post(closing(done), old_close)
    assert (closed_again.status_code, Closing.objects.in_force().count()) == (409, 0)
    assert client.post(closing(done), typed(client.get(closing(done)))).status_code == 302

    reopened_again = client.post(reopening(done), old_reopening)

    assert (reopened_again.status_code, Closing.objects.in_force().count()) == (409, 1)
    assert "陈督查" in text_of(reopened_again)


def test_an_old_list_does_not_close_what_was_reopened_since(campaign, done, chen, zhao, sign):
    client, address = sign(chen), reverse("closing-list", args=[campaign.code])
    old = typed(client.get(address))
    assert old == {"from": "list", "seen": "0"}
    client.post(closing(done), old)
    reopen_pledge(done, by=zhao, reason="数据有误")

    statuses = [client.post(closing(done), form).status_code for form in (old, typed(client.get(address)))]

    assert (statuses, Closing.objects.in_force().count()) == ([409, 302], 1)


@pytest.mark.parametrize("sent", [{}, {"seen": "x"}, {"seen": "-1"}])
def test_a_form_that_does_not_say_what_it_showed_changes_nothing(done, chen, sign, sent):
    assert sign(chen).post(closing(done), {"words": ""} | sent).status_code == 422
    close_pledge(done, by=chen, words="", today=TODAY)

    assert sign(chen).post(reopening(done), {"reason": "复核"} | sent).status_code == 422
    assert Closing.objects.in_force().count() == 1


def test_leaders_look_on_without_buttons(campaign, done, li, sign):
    page = sign(li).get(reverse("closing-list", args=[campaign.code]))

    assert (page.context["number"], closing(done) in text_of(page)) == (1, False)
    assert closing(done) not in text_of(sign(li).get(done.get_absolute_url()))


def test_the_list_costs_the_same_for_one_and_for_three(
    campaign, done, finance, lin, chen, zhao, sign, cost_of
):
    client, address = sign(chen), reverse("closing-list", args=[campaign.code])
    first = PledgeFactory(campaign=campaign, department=finance)
    accepted(first, as_of=TODAY, value=100, reviewer=zhao, author=lin)
    close_pledge(first, by=chen, words="", today=TODAY)
    once = cost_of(client, address)
    for number in range(4):
        other = PledgeFactory(campaign=campaign, department=finance)
        accepted(other, as_of=TODAY, value=100, reviewer=zhao, author=lin)
        if number % 2:
            close_pledge(other, by=chen, words="", today=TODAY)

    assert cost_of(client, address) == once
