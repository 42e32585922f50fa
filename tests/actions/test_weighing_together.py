"""Letters of a batch are weighed together: few queries, never by stale facts, none by another's fault."""

from datetime import timedelta

import pytest

from pledges.actions import post as room
from pledges.actions.letters import gather_letters
from pledges.actions.reminders import plan_reminders
from pledges.choices import ReminderState, ReportState, Role
from pledges.models import Letter, Membership, Reminder
from pledges.queries.letters import Known, Office, content_of
from pledges.queries.workdays import office_calendar
from tests.cast import PledgeFactory, ReportFactory, accepted, person
from tests.kit.posting import TODAY, at, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(campaign, finance, late_pledge, lin):
    """Three letters that wait."""
    for name in ("feng", "he"):
        person(name, name, Role.REPORTER, finance)
    plan_reminders(today=TODAY)
    gather_letters(now=at(9))
    return list(Letter.objects.select_related("recipient").order_by("pk"))


def test_more_letters_need_no_more_queries(three, django_assert_num_queries, django_assert_max_num_queries):
    office = Office.on(TODAY, office_calendar())
    with django_assert_max_num_queries(12) as one:
        Known.about(three[:1], office)

    with django_assert_num_queries(len(one)):
        Known.about(three, office)


def test_weighed_together_or_alone_a_letter_says_the_same(three, campaign, finance, elsewhere, lin, chen):
    other = PledgeFactory(campaign=campaign, department=elsewhere)
    ReportFactory(pledge=other, author=lin, as_of=TODAY, state=ReportState.SUBMITTED)
    mine = PledgeFactory(campaign=campaign, department=finance)
    waits = ReportFactory(pledge=mine, author=lin, as_of=TODAY, state=ReportState.SUBMITTED)
    Membership.objects.filter(user=three[1].recipient).delete()
    office = Office.on(TODAY, office_calendar())
    known = Known.about(three, office)

    for letter in three:
        together, alone = content_of(letter, office, known), content_of(letter, office)
        assert (together.sections.keys(), together.dropped) == (alone.sections.keys(), alone.dropped)
        assert [report for _line, report in together.waiting] == [report for _line, report in alone.waiting]
    assert [report for _line, report in content_of(three[0], office, known).waiting] == [waits]
    assert content_of(three[1], office, known).waiting == []


@pytest.mark.parametrize("fresh, told", [(0, 1), (999, 3)])
def test_facts_that_grow_stale_are_asked_anew(three, lin, chen, monkeypatch, fresh, told):
    """With facts that are never stale, its twin, letters go out about what is done."""
    monkeypatch.setattr(room, "FRESH_S", fresh)
    honest = room.Post.send

    def slowly(post, letter, content, *, now):
        honest(post, letter, content, now=now)
        if letter.pk == three[0].pk:
            pledge = Reminder.objects.filter(letter=letter)[0].pledge
            accepted(pledge, as_of=TODAY, value=1, author=lin, reviewer=chen)

    monkeypatch.setattr(room.Post, "send", slowly)

    assert send()["sent"] == told
    assert Reminder.objects.filter(state=ReminderState.TOLD).count() == told


def test_one_that_cannot_be_weighed_does_not_hold_up_the_others(three, campaign, monkeypatch):
    broken = PledgeFactory(campaign=campaign, department=three[0].recipient.memberships.get().department)
    reminder = Reminder.objects.get(letter=three[0])
    Reminder.objects.filter(pk=reminder.pk).update(pledge=broken)
    honest = room.Known.about.__func__
    asked = []

    def judging(kind, letters, office):
        asked.append(len(list(letters)))
        known = honest(kind, letters, office)
        if broken.pk in known.lines:
            raise ZeroDivisionError
        return known

    monkeypatch.setattr("pledges.queries.letters.Known.about", classmethod(judging))

    assert send() == {"queued": 1, "sent": 2}
    assert asked == [3, 1, 1, 1]
    three[0].refresh_from_db()
    assert three[0].next_try_at == at(9) + timedelta(minutes=1)
