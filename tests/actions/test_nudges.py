"""Urging by hand: who may, what can be urged, once a day whoever urges, and who is told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from pledges.actions import nudges
from pledges.actions.letters import gather_letters
from pledges.choices import CampaignKind, Dropped, Occasion, ReminderState, ReportState, Role
from pledges.errors import StaleError
from pledges.models import Campaign, Letter, Membership, Nudge, Pledge, Reminder
from pledges.queries.duties import taking_reports
from pledges.queries.letters import Office, content_of
from pledges.queries.nudges import Choice, Hindrance, latest_nudges, takes_reports
from pledges.queries.recipients import Roster
from pledges.queries.workdays import office_calendar
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, ReportFactory, accepted, person
from tests.kit.urging import MONDAY, SATURDAY, at, urge, weigh

pytestmark = pytest.mark.usefixtures("monday")


def test_an_urging_is_a_row_and_a_reminder_for_each_who_reports(pledge, lin, chen, finance):
    other = person("he", "何会计", Role.REPORTER, finance)

    urged = urge(pledge, by=chen, words=" 请抓紧 ")

    [nudge] = urged.nudges
    assert (nudge.pledge, nudge.by, nudge.words, nudge.day) == (pledge, chen, "请抓紧", MONDAY)
    assert (urged.people, urged.left_out) == ([lin, other], [])
    told = Reminder.objects.order_by("pk").values_list("occasion", "nudge", "recipient", "letter_on", "state")
    assert list(told) == [
        (Occasion.NUDGE, nudge.pk, who.pk, MONDAY, ReminderState.WAITING) for who in (lin, other)
    ]


def test_nothing_is_sent_while_urging_and_the_next_gathering_makes_the_letter(pledge, lin, chen, mailoutbox):
    urge(pledge, by=chen)
    assert (Letter.objects.count(), mailoutbox) == (0, [])

    gather_letters(now=at(MONDAY, 11))

    letter = Letter.objects.get()
    assert (letter.recipient, Reminder.objects.get().letter) == (lin, letter)


def test_on_a_day_of_rest_the_letter_waits_for_the_next_working_day(pledge, lin, chen, time_machine):
    time_machine.move_to(at(SATURDAY))

    urge(pledge, by=chen, today=SATURDAY)

    assert Reminder.objects.get().letter_on == MONDAY
    assert gather_letters(now=at(SATURDAY, 11)) == 0


@pytest.mark.parametrize("role", ["chen", "li", "boss"])
def test_reviewers_leaders_and_administrators_urge(pledge, lin, role, request):
    assert len(urge(pledge, by=request.getfixturevalue(role)).nudges) == 1


@pytest.mark.parametrize("role", ["lin", "wu", "sun"])
def test_reporters_and_heads_do_not(pledge, lin, role, request):
    with pytest.raises(PermissionDenied):
        urge(pledge, by=request.getfixturevalue(role))

    assert Nudge.objects.count() == 0


def test_what_is_done_is_not_urged(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)

    with pytest.raises(StaleError):
        urge(pledge, by=chen)

    assert (weigh(pledge), Nudge.objects.count()) == ([Hindrance.DONE], 0)


def test_what_waits_for_review_is_not_urged(pledge, lin, chen):
    ReportFactory(pledge=pledge, author=lin)

    with pytest.raises(StaleError, match="林会计"):
        urge(pledge, by=chen)

    assert (weigh(pledge), Nudge.objects.count()) == ([Hindrance.WAITING], 0)


def test_a_shared_pledge_waits_with_the_number_it_shares(pledge, lin, wu, chen, elsewhere):
    share = PledgeFactory(campaign=pledge.campaign, department=elsewhere, shared_with=pledge)
    assert weigh(share) == [None]

    ReportFactory(pledge=pledge, author=lin)

    assert weigh(share) == [Hindrance.WAITING]


def test_where_nobody_is_told_nothing_is_urged(pledge, chen):
    with pytest.raises(StaleError, match="金融办"):
        urge(pledge, by=chen)

    assert weigh(pledge) == [Hindrance.NOBODY]


@pytest.mark.parametrize(
    "day, hindrance",
    [
        (date(2021, 12, 31), Hindrance.CLOSED),
        (date(2022, 1, 1), None),
        (date(2023, 4, 2), None),
        (date(2023, 4, 3), Hindrance.CLOSED),
    ],
)
def test_only_while_the_campaign_takes_reports(pledge, lin, day, hindrance):
    assert weigh(pledge, day=day) == [hindrance]


@pytest.mark.parametrize("kind", CampaignKind)
def test_one_campaign_and_all_of_them_are_asked_the_same(db, kind):
    campaign = CampaignFactory(kind=kind)
    days = [
        campaign.starts_on + timedelta(days=ahead)
        for first in (0, 364, 364 + 92)
        for ahead in range(first - 2, first + 3)
    ]

    assert [takes_reports(campaign, day=day) for day in days] == [
        campaign in taking_reports(day) for day in days
    ]


def test_a_pledge_is_urged_once_a_day_whoever_urges(pledge, lin, chen, li, time_machine):
    urge(pledge, by=li)

    with pytest.raises(StaleError, match="李市长"):
        urge(pledge, by=chen)
    assert Nudge.objects.count() == 1

    time_machine.move_to(at(date(2022, 7, 5)))
    urge(pledge, by=chen, today=date(2022, 7, 5))
    assert [nudge.by for nudge in Nudge.objects.order_by("pk")] == [li, chen]
    assert latest_nudges([pledge.pk], day=MONDAY)[pledge.pk].by == li


def test_what_can_be_urged_is_urged_and_the_rest_is_named(campaign, finance, lin, chen, li):
    one, two, three = (PledgeFactory(campaign=campaign, department=finance) for _ in range(3))
    urge(one, by=li)
    ReportFactory(pledge=two, author=lin)

    urged = urge(one, two, three, by=chen)

    assert [nudge.pledge for nudge in urged.nudges] == [three]
    assert [(left.pledge, left.hindrance) for left in urged.left_out] == [
        (one, Hindrance.URGED),
        (two, Hindrance.WAITING),
    ]
    assert Reminder.objects.count() == 2


def test_over_a_hundred_at_a_time_are_refused(campaign, lin, chen, monkeypatch):
    monkeypatch.setattr(nudges, "MOST_AT_ONCE", 2)
    some = [PledgeFactory(campaign=campaign, department=lin.memberships.get().department) for _ in range(3)]

    with pytest.raises(ValidationError):
        urge(*some, by=chen)
    assert Nudge.objects.count() == 0

    assert len(urge(*some[:2], by=chen).nudges) == 2


def test_over_the_limit_of_an_hour_one_waits(campaign, finance, lin, chen, li, monkeypatch, time_machine):
    monkeypatch.setattr(nudges, "MOST_AN_HOUR", 2)
    one, two, three = (PledgeFactory(campaign=campaign, department=finance) for _ in range(3))
    urge(one, two, by=chen)

    with pytest.raises(ValidationError, match="11:00"):
        urge(three, by=chen)
    assert Nudge.objects.count() == 2

    time_machine.move_to(at(MONDAY, 11) + timedelta(minutes=1))
    assert len(urge(three, by=chen).nudges) == 1
    assert len(urge(PledgeFactory(campaign=campaign, department=finance), by=li).nudges) == 1


def test_the_deputy_is_told_in_the_place_of_who_is_away(pledge, lin, chen, finance):
    deputy = person("he", "何会计", Role.REPORTER, finance)
    Membership.objects.filter(user=deputy).update(is_reminded=False)
    lin.leaves.create(deputy=deputy, since=MONDAY, until=MONDAY)

    assert urge(pledge, by=chen).people == [deputy]

    reminder = Reminder.objects.get()
    assert (reminder.recipient, reminder.on_behalf_of) == (deputy, lin)


def test_one_who_pauses_is_urged_all_the_same(pledge, lin, chen):
    lin.paused_until = MONDAY
    lin.save()

    assert urge(pledge, by=chen).people == [lin]
    assert gather_letters(now=at(MONDAY, 11)) == 1


def test_who_reports_meanwhile_is_not_written_to(pledge, lin, chen, time_machine):
    urge(pledge, by=chen)
    gather_letters(now=at(MONDAY, 11))
    time_machine.move_to(at(MONDAY, 12))
    ReportFactory(pledge=pledge, author=lin, submitted_at=timezone.now())

    content = content_of(Letter.objects.get(), Office.on(MONDAY, office_calendar()))

    assert (content.sections, list(content.dropped.values())) == ({}, [Dropped.REPORTED])


@pytest.mark.parametrize("number", [1, 3])
def test_to_weigh_costs_the_same_for_one_and_three(campaign, lin, chen, number, django_assert_num_queries):
    for _ in range(number):
        department = DepartmentFactory()
        Membership.objects.create(user=lin, role=Role.REPORTER, department=department)
        ReportFactory(
            pledge=PledgeFactory(campaign=campaign, department=department),
            author=lin,
            state=ReportState.RETURNED,
            reviewer=chen,
            reviewed_at=at(MONDAY),
            return_reason="附名单",
        )
        Nudge.objects.create(pledge=campaign.pledges.last(), by=chen, day=MONDAY)
    roster = Roster.on(MONDAY)

    with django_assert_num_queries(5):  # pledges, milestones, figures, newest reports, urgings
        assert {each.hindrance for each in Choice.of(campaign.pledges.all(), roster=roster).candidates} == {
            Hindrance.URGED
        }


def test_a_campaign_made_for_measuring_urges_nobody(pledge, lin, chen):
    Campaign.objects.update(kind=CampaignKind.SYNTHETIC)

    with pytest.raises(StaleError):
        urge(pledge, by=chen)


@pytest.mark.parametrize("number, named", [(3, 3), (5, 3)])
def test_of_many_that_were_left_out_the_first_are_named_and_the_others_counted(
    campaign, finance, chen, number, named
):
    pledges = [PledgeFactory(campaign=campaign, department=finance) for _ in range(number)]
    left_out = Choice.of(Pledge.objects.all(), roster=Roster.on(MONDAY)).left_out  # nobody reports for them

    words = nudges.left_out_words(left_out)

    assert sum(pledge.number in words for pledge in pledges) == named
    assert (str(number - named) in words.replace("14-", "")) or number == named
