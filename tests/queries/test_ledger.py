"""The ledger of letters of a campaign: what is counted, and what is in trouble and why."""

from datetime import date, timedelta

import pytest
from django.db.models import Exists, OuterRef

from pledges.actions.letters import gather_letters
from pledges.actions.reminders import plan_reminders
from pledges.choices import LetterState, Occasion, ReminderState
from pledges.models import Letter, Reminder, User
from pledges.queries.ledger import (
    is_troubled,
    letters_of,
    letters_seen_by,
    lines_of,
    reminders_of,
    rows_of,
    told_about,
    totals_of,
    trouble_of,
)
from tests.cast import CampaignFactory, PledgeFactory
from tests.kit.letters import DAY, MORNING, a_letter, a_line

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def other(finance):
    """A pledge of another campaign."""
    return PledgeFactory(campaign=CampaignFactory(code="other"), department=finance)


def test_a_letter_counts_where_it_tells_something(campaign, pledge, other, lin):
    ours, both, theirs = a_letter(lin), a_letter(lin), a_letter(lin)
    for letter in (ours, both):
        a_line(pledge, lin, letter)
    for letter in (both, theirs):
        a_line(other, lin, letter)

    assert set(letters_of(campaign)) == {ours, both}
    assert set(letters_of(other.campaign)) == {both, theirs}


def test_only_the_lines_of_the_campaign_are_counted(campaign, pledge, other, lin):
    letter = a_letter(lin)
    for occasion in (Occasion.OVERDUE, Occasion.OVERDUE, Occasion.CYCLE):
        a_line(pledge, lin, letter, occasion=occasion)
    a_line(other, lin, letter)

    (row,) = rows_of([letter], campaign, now=MORNING)

    assert row.counts == [(Occasion.OVERDUE, 2), (Occasion.CYCLE, 1)]


def test_an_expired_letter_stays_where_its_reader_is_told_things(campaign, pledge, other, lin, wu):
    expired, foreign = a_letter(lin, LetterState.EXPIRED), a_letter(wu, LetterState.EXPIRED)
    a_line(pledge, lin)

    assert set(letters_of(campaign)) == {expired}
    assert set(letters_of(other.campaign)) == set()
    assert foreign.recipient == wu


def test_an_expired_letter_that_kept_a_line_stays_with_it(campaign, pledge, other, lin):
    expired = a_letter(lin, LetterState.EXPIRED)
    a_line(pledge, lin, expired, ReminderState.DROPPED)
    a_line(other, lin)

    assert (set(letters_of(campaign)), set(letters_of(other.campaign))) == ({expired}, set())


@pytest.mark.parametrize(
    "state, more, trouble",
    [
        (LetterState.SENT, {}, ""),
        (LetterState.SENT, {"ambiguous": 1}, "unclear"),
        (LetterState.SENT, {"ambiguous": 1, "at": MORNING - DAY}, ""),
        (LetterState.QUEUED, {}, ""),
        (LetterState.QUEUED, {"at": MORNING - 9 * MINUTE}, ""),
        (LetterState.QUEUED, {"at": MORNING - 10 * MINUTE}, "late"),
        (LetterState.QUEUED, {"at": MORNING - 10 * MINUTE, "ambiguous": 1}, "unclear"),
        (LetterState.SENDING, {"at": MORNING - 11 * MINUTE}, "late"),
        (LetterState.FAILED, {"smtp_code": 550}, "refused"),
        (LetterState.FAILED, {"smtp_code": 451}, "failed"),
        (LetterState.FAILED, {"at": MORNING - 40 * DAY}, "failed"),
        (LetterState.HELD, {}, "held"),
        (LetterState.EXPIRED, {"at": MORNING - DAY}, "expired"),
        (LetterState.DROPPED, {}, ""),
        (LetterState.CANCELLED, {}, ""),
    ],
)
def test_what_is_in_trouble_is_found_and_named(lin, state, more, trouble):
    letter = a_letter(lin, state, **more)

    assert trouble_of(letter, MORNING) == trouble
    assert Letter.objects.filter(is_troubled(MORNING)).exists() == bool(trouble)


def test_a_person_without_an_address_is_named_as_that(lin):
    User.objects.filter(pk=lin.pk).update(email="")
    lin.refresh_from_db()

    assert trouble_of(a_letter(lin, LetterState.FAILED), MORNING) == "no_address"


def test_an_address_that_was_refused_before_is_named_as_that(lin):
    User.objects.filter(pk=lin.pk).update(refused_email=lin.email)
    lin.refresh_from_db()

    assert trouble_of(a_letter(lin, LetterState.FAILED), MORNING) == "refused"


def test_an_expired_letter_is_no_trouble_once_a_later_one_has_left(lin, wu):
    a_letter(lin, LetterState.EXPIRED, at=MORNING - DAY)
    troubled = Letter.objects.filter(is_troubled(MORNING))

    a_letter(wu)
    a_letter(lin, LetterState.QUEUED)
    assert troubled.count() == 1

    a_letter(lin)
    assert troubled.count() == 0


def test_an_expired_letter_that_somebody_noted_is_no_trouble(lin, chen):
    a_letter(lin, LetterState.EXPIRED, at=MORNING - DAY, handled_by=chen)

    assert not Letter.objects.filter(is_troubled(MORNING)).exists()


@pytest.mark.parametrize(
    "state, retry, cancel",
    [
        (LetterState.QUEUED, False, True),
        (LetterState.SENDING, False, False),
        (LetterState.SENT, False, False),
        (LetterState.FAILED, True, True),
        (LetterState.HELD, True, True),
        (LetterState.EXPIRED, True, False),
        (LetterState.CANCELLED, False, False),
    ],
)
def test_a_letter_offers_what_can_be_done_with_it(campaign, lin, state, retry, cancel):
    (row,) = rows_of([a_letter(lin, state)], campaign, now=MORNING)

    assert (row.may_retry, row.may_cancel) == (retry, cancel)


def test_the_totals_are_those_of_the_lists(campaign, pledge, other, lin):
    for state in (LetterState.SENT, LetterState.FAILED):
        a_line(pledge, lin, a_letter(lin, state))
    a_line(other, lin, a_letter(lin, LetterState.HELD))
    for state in (ReminderState.SKIPPED, ReminderState.DROPPED, ReminderState.WAITING):
        a_line(pledge, lin, None, state)

    found = totals_of(campaign, now=MORNING)

    assert (found.letters, found.troubled) == (2, letters_of(campaign).filter(is_troubled(MORNING)).count())
    assert (found.waiting, found.untold) == (2, 2)
    assert reminders_of(campaign).count() == 5


def test_the_city_opens_every_letter_others_their_own(lin, wu):
    own, foreign = a_letter(lin), a_letter(wu)

    assert set(letters_seen_by(lin, everybody=False)) == {own}
    assert set(letters_seen_by(lin, everybody=True)) == {own, foreign}


def test_the_lines_of_a_letter_stand_in_its_order(pledge, lin):
    letter = a_letter(lin)
    occasions = [Occasion.CYCLE, Occasion.AHEAD, Occasion.NUDGE, Occasion.OVERDUE]
    for occasion in occasions:
        a_line(pledge, lin, letter, occasion=occasion)

    found = [line.occasion for line in lines_of(letter)]

    assert found == [Occasion.NUDGE, Occasion.OVERDUE, Occasion.AHEAD, Occasion.CYCLE]


def test_who_was_told_about_a_pledge_newest_first_and_up_to_the_day(pledge, other, lin):
    early = a_line(pledge, lin, letter_on=date(2022, 6, 1))
    late = a_line(pledge, lin, letter_on=date(2022, 7, 1))
    a_line(other, lin)

    assert list(told_about(pledge, until=date(2022, 7, 1))) == [late, early]
    assert list(told_about(pledge, until=date(2022, 6, 30))) == [early]


def test_planned_reminders_reach_the_ledger(campaign, finance, lin):
    PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 7, 8), 100)])
    plan_reminders(today=MORNING.date())
    gather_letters(now=MORNING)

    (row,) = rows_of(letters_of(campaign), campaign, now=MORNING)

    assert (row.letter.recipient, row.counts, row.trouble) == (lin, [(Occasion.AHEAD, 1)], "")


def test_without_its_second_half_the_rule_would_lose_expired_letters(campaign, pledge, lin):
    """The twin of the expired letter: counted by its lines alone it is in nobody's ledger."""
    a_letter(lin, LetterState.EXPIRED)
    a_line(pledge, lin)
    own = Exists(Reminder.objects.filter(letter=OuterRef("pk"), campaign=campaign))

    assert (Letter.objects.filter(own).count(), letters_of(campaign).count()) == (0, 1)
