"""The calendar file: what a phone reads is what was meant, whatever stands in a title."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from pledges.actions.feeds import make_feed
from pledges.choices import Basis, CampaignKind, Language
from pledges.exports import calendars
from pledges.exports.calendars import CONTENT_TYPE, render
from pledges.models import Milestone, User
from pledges.queries import feeds as queries
from pledges.queries.feeds import deadlines_in
from tests.cast import CampaignFactory, PledgeFactory, accepted

DAY = date(2022, 7, 1)
NOW = datetime(2022, 7, 1, 2, tzinfo=UTC)


@pytest.fixture
def feed(li):
    """A leader's feed of everything, in English."""
    li.language = Language.ENGLISH
    li.save()
    return make_feed(li)[0]


def events(content: bytes) -> list:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def read(feed, day=DAY) -> list:
    return events(render(feed, deadlines_in(feed, day=day), now=NOW))


def test_an_event_says_what_is_due_how_it_stands_and_where(settings, feed, pledge, lin, chen):
    settings.PUBLIC_BASE_URL = "https://plan.example.gov.cn"
    accepted(pledge, as_of=date(2022, 6, 30), value=10, reviewer=chen, author=lin)
    (event,) = read(feed)

    assert event["summary"] == f"Alert: {pledge.number} {pledge.title}, 100 家"
    assert event.decoded("dtstart") == date(2022, 12, 31)
    assert event["dtstart"].to_ical() == b"20221231"
    assert event.decoded("dtend") == date(2023, 1, 1)
    assert event["url"] == f"https://plan.example.gov.cn/pledges/{pledge.code}/"
    assert event["uid"] == f"milestone-{pledge.milestones.get().pk}@plan.example.gov.cn"
    assert (event["categories"].to_ical(), event["transp"]) == (b"Alert", "TRANSPARENT")
    office, goal, standing, link = event["description"].splitlines()
    assert (office, link) == ("金融办", event["url"])
    assert goal == "100 家 by 31 December: Not yet due."
    assert standing.startswith("As of 1 July the pledge is at “Alert”: ")
    assert "turns it green" in standing


def test_the_calendar_has_a_name_and_asks_again_every_hour(feed, finance, chen, pledge):
    told = Calendar.from_ical(render(feed, [], now=NOW))
    office = Calendar.from_ical(render(make_feed(chen, finance)[0], [], now=NOW))

    assert told["x-wr-calname"] == told["name"] == "Deadlines: 李市长"
    assert "金融办" in office["x-wr-calname"]
    assert told["refresh-interval"].dt == timedelta(hours=1)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in render(feed, [], now=NOW)
    assert (told["x-published-ttl"], told["method"]) == ("PT1H", "PUBLISH")
    assert CONTENT_TYPE == "text/calendar; charset=utf-8"


def test_a_moved_deadline_is_the_same_event_and_a_later_version(feed, pledge):
    (before,) = read(feed)
    Milestone.objects.filter(pledge=pledge).update(due=date(2022, 11, 30))
    (after,) = read(feed, DAY + timedelta(days=1))

    assert before["uid"] == after["uid"]
    assert before["sequence"] < after["sequence"]
    assert after.decoded("dtstart") == date(2022, 11, 30)


def test_a_deadline_that_was_met_is_done_whatever_comes_after_it(feed, campaign, finance, lin, chen):
    pledge = PledgeFactory(
        campaign=campaign, department=finance, stones=[(date(2022, 6, 30), 40), (date(2022, 12, 31), 200)]
    )
    accepted(pledge, as_of=date(2022, 6, 29), value=40, reviewer=chen, author=lin)
    met, ahead = read(feed)

    assert (met["categories"].to_ical(), ahead["categories"].to_ical()) == (b"Done", b"On track")
    assert met["summary"].startswith("Done: ")
    assert ": Met on time.\n" in met["description"]


def test_a_rate_that_fell_again_stays_met_where_it_was_met(feed, campaign, finance, lin, chen):
    stones = [(date(2022, 6, 30), 5), (date(2022, 12, 31), 8)]
    pledge = PledgeFactory(campaign=campaign, department=finance, basis=Basis.GROWTH, unit="%", stones=stones)
    accepted(pledge, as_of=date(2022, 6, 30), value=6, reviewer=chen, author=lin)
    accepted(pledge, as_of=date(2022, 7, 31), value=3, reviewer=chen, author=lin)
    met, _ahead = read(feed, date(2022, 8, 1))

    assert met["summary"].startswith("Done: ")


def test_a_missed_deadline_says_so(feed, campaign, finance):
    PledgeFactory(
        campaign=campaign,
        department=finance,
        basis=Basis.DELIVERABLE,
        unit="",
        stones=[(date(2022, 6, 1), None)],
    )
    (event,) = read(feed)

    assert event["summary"].startswith("Alert: ")
    assert ": Missed.\n" in event["description"]


def test_invented_campaigns_are_marked_in_every_title(feed):
    PledgeFactory(campaign=CampaignFactory(kind=CampaignKind.REHEARSAL))
    PledgeFactory(campaign=CampaignFactory(kind=CampaignKind.REAL))

    assert sorted(event["summary"].startswith("[Rehearsal] ") for event in read(feed)) == [False, True]


def test_the_owner_reads_their_own_language(feed, pledge, li):
    english = read(feed)[0]["description"]
    User.objects.filter(pk=li.pk).update(language=Language.CHINESE)
    feed.owner.refresh_from_db()

    assert english != read(feed)[0]["description"]


HOSTILE = [
    ("a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:b", "a END:VEVENT BEGIN:VEVENT SUMMARY:b"),
    ("a\nb", "a b"),
    ("a\u2028b\u2029c\x85d", "a b c d"),
    ("a;b,c:d\\e\\nf\"g'h", "a;b,c:d\\e\\nf\"g'h"),
    ("a\x00\x1b[31m\x07b", "a[31mb"),
    ("庆祝🎉👨‍👩‍👧", "庆祝🎉👨‍👩‍👧"),
    ("<b>&amp;%s%(x)s{{ 7 }}", "<b>&amp;%s%(x)s{{ 7 }}"),
    ("新增🎉" * 60, "新增🎉" * 60),
    ("长" * 200, "长" * 200),
    ("x" * 200, "x" * 200),
]


@pytest.mark.parametrize("typed, meant", HOSTILE)
def test_a_title_is_a_title_whatever_stands_in_it(feed, pledge, typed, meant):
    deadlines = deadlines_in(feed, day=DAY)
    for deadline in deadlines:  # not stored: one database refuses what the other takes
        deadline.line.pledge.title = typed
        deadline.line.pledge.department.name = typed
    content = render(feed, deadlines, now=NOW)
    (event,) = events(content)

    assert event["summary"] == f"Not due, not reported: {pledge.number} {meant}, 100 家"
    assert event["description"].splitlines()[0] == meant
    assert {name for name, _value in event.property_items() if name not in {"BEGIN", "END"}} == PROPERTIES
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    # No character is cut in two by the folding, and no line ends otherwise.
    assert [line.decode() for line in content.split(b"\r\n")]
    assert (b"\n" in content.replace(b"\r\n", b""), b"\r" in content.replace(b"\r\n", b"")) == (False, False)


PROPERTIES = {
    *("UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "CATEGORIES", "TRANSP"),
}  # fmt: skip


def test_of_too_many_deadlines_the_nearest_are_told_and_the_calendar_says_so(
    feed, campaign, finance, monkeypatch
):
    days = [date(2022, 5, 1), date(2022, 6, 1), date(2022, 7, 1), date(2022, 8, 1)]
    for day in days:
        PledgeFactory(campaign=campaign, department=finance, stones=[(day, 100)])
    for module in (queries, calendars):
        monkeypatch.setattr(module, "MOST_DEADLINES", 3)
    content = render(feed, deadlines_in(feed, day=DAY), now=NOW)

    assert [event.decoded("dtstart") for event in events(content)] == days[1:]
    assert "x-wr-caldesc" in Calendar.from_ical(content)
