"""Sending: taken once, weighed against today's facts, marked only after the server has it."""

from datetime import date, timedelta
from smtplib import SMTPException
from uuid import uuid4

import pytest
from django.core import mail

from pledges.actions import counter
from pledges.actions import post as room
from pledges.actions.letters import gather_letters
from pledges.actions.post import BACKOFF, MOST_ATTEMPTS, claim, send_letters
from pledges.actions.reminders import plan_reminders
from pledges.actions.standings import rebuild_standings
from pledges.choices import LetterState, Role
from pledges.models import Letter
from tests.cast import person
from tests.kit.posting import TODAY, Broken, at, fate, send

pytestmark = pytest.mark.django_db


def test_sent_letter_is_marked_with_what_it_said(letter, lin):
    assert send() == {"sent": 1}

    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.attempts, letter.email) == ("sent", at(9), 1, lin.email)
    assert letter.subject == mail.outbox[0].subject
    assert letter.text == mail.outbox[0].body
    assert mail.outbox[0].to[0].endswith(lin.email) or lin.email in mail.outbox[0].to[0]
    assert fate() == ("told", "")


def test_sending_again_sends_nothing(letter):
    send()

    assert send() == {}
    assert len(mail.outbox) == 1


def test_taken_letter_is_nobody_elses_until_the_lease_is_over(letter, settings):
    assert claim(now=at(9), limit=9) == [letter]

    assert claim(now=at(9, 10), limit=9) == []
    taken = claim(now=at(9, 11), limit=9)
    assert [(row.attempts, row.ambiguous) for row in taken] == [(2, 1)]


def test_without_a_lease_two_would_send_the_same_letter(letter, settings):
    """The twin: a lease of no length protects nothing."""
    settings.LETTER_LEASE_S = -1

    assert claim(now=at(9), limit=9) == claim(now=at(9), limit=9) == [letter]


def test_who_lost_the_lease_writes_nothing(letter):
    class Slow(Broken):
        def send(self, letter, content, *, now):
            Letter.objects.update(lease_token=uuid4())  # somebody else took it meanwhile

    send_letters(clock=lambda: at(9), post=Slow(None))

    letter.refresh_from_db()
    assert (letter.state, fate()) == ("sending", ("waiting", ""))


@pytest.mark.parametrize("day", [date(2022, 12, 1), date(2022, 12, 3)])
def test_letter_is_sent_on_its_own_day_only(letter, day):
    assert send(day=day) == {}
    assert mail.outbox == []


def test_person_without_an_address_is_shown_as_a_fault(letter, lin):
    type(lin).objects.filter(pk=lin.pk).update(email="")

    assert send() == {"failed": 1}
    assert (fate(), mail.outbox) == (("waiting", ""), [])


def test_refused_address_is_not_tried_again(letter, lin):
    type(lin).objects.filter(pk=lin.pk).update(refused_email=lin.email)

    assert send() == {"failed": 1}
    assert mail.outbox == []


def test_letter_that_cannot_be_written_does_not_hold_up_the_others(
    campaign, finance, late_pledge, lin, monkeypatch
):
    person("feng", "冯", Role.REPORTER, finance)
    plan_reminders(today=TODAY)
    gather_letters(now=at(9))
    poisoned = Letter.objects.order_by("id").first()
    honest = room.content_of

    def poison(letter, *rest):
        if letter.pk == poisoned.pk:
            raise ZeroDivisionError
        return honest(letter, *rest)

    monkeypatch.setattr(room, "content_of", poison)

    assert send() == {"queued": 1, "sent": 1}
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.next_try_at) == ("queued", at(9) + BACKOFF[0])
    assert poisoned.last_error


@pytest.mark.parametrize("attempts, minutes", [(0, 1), (1, 5), (2, 15), (3, 60), (4, 240), (9, 240)])
def test_broken_connections_are_tried_again_after_longer_and_longer_times(letter, attempts, minutes):
    Letter.objects.update(attempts=attempts)

    send_letters(clock=lambda: at(9), post=Broken(ConnectionResetError("gone")))

    letter.refresh_from_db()
    assert (letter.state, letter.next_try_at) == ("queued", at(9) + timedelta(minutes=minutes))
    assert (letter.ambiguous, letter.last_error) == (1, "gone")


def test_letter_that_fails_too_often_is_given_up_and_shown(letter):
    Letter.objects.update(attempts=MOST_ATTEMPTS - 1)

    send_letters(clock=lambda: at(9), post=Broken(ConnectionResetError("gone")))

    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED


def test_nobody_answers_is_no_letters_fault(campaign, finance, late_pledge, lin):
    person("feng", "冯", Role.REPORTER, finance)
    plan_reminders(today=TODAY)
    gather_letters(now=at(9))

    fates = send_letters(clock=lambda: at(9), post=Broken(counter.MailServerError("nobody answers")))

    assert fates == {"queued": 1}
    assert set(Letter.objects.values_list("attempts", "next_try_at", "ambiguous")) == {(0, at(9, 1), 0)}


def test_what_cannot_be_begun_in_this_round_is_given_back(letter):
    assert send_letters(clock=lambda: at(9), within=0) == {}
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("queued", 0)


def test_letter_is_not_begun_shortly_before_its_lease_ends(letter):
    moments = iter(
        [at(9), at(9), at(9, 9), at(9, 9)]
    )  # the office's day, the claim, the look, the giving back

    send_letters(clock=lambda: next(moments, at(9, 10)))

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.sent_at) == ("sent", 1, at(9, 10))


def test_retry_after_the_facts_changed_tells_the_new_ones(letter, late_pledge):
    rebuild_standings([late_pledge])
    send_letters(clock=lambda: at(9), post=Broken(ConnectionResetError("gone")))
    late_pledge.title = "改了名字"
    type(late_pledge).objects.filter(pk=late_pledge.pk).update(title="改了名字")

    assert send(9, 2) == {"sent": 1}
    assert "改了名字" in mail.outbox[0].body


def test_server_that_does_not_say_goodbye_changes_nothing():
    class Rude:
        def close(self):
            raise ConnectionResetError("gone")

    post = counter.Post(connection=Rude())
    post.close()

    assert post.connection is None


def test_fault_of_no_known_kind_is_tried_again():
    fate = counter.fate_of(SMTPException("strange"))

    assert (fate.state, fate.fault, fate.is_ambiguous, fate.stops) == ("queued", "strange", True, False)
