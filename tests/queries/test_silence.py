"""The house that has fallen silent is noticed, the graver silence first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.models import Heartbeat
from pledges.queries.silence import Silence, silence_on

NOW = datetime(2022, 7, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def beat(duty, ago, now=NOW):
    Heartbeat.objects.create(duty=duty, beat_at=now - ago, day=now.date())


@pytest.mark.parametrize(
    "lights, reminders, letters, silent",
    [
        (1, 1, 1, None),
        (5, 5, 10, None),
        (6, 1, 1, "lights"),
        (1, 6, 1, "reminders"),
        (1, 6, 11, "reminders"),
        (1, 1, 11, "letters"),
        (6, 6, 11, "lights"),
        (None, 1, 1, "lights"),
        (1, None, 1, "reminders"),
        (1, 1, None, "letters"),
        (None, None, None, "lights"),
    ],
)
def test_the_tick_may_be_silent_for_five_minutes_the_mail_for_ten(lights, reminders, letters, silent):
    for duty, ago in (("lights", lights), ("reminders", reminders), ("letters", letters)):
        if ago is not None:
            beat(duty, ago * MINUTE)

    found = silence_on(NOW)

    assert (found.duty if found else None) == silent


def test_it_says_since_when():
    beat("lights", 20 * MINUTE)

    assert silence_on(NOW) == Silence("lights", NOW - 20 * MINUTE)


def test_what_never_was_has_no_beginning():
    assert silence_on(NOW) == Silence("lights", None)


def test_it_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        silence_on(NOW)


@pytest.mark.parametrize(
    "who, told", [("lin", False), ("sun", False), ("li", False), ("chen", True), ("boss", True)]
)
def test_the_banner_is_for_those_who_look_after_the_letters(request, client, campaign, who, told):
    client.force_login(request.getfixturevalue(who))

    page = client.get(reverse("overview", args=[campaign.code])).content.decode()

    assert ("data-silence" in page) == told


def test_the_banner_goes_when_the_house_is_heard(client, chen, campaign):
    for duty in ("lights", "reminders", "letters"):
        beat(duty, MINUTE, now=timezone.now())
    client.force_login(chen)

    assert "data-silence" not in client.get(reverse("overview", args=[campaign.code])).content.decode()


@pytest.mark.parametrize("ago", [11, 600])
def test_the_banner_says_which_duty_is_silent_and_leads_to_the_letters(client, chen, campaign, ago):
    beat("lights", MINUTE, now=timezone.now())
    beat("reminders", MINUTE, now=timezone.now())
    beat("letters", ago * MINUTE, now=timezone.now())
    client.force_login(chen)

    page = client.get(reverse("review-queue")).content.decode()

    assert 'data-silence="letters"' in page
    assert reverse("letter-list", args=[campaign.code]) in page.split("</aside>")[0]
