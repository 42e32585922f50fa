"""One letter: its page, its buttons, and who may press them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import letters as post_room
from pledges.choices import Dropped, LetterState, Occasion, ReminderState
from pledges.models import Letter, Membership, Nudge, User
from tests.cast import PledgeFactory
from tests.kit.letters import a_letter, a_line
from tests.kit.pages import EVIL

pytestmark = pytest.mark.django_db


def test_a_letter_shows_its_text_its_lines_and_its_number(office, pledge, lin, now):
    letter = a_letter(lin, at=now, text="还差 1 家。", attempts=2, ambiguous=1)
    a_line(pledge, lin, letter)

    page = office.get(reverse("letter-detail", args=[letter.pk])).content.decode()

    assert ("还差 1 家。" in page, pledge.title in page) == (True, True)
    assert letter.message_id[1:11] in page


@pytest.mark.parametrize(
    "who, status", [("lin", 200), ("wu", 404), ("sun", 404), ("chen", 200), ("li", 200), ("boss", 200)]
)
def test_a_letter_is_open_to_its_reader_and_the_citys_offices(request, client, lin, who, status, now):
    letter = a_letter(lin, at=now)
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("letter-detail", args=[letter.pk])).status_code == status


def test_whoever_has_left_the_department_keeps_the_words_and_not_the_way(client, pledge, lin, elsewhere, now):
    letter = a_letter(lin, at=now)
    a_line(pledge, lin, letter)
    Membership.objects.filter(user=lin).update(department=elsewhere)
    client.force_login(lin)

    page = client.get(reverse("letter-detail", args=[letter.pk])).content.decode()

    assert (pledge.title in page, pledge.get_absolute_url() in page) == (True, False)


def test_what_people_wrote_stays_text(office, ledger, pledge, lin, chen, now):
    letter = a_letter(lin, LetterState.FAILED, at=now, subject=EVIL[:200], text=EVIL, last_error=EVIL)
    nudge = Nudge.objects.create(pledge=pledge, by=chen, words=EVIL, day=now.date())
    a_line(pledge, lin, letter, occasion=Occasion.NUDGE, nudge=nudge, label=EVIL)
    User.objects.update(name=EVIL[:50])
    pages = [
        *(ledger(), ledger("show=lines"), ledger(f"show=lines&pledge={EVIL}"), ledger(f"person={EVIL}")),
        office.get(reverse("letter-detail", args=[letter.pk])),
        office.get(pledge.get_absolute_url()),
    ]

    assert [bool(re.search(r"<script>alert|<img src=x", page.content.decode())) for page in pages] == [
        False
    ] * 6


@pytest.mark.parametrize("number", [1, 5])
def test_a_letter_costs_the_same_for_one_line_and_five(client, chen, campaign, lin, number, cost_of, now):
    client.force_login(chen)
    letter = a_letter(lin, at=now)
    for _ in range(number):
        a_line(PledgeFactory(campaign=campaign), lin, letter, on_behalf_of=chen)

    assert cost_of(client, reverse("letter-detail", args=[letter.pk])) == 8


def button(client, name, letter, **sent):
    return client.post(reverse(name, args=[letter.pk]), sent)


@pytest.mark.parametrize("sent", [{}, {"campaign": "wujin-2022"}, {"campaign": "nowhere\0"}])
def test_retry_queues_todays_letter_and_comes_back(office, campaign, lin, chen, now, sent):
    letter = a_letter(lin, LetterState.FAILED, at=now, day=timezone.localdate(now))
    list_page, own_page = (
        reverse("letter-list", args=[campaign.code]),
        reverse("letter-detail", args=[letter.pk]),
    )

    answer = button(office, "letter-retry", letter, **sent)

    letter.refresh_from_db()
    assert (letter.state, letter.handled_by) == (LetterState.QUEUED, chen)
    assert answer.url == (list_page if sent.get("campaign") == campaign.code else own_page)


def test_retry_of_an_old_letter_hands_its_lines_on(office, pledge, lin, now):
    letter = a_letter(lin, LetterState.FAILED, at=now - timedelta(days=3))
    line = a_line(pledge, lin, letter)

    button(office, "letter-retry", letter)

    line.refresh_from_db()
    letter.refresh_from_db()
    assert (letter.state, line.letter, line.state) == (LetterState.EXPIRED, None, ReminderState.WAITING)


def test_cancel_stops_a_letter_and_what_it_would_have_told(office, pledge, lin, chen, now):
    letter = a_letter(lin, LetterState.QUEUED, at=now)
    line = a_line(pledge, lin, letter)

    assert button(office, "letter-cancel", letter).status_code == 302

    line.refresh_from_db()
    letter.refresh_from_db()
    assert (letter.state, letter.handled_by, line.dropped) == (LetterState.CANCELLED, chen, Dropped.CANCELLED)


@pytest.mark.parametrize("name", ["letter-retry", "letter-cancel"])
@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.SENDING, LetterState.CANCELLED])
def test_who_comes_second_is_told_and_changes_nothing(office, lin, name, state, now):
    letter = a_letter(lin, state, at=now)

    answer = button(office, name, letter)

    letter.refresh_from_db()
    assert (answer.status_code, letter.state, letter.handled_by) == (409, state, None)
    assert letter.get_state_display() in answer.content.decode()


def test_without_the_look_under_lock_a_sent_letter_would_be_sent_again(office, lin, monkeypatch, now):
    """The twin: what the conflict above protects from."""
    letter = a_letter(lin, at=now, day=timezone.localdate(now))
    monkeypatch.setattr(post_room, "_require", lambda *_args: None)

    button(office, "letter-retry", letter)

    letter.refresh_from_db()
    assert letter.state == LetterState.QUEUED


@pytest.mark.parametrize("name", ["letter-retry", "letter-cancel"])
@pytest.mark.parametrize("who, status", [("lin", 403), ("li", 403), ("wu", 404), ("sun", 404)])
def test_the_buttons_are_the_supervision_offices(request, client, lin, name, who, status, now):
    letter = a_letter(lin, LetterState.FAILED, at=now)
    client.force_login(request.getfixturevalue(who))

    assert button(client, name, letter).status_code == status
    assert Letter.objects.get().state == LetterState.FAILED
