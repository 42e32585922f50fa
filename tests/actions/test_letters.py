"""Gathering: one letter a day per person, at their hour; what cannot wait goes at once; nothing is lost over night."""

from datetime import date, timedelta

import pytest

from pledges.actions.letters import cancel_letter, expire_letters, gather_letters, message_id, retry_letter
from pledges.actions.reminders import plan_again, plan_reminders, remind_of_nudge
from pledges.choices import LetterState, ReminderState
from pledges.errors import StaleError
from pledges.models import Letter, Nudge, Reminder
from pledges.queries.recipients import Roster
from tests.cast import PledgeFactory
from tests.kit.posting import DUE, TODAY, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledges(campaign, finance):
    """Two deliverables with one deadline."""
    return [
        PledgeFactory(campaign=campaign, department=finance, basis="deliverable", stones=[(DUE, None)])
        for _ in range(2)
    ]


@pytest.fixture
def planned(pledges, lin):
    plan_reminders(today=TODAY)
    return pledges


def letters():
    return [(row.key, row.state, row.reminders.count()) for row in Letter.objects.order_by("id")]


def urge(pledge, by, day=TODAY):
    nudge = Nudge.objects.create(pledge=pledge, by=by, day=day, words="请抓紧")
    remind_of_nudge(nudge, Roster.on(day))


def test_everything_of_a_day_is_one_letter(planned, lin):
    assert gather_letters(now=at(9)) == 1

    assert letters() == [(f"daily|{lin.pk}|2022-11-30", "queued", 2)]


def test_gathering_again_adds_nothing(planned):
    for _ in range(3):
        gather_letters(now=at(9))

    assert len(letters()) == 1


@pytest.mark.parametrize("hour, made", [(0, 0), (7, 0), (8, 1), (23, 1)])
def test_letter_comes_at_the_hour_of_the_person(planned, hour, made):
    gather_letters(now=at(hour, minute=59 if hour == 7 else 0))

    assert len(letters()) == made


def test_everybody_has_their_own_hour(planned, lin):
    lin.send_hour = 15
    lin.save()

    gather_letters(now=at(14))
    assert letters() == []
    gather_letters(now=at(15))
    assert len(letters()) == 1


def test_nothing_is_gathered_on_a_day_of_rest(planned):
    gather_letters(now=at(9, day=date(2022, 12, 3)))

    assert letters() == []


def test_what_happened_before_the_hour_takes_the_letter_of_the_day_along(planned, lin, chen):
    urge(planned[0], chen)

    gather_letters(now=at(7))

    assert letters() == [(f"daily|{lin.pk}|2022-11-30", "queued", 3)]


def test_what_happened_after_the_letter_left_gets_its_own(planned, lin, chen):
    gather_letters(now=at(9))
    Letter.objects.update(state=LetterState.SENT, sent_at=at(9))

    urge(planned[0], chen)
    gather_letters(now=at(10))

    assert [(key.partition("|")[0], state, lines) for key, state, lines in letters()] == [
        ("daily", "sent", 2),
        ("extra", "queued", 1),
    ]


def test_letter_of_its_own_that_somebody_else_has_sent_already_is_not_made_again(planned, lin, chen):
    gather_letters(now=at(9))
    Letter.objects.update(state=LetterState.SENT, sent_at=at(9))
    urge(planned[0], chen)
    event = Reminder.objects.get(occasion="nudge")
    key = f"extra|{lin.pk}|2022-11-30|{event.pk}"
    Letter.objects.create(
        key=key,
        kind="extra",
        recipient=lin,
        day=TODAY,
        due_at=at(9),
        next_try_at=at(9),
        message_id=message_id(key),
        state=LetterState.SENT,
        sent_at=at(9),
    )

    assert gather_letters(now=at(10)) == 0
    assert [lines for *_letter, lines in letters()] == [2, 0]


def test_what_comes_up_after_the_letter_left_waits_for_the_next_one(planned, campaign, finance, lin):
    gather_letters(now=at(9))
    Letter.objects.update(state=LetterState.SENT, sent_at=at(9))
    PledgeFactory(campaign=campaign, department=finance, basis="deliverable", stones=[(DUE, None)])
    plan_again(today=TODAY)
    plan_reminders(today=TODAY)

    gather_letters(now=at(10))
    assert len(letters()) == 1

    gather_letters(now=at(9, day=TODAY + timedelta(days=1)))
    assert [lines for *_letter, lines in letters()] == [2, 1]


def test_what_would_come_too_late_tomorrow_does_not_wait(planned, campaign, finance, lin):
    gather_letters(now=at(9))
    Letter.objects.update(state=LetterState.SENT, sent_at=at(9))
    PledgeFactory(campaign=campaign, department=finance, basis="deliverable", stones=[(TODAY, None)])
    plan_again(today=TODAY)
    plan_reminders(today=TODAY)

    gather_letters(now=at(10))

    assert [key.partition("|")[0] for key, *_rest in letters()] == ["daily", "extra"]


def test_letter_that_waits_for_the_mail_server_takes_along_what_comes_later(planned, chen):
    gather_letters(now=at(9))
    Letter.objects.update(next_try_at=at(11))

    urge(planned[0], chen)
    gather_letters(now=at(10))

    assert [(state, lines) for _key, state, lines in letters()] == [("queued", 3)]


def test_letter_being_sent_is_left_alone(planned, chen):
    gather_letters(now=at(9))
    token = "0b6f6d58-9a37-4f0a-8f77-5f2b7a3e2026"
    Letter.objects.update(state=LetterState.SENDING, lease_token=token, lease_until=at(10))

    urge(planned[0], chen)
    gather_letters(now=at(9, minute=1))

    assert [(key.partition("|")[0], lines) for key, _state, lines in letters()] == [
        ("daily", 2),
        ("extra", 1),
    ]


def test_who_pauses_is_told_only_what_was_urged(planned, lin, chen):
    lin.paused_until = TODAY
    lin.save()
    gather_letters(now=at(9))
    assert letters() == []

    urge(planned[0], chen)
    gather_letters(now=at(9))

    assert [lines for *_letter, lines in letters()] == [1]


def test_after_the_pause_the_newest_of_everything_is_told(planned, lin):
    lin.paused_until = TODAY
    lin.save()
    gather_letters(now=at(9))

    gather_letters(now=at(9, day=TODAY + timedelta(days=1)))

    assert [lines for *_letter, lines in letters()] == [2]


def test_corrected_address_sets_free_what_was_stuck(planned, lin):
    gather_letters(now=at(9))
    Letter.objects.update(state=LetterState.FAILED, email="wrong@example.com")

    gather_letters(now=at(9, day=TODAY + timedelta(days=1)))

    assert [(state, lines) for _key, state, lines in letters()] == [("expired", 0), ("queued", 2)]


def test_letter_that_did_not_leave_on_its_day_hands_its_lines_to_the_next(planned):
    gather_letters(now=at(9))

    gather_letters(now=at(9, day=TODAY + timedelta(days=1)))

    assert [(state, lines) for _key, state, lines in letters()] == [("expired", 0), ("queued", 2)]


def test_without_expiry_two_letters_would_leave_on_one_day(planned, lin, monkeypatch):
    """The twin: a mail server that is back after a day would bring both."""
    monkeypatch.setattr("pledges.actions.letters.expire_letters", lambda *, now: 0)
    gather_letters(now=at(9))
    PledgeFactory(campaign=planned[0].campaign, department=planned[0].department, stones=[(DUE, 100)])
    plan_reminders(today=TODAY + timedelta(days=1))

    gather_letters(now=at(9, day=TODAY + timedelta(days=1)))

    assert [state for _key, state, _lines in letters()] == ["queued", "queued"]


def test_letter_that_is_being_sent_over_midnight_is_not_taken_away(planned):
    gather_letters(now=at(9))
    token = "0b6f6d58-9a37-4f0a-8f77-5f2b7a3e2026"
    tomorrow = TODAY + timedelta(days=1)
    Letter.objects.update(state=LetterState.SENDING, lease_token=token, lease_until=at(0, 5, tomorrow))

    assert expire_letters(now=at(0, 4, tomorrow)) == 0
    assert expire_letters(now=at(0, 6, tomorrow)) == 1


def test_message_id_is_the_same_for_every_copy_and_names_nobody(settings):
    settings.DEFAULT_FROM_EMAIL = "军令状 <ykplan@example.gov.cn>"

    first, again, other = message_id("daily|1"), message_id("daily|1"), message_id("daily|2")

    assert (first == again, first != other) == (True, True)
    assert first.endswith("@example.gov.cn>")


def test_retry_of_today_is_tried_at_once(planned, lin, chen):
    gather_letters(now=at(9))
    Letter.objects.update(state=LetterState.FAILED, attempts=3)
    lin.refused_email = lin.email
    lin.save()

    letter = retry_letter(Letter.objects.get(), by=chen, now=at(10))

    assert (letter.state, letter.next_try_at, letter.handled_by) == (LetterState.QUEUED, at(10), chen)
    lin.refresh_from_db()
    assert lin.refused_email == ""


def test_retry_of_an_older_day_puts_its_lines_into_the_next_letter(planned, chen):
    gather_letters(now=at(9))
    Letter.objects.update(state=LetterState.FAILED)
    tomorrow = TODAY + timedelta(days=1)

    retry_letter(Letter.objects.get(), by=chen, now=at(8, day=tomorrow))
    gather_letters(now=at(9, day=tomorrow))

    assert [(state, lines) for _key, state, lines in letters()] == [("expired", 0), ("queued", 2)]


def test_retry_waits_for_the_end_of_a_pause(planned, lin, chen):
    gather_letters(now=at(9))
    Letter.objects.update(state=LetterState.FAILED)
    type(lin).objects.filter(pk=lin.pk).update(paused_until=TODAY)

    letter = retry_letter(Letter.objects.get(), by=chen, now=at(10))

    assert (letter.state, letter.reminders.count()) == (LetterState.EXPIRED, 0)


def test_cancelled_letter_tells_nothing(planned, chen):
    gather_letters(now=at(9))

    cancel_letter(Letter.objects.get(), by=chen)

    assert {(row.state, row.dropped) for row in Reminder.objects.all()} == {("dropped", "cancelled")}
    assert Letter.objects.get().handled_by == chen


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.CANCELLED])
def test_what_has_left_can_be_neither_tried_again_nor_cancelled(planned, chen, state):
    gather_letters(now=at(9))
    Letter.objects.update(state=state, sent_at=at(9))
    letter = Letter.objects.get()

    with pytest.raises(StaleError):
        retry_letter(letter, by=chen, now=at(10))
    with pytest.raises(StaleError):
        cancel_letter(letter, by=chen)
    assert Reminder.objects.filter(state=ReminderState.WAITING).count() == 2
