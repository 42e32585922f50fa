"""Everything a mail server may answer, over a real socket: nobody is lost, nobody's fault is put on another."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage

from pledges.actions import counter
from pledges.choices import LetterState, ReminderState
from pledges.models import Letter, Reminder, User
from tests.faults.conftest import LONGEST_JITTER, MORNING, TUESDAY, letter_to, states
from tests.kit.smtp import Fault, in_turn, only_for

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
BACKOFF = [1, 5, 15, 60, 240]


def test_letter_that_is_accepted_is_sent_and_tells_its_reminder(house, post, overdue, lin):
    house.round()

    letter = Letter.objects.get()
    assert (letter.state, letter.email, letter.attempts, letter.ambiguous) == ("sent", lin.email, 1, 0)
    assert (post.recipients, post.message_ids) == ([lin.email], [letter.message_id])
    assert Reminder.objects.get().state == ReminderState.TOLD


def test_every_person_gets_a_message_of_their_own(house, post, three):
    house.round()

    assert sorted(post.recipients) == sorted(person.email for person in three)
    assert all([letter.message["To"].addresses[0].addr_spec] == [letter.recipient] for letter in post.letters)


# Not now: 4xx -------------------------------------------------------------------------------

LATER = [
    ("mail", "451 4.3.0 busy"),
    ("rcpt", "450 4.2.1 greylisted"),
    ("rcpt", "452 4.2.2 mailbox full"),
    ("rcpt", "421 4.7.0 closing"),
    ("data", "451 4.3.0 busy"),
    ("dot", "451 4.3.0 busy"),
]


@pytest.mark.parametrize("step, answer", LATER)
def test_letter_that_is_put_off_is_tried_again_after_a_minute(house, post, overdue, lin, step, answer):
    setattr(post.manners, step, answer)
    house.round()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, letter.ambiguous) == ("queued", 1, 0)
    assert letter.smtp_code == int(answer[:3])
    assert MINUTE <= letter.next_try_at - MORNING <= LONGEST_JITTER * MINUTE

    setattr(post.manners, step, {"data": "354 go on"}.get(step, "250 ok"))
    house.forward(minutes=LONGEST_JITTER).round()

    letter.refresh_from_db()
    assert (letter.state, post.message_ids) == ("sent", [letter.message_id])


def test_pauses_grow_and_a_letter_is_not_tried_after_its_day(house, post, overdue, lin):
    post.manners.rcpt = "450 4.2.1 greylisted"
    pauses = []
    house.round()
    while (letter := letter_to(lin)).state == LetterState.QUEUED and letter.day == TUESDAY:
        pauses.append((letter.next_try_at - house.now) / MINUTE)
        house.now = letter.next_try_at
        house.round()

    assert all(
        least <= pause <= least * LONGEST_JITTER for least, pause in zip(BACKOFF, pauses, strict=False)
    )
    assert all(pause >= BACKOFF[-1] for pause in pauses[len(BACKOFF) :])
    first = Letter.objects.get(day=TUESDAY)
    assert first.state == LetterState.EXPIRED
    assert post.letters == []


def test_what_was_not_sent_on_its_day_is_told_by_the_next_letter(house, post, overdue, lin):
    post.manners.rcpt = "450 4.2.1 greylisted"
    house.round()

    post.manners.rcpt = "250 ok"
    house.forward(days=1).round()

    assert dict(Letter.objects.values_list("day", "state")) == {
        TUESDAY: LetterState.EXPIRED,
        TUESDAY + timedelta(days=1): LetterState.SENT,
    }
    assert post.message_ids == [letter_to(lin).message_id]
    assert not Reminder.objects.waiting().exists()


# Never: 5xx ---------------------------------------------------------------------------------


def test_address_that_is_refused_for_good_is_not_tried_again_until_it_changes(house, post, overdue, lin):
    post.manners.rcpt = only_for(lin.email, "550 5.1.1 no such user")
    house.round()
    assert (letter_to(lin).state, letter_to(lin).smtp_code) == (LetterState.FAILED, 550)
    lin.refresh_from_db()
    assert lin.refused_email == lin.email

    for _day in range(2):
        house.forward(days=1).round()
    assert len(post.told("RCPT")) == 1

    User.objects.filter(pk=lin.pk).update(email="lin@elsewhere.example.com")
    house.forward(days=5).round()
    assert post.recipients == ["lin@elsewhere.example.com"]


@pytest.mark.parametrize("step", ["data", "dot"])
def test_letter_that_is_refused_fails_and_its_address_is_not_blamed(house, post, overdue, lin, step):
    setattr(post.manners, step, "554 5.6.0 not here")
    house.round()
    for _again in range(3):
        house.forward(minutes=5).round()

    assert (letter_to(lin).state, letter_to(lin).smtp_code) == (LetterState.FAILED, 554)
    assert len(post.told("MAIL")) == 1
    lin.refresh_from_db()
    assert lin.refused_email == ""


def test_one_bad_address_of_three_keeps_no_letter_from_the_others(house, post, three):
    anna, bert, carl = three
    post.manners.rcpt = only_for(bert.email, "550 5.1.1 no such user")

    house.round()

    assert states() == {"anna": "sent", "bert": "failed", "carl": "sent"}
    assert sorted(post.recipients) == [anna.email, carl.email]


def test_one_message_for_three_would_lose_the_one_that_is_refused(post, three):
    """Why every letter has one recipient: the framework calls this sent."""
    post.manners.rcpt = only_for(three[1].email, "550 5.1.1 no such user")

    assert EmailMessage("x", "x", to=[person.email for person in three]).send() == 1

    assert len(post.letters) == 1


def test_server_that_asks_for_a_password_blames_no_address(house, post, overdue, lin):
    """530 is about us (RFC 4954), also when it is the answer to a recipient."""
    post.manners.rcpt = "530 5.7.0 authentication required"

    house.round()

    lin.refresh_from_db()
    assert (letter_to(lin).state, lin.refused_email) == (LetterState.QUEUED, "")


class Killed(BaseException):
    """As abrupt as kill -9: nothing is caught, nothing is settled."""


def test_letter_that_kills_its_sender_keeps_nobody_else_waiting_all_day(
    house, post, three, monkeypatch, settings
):
    write = counter.compose

    def compose(letter, *args, **kwargs):
        if letter.recipient == three[0]:
            raise Killed
        return write(letter, *args, **kwargs)

    monkeypatch.setattr(counter, "compose", compose)
    house.gather()
    for _round in range(20):
        with suppress(Killed):
            house.send()
        house.forward(seconds=settings.LETTER_LEASE_S + 1)

    assert states() == {"anna": "failed", "bert": "sent", "carl": "sent"}


# Perhaps: the line goes dead ----------------------------------------------------------------

PERHAPS = {
    "in the letter": {"body": Fault.DROP},
    "after the dot": {"dot": Fault.DROP},
    "silence after the dot": {"dot": Fault.HANG},
}


@pytest.mark.parametrize("manners", PERHAPS.values(), ids=PERHAPS)
def test_letter_that_may_have_arrived_is_sent_again_under_the_same_id(house, post, overdue, lin, manners):
    (step, fault), usual = *manners.items(), getattr(post.manners, next(iter(manners)))
    setattr(post.manners, step, fault)
    house.round()
    letter = letter_to(lin)
    assert (letter.state, letter.ambiguous) == (LetterState.QUEUED, 1)

    setattr(post.manners, step, usual)
    house.forward(minutes=LONGEST_JITTER).round()

    letter.refresh_from_db()
    assert (letter.state, letter.ambiguous) == (LetterState.SENT, 1)
    assert set(post.message_ids) == {letter.message_id}
    assert len(post.letters) == (1 if step == "body" else 2)


def test_copies_without_a_stored_id_could_not_be_told_apart(post, lin):
    """Why the id is kept with the letter: by itself every copy gets another."""
    post.manners.dot = in_turn(Fault.DROP, then="250 kept")
    message = EmailMessage("x", "x", to=[lin.email])
    with pytest.raises(OSError, match="closed"):
        message.send()
    message.send()

    assert len(set(post.message_ids)) == 2
