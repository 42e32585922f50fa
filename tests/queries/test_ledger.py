"""The ledger: whose letters they are, what is in trouble and why, and what comes if nothing is said."""

from datetime import date, timedelta

import pytest
from django.db.models import Exists, OuterRef

from pledges.actions.letters import gather_letters
from pledges.actions.reminders import plan_reminders
from pledges.choices import CampaignKind, LetterState, Occasion, ReminderState, Role
from pledges.models import Campaign, Letter, Membership, Reminder, User
from pledges.queries.facts import judged_one
from pledges.queries.ledger import (
    Gap,
    is_troubled,
    letters_of,
    letters_seen_by,
    lines_of,
    reminders_of,
    rows_of,
    told_about,
    totals_of,
    trouble_of,
    warnings_of,
    worst_of,
)
from pledges.queries.notices import coming_notices
from pledges.queries.workdays import office_calendar
from pledges.rules.workdays import Calendar
from tests.cast import CampaignFactory, PledgeFactory, accepted, person
from tests.kit.letters import MORNING, a_letter, a_line

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
KNOWN = Calendar(known_years=frozenset({2022, 2023}))


def warned(campaign, calendar=KNOWN, now=MORNING):
    """Everything that stands on top of the ledger."""
    letters = rows_of(worst_of(campaign, now=now), campaign, now=now)
    return warnings_of(campaign, letters, calendar, day=now.date())


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


def test_departments_with_open_pledges_and_nobody_to_tell(campaign, pledge, finance, elsewhere, wu):
    PledgeFactory(campaign=campaign, department=elsewhere)

    assert warned(campaign).gaps == [Gap("jinrong", "金融办", 1)]


def _leaves(lin):
    User.objects.filter(pk=lin.pk).update(is_active=False)


def _stands_back(lin):
    Membership.objects.filter(user=lin).update(is_reminded=False)


def _changes_post(lin):
    Membership.objects.filter(user=lin).update(role=Role.HEAD)


@pytest.mark.parametrize("happens", [_leaves, _stands_back, _changes_post])
def test_somebody_is_to_be_told_only_while_they_report_and_get_letters(campaign, pledge, lin, happens):
    assert warned(campaign).gaps == []

    happens(lin)

    assert [gap.code for gap in warned(campaign).gaps] == ["jinrong"]


def test_a_department_whose_pledges_are_done_needs_nobody(campaign, pledge, chen, lin):
    accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)
    _stands_back(lin)

    assert warned(campaign).gaps == []


@pytest.mark.parametrize(
    "changes, found",
    [
        ({}, False),
        ({"email": ""}, True),
        ({"refused_email": "lin@example.com"}, True),
        ({"refused_email": "old@example.com"}, False),
        ({"email": "", "is_active": False}, False),
    ],
)
def test_people_whose_address_does_not_work(campaign, pledge, lin, changes, found):
    User.objects.filter(pk=lin.pk).update(**changes)

    assert [each.person for each in warned(campaign).people] == ([lin] if found else [])


def test_leaders_read_letters_too_reviewers_and_other_departments_do_not(campaign, pledge, li, chen, wu, lin):
    User.objects.update(email="")

    assert {each.person for each in warned(campaign).people} == {li, lin}


@pytest.mark.parametrize(
    "known, years", [({2022, 2023}, []), ({2022}, [2023]), ({2023}, [2022]), (set(), [2022, 2023])]
)
def test_the_years_whose_holidays_nobody_has_entered(campaign, finance, lin, known, years):
    # The last one is farther away than a year: nobody need know its holidays yet.
    stones = [(date(2022, 12, 31), 1), (date(2023, 3, 31), 2), (date(2024, 3, 31), 3)]
    PledgeFactory(campaign=campaign, department=finance, stones=stones)

    found = warned(campaign, Calendar(known_years=frozenset(known)))

    assert found.years == years


def test_a_campaign_that_is_long_over_warns_of_nothing_but_its_letters(pledge, campaign, lin):
    a_line(pledge, lin, a_letter(lin, LetterState.FAILED))
    _stands_back(lin)

    found = warned(campaign, Calendar(), now=MORNING + timedelta(days=365))

    assert (len(found.letters), found.gaps, found.people, found.years) == (1, [], [], [])


@pytest.mark.parametrize("number", [1, 3])
def test_the_warnings_cost_the_same_for_one_and_three(
    campaign, pledge, lin, number, django_assert_num_queries
):
    for _ in range(number):
        a_line(pledge, lin, a_letter(lin, LetterState.FAILED))
        PledgeFactory(campaign=campaign)

    with django_assert_num_queries(6):
        warned(campaign)


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


def coming(pledge, today, **more):
    return [
        (notice.occasion, notice.step, notice.letter_on)
        for notice in coming_notices(judged_one(pledge, today=today), office_calendar(), **more)
    ]


def test_the_notices_to_come_are_the_steps_of_the_ladder_then_those_of_delay(campaign, finance):
    pledge = PledgeFactory(campaign=campaign, department=finance, unit="", basis="deliverable", stones=[(date(2022, 6, 30), None)])  # fmt: skip

    assert coming(pledge, date(2022, 6, 24), limit=9) == [
        (Occasion.AHEAD, 3, date(2022, 6, 27)),
        (Occasion.AHEAD, 1, date(2022, 6, 29)),
        (Occasion.AHEAD, 0, date(2022, 6, 30)),
        (Occasion.OVERDUE, None, date(2022, 7, 1)),
        (Occasion.ESCALATED, None, date(2022, 7, 5)),
        (Occasion.DIGEST, None, date(2022, 7, 18)),
    ]


def test_what_is_done_gets_no_more_notices(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)

    assert coming(pledge, date(2022, 7, 1)) == []


def test_a_plan_made_for_measuring_gets_no_notices(pledge):
    Campaign.objects.filter(pk=pledge.campaign_id).update(kind=CampaignKind.SYNTHETIC)
    pledge.campaign.refresh_from_db()

    assert coming(pledge, date(2022, 12, 1)) == []


@pytest.mark.parametrize("today", [date(2022, 6, 24), date(2022, 12, 29)])
def test_what_the_page_foretells_is_what_planning_does(campaign, finance, lin, sun, li, today):
    pledge = PledgeFactory(
        campaign=campaign, department=finance, stones=[(date(2022, 6, 30), 50), (date(2022, 12, 31), 100)]
    )
    foretold = [each for each in coming(pledge, today, limit=99) if each[2] <= today + 40 * DAY]
    plan_reminders(today=today)
    told = set(Reminder.objects.values_list("pk", flat=True))

    played = {}
    for ahead in range(1, 41):
        day = today + ahead * DAY
        plan_reminders(today=day)
        for found in (
            Reminder.objects.exclude(pk__in=told).exclude(state=ReminderState.SKIPPED).order_by("pk")
        ):
            played.setdefault((Occasion(found.occasion), found.due, found.step), found.letter_on)
            told.add(found.pk)

    assert sorted(((occasion, step or 0, day) for occasion, step, day in foretold), key=str) == sorted(
        ((occasion, step or 0, day) for (occasion, _due, step), day in played.items()), key=str
    )


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


def test_a_head_without_a_letter_is_not_the_reporters_gap(campaign, pledge, finance):
    person("head", "主任", Role.HEAD, finance)

    assert [gap.code for gap in warned(campaign).gaps] == ["jinrong"]
