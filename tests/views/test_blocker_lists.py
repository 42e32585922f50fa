"""Blockers in lists, in “my work” and in the briefing: every number is right and opens what it counts."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from icalendar import Calendar

from pledges.actions.blockers import remove_blocker
from pledges.actions.feeds import make_feed
from pledges.choices import CampaignKind, Role
from pledges.models import Membership
from pledges.queries.bulletin import draft_of
from tests.cast import CampaignFactory, PledgeFactory
from tests.kit.blockers import DAY, MONDAY, WORK, lists, remove, stand, words_of

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def blocker(pledge, lin):
    return stand(pledge, lin)


@pytest.fixture
def five(campaign, finance, elsewhere, lin, wu, chen, time_machine):
    """In the way of the finance office: overdue, in time, removed, and one for others; the fifth is elsewhere's own."""
    ours = PledgeFactory(campaign=campaign, department=finance)
    theirs = PledgeFactory(campaign=campaign, department=elsewhere)
    made = {
        "overdue": stand(ours, lin, weakness="甲", days=1),
        "later": stand(ours, lin, weakness="乙", days=9),
        "removed": stand(ours, lin, weakness="丙", days=3),
        "foreign": stand(ours, lin, weakness="丁", days=5, department=elsewhere),
        "theirs": stand(theirs, wu, weakness="戊", days=4),
    }
    remove_blocker(made["removed"], by=chen, outcome="已办")
    time_machine.shift(2 * DAY)
    return made


def names_on(page, made):
    names = {blocker.pk: name for name, blocker in made.items()}
    return [names[hitch.blocker.pk] for hitch in page.context["rows"]]


@pytest.mark.parametrize("name", ["blocker-list", "blocker-paper"])
def test_everybody_sees_their_own_the_longest_overdue_on_top(
    sign, campaign, five, chen, lin, wu, sun, li, name
):
    shown = {
        each.username: names_on(sign(each).get(lists(campaign, name=name)), five)
        for each in (chen, li, lin, sun, wu)
    }
    everything, ours = (
        ["overdue", "theirs", "foreign", "later", "removed"],
        ["overdue", "foreign", "later", "removed"],
    )

    assert shown == {
        "chen": everything,
        "li": everything,
        "lin": ours,
        "sun": ours,
        "wu": ["theirs", "foreign"],
    }


@pytest.mark.parametrize("role", ["chen", "lin", "wu"])
@pytest.mark.parametrize(
    "query", ["", "department=shangwu", "of=jinrong", "stage=open&department=jinrong&of=jinrong"]
)
def test_every_number_opens_the_list_that_it_counts(sign, campaign, five, role, query, request):
    client = sign(request.getfixturevalue(role))
    text = words_of(client.get(lists(campaign, query)))
    views = text.split('<nav class="views"')[1].split("</nav>")[0]
    tabs = re.findall(r'<a href="([^"]*)"[^>]*>[^<]*<span class="n">(\d+)</span>', views)

    assert len(tabs) == 4
    for address, number in tabs:
        page = client.get(lists(campaign, unescape(address).removeprefix("?")))
        assert page.context["page"].paginator.count == int(number) == len(page.context["rows"])


@pytest.mark.parametrize(
    "role, office", [("chen", "jinrong"), ("chen", "shangwu"), ("lin", "jinrong"), ("wu", "shangwu")]
)
def test_the_numbers_of_a_department_open_their_lists(sign, campaign, five, role, office, request):
    client = sign(request.getfixturevalue(role))
    text = words_of(client.get(reverse("department-detail", args=[campaign.code, office])))
    section = text.split('id="h-blockers"')[1].split("</section>")[0]
    links = re.findall(r'<a href="([^"]*)">(\d+)</a>', section)

    assert links
    for address, number in links:
        assert len(client.get(unescape(address)).context["rows"]) == int(number)


def test_the_numbers_of_a_department(sign, campaign, five, chen):
    context = (
        sign(chen).get(reverse("department-detail", args=[campaign.code, "jinrong"])).context["blockers"]
    )

    assert context["to_remove"] == {"open": 2, "overdue": 1, "removed": 1, "every": 3}
    assert context["in_the_way"] == {"open": 3, "overdue": 1, "removed": 1, "every": 4}


@pytest.mark.parametrize(
    "query", ["stage=nothing", "stage=%00", "department=nowhere", "of=%00", "page=9", "page=x&per_page=9999"]
)
def test_what_it_does_not_know_it_leaves_out(sign, campaign, five, chen, query):
    page = sign(chen).get(lists(campaign, query))

    assert (page.status_code, len(page.context["rows"])) == (200, 5)


def test_an_empty_list_says_what_to_do(sign, campaign, blocker, chen):
    assert "Show all blockers" in words_of(sign(chen).get(lists(campaign, "stage=removed")))
    assert "A department raises one" in words_of(sign(chen).get(lists(CampaignFactory())))
    assert "Nothing stands in the way." in words_of(
        sign(chen).get(lists(CampaignFactory(), name="blocker-paper"))
    )


def test_blockers_of_another_campaign_are_not_listed(sign, blocker, chen):
    assert sign(chen).get(lists(CampaignFactory())).context["rows"] == []
    assert sign(chen).get("/campaigns/nowhere/blockers/").status_code == 404


def test_the_sheet_says_where_it_is_cut(sign, campaign, five, chen, monkeypatch):
    monkeypatch.setattr("pledges.views.blockers.MOST_ON_PAPER", 2)

    page = sign(chen).get(lists(campaign, "stage=open", "blocker-paper"))

    assert (len(page.context["rows"]), page.context["is_cut"]) == (2, True)
    assert "The first 2 of 4 blockers" in words_of(page)


def test_lists_and_pages_cost_the_same_for_one_and_many(sign, pledge, lin, sun, wu, chen, elsewhere, cost_of):
    stand(pledge, lin, weakness="一")
    stand(pledge, lin, weakness="二", department=elsewhere)
    stand(PledgeFactory(campaign=pledge.campaign, department=elsewhere), chen, weakness="三")
    department = reverse("department-detail", args=[pledge.campaign.code, pledge.department.code])
    pages = [
        (chen, lists(pledge.campaign)), (wu, lists(pledge.campaign)), (chen, lists(pledge.campaign, name="blocker-paper")),
        (lin, pledge.get_absolute_url()), (lin, WORK), (sun, WORK), (wu, WORK), (chen, department),
    ]  # fmt: skip
    few = [cost_of(sign(user), address) for user, address in pages]
    for number in range(5):
        stand(pledge, lin, weakness=f"再{number}")
        stand(pledge, lin, weakness=f"又{number}", department=elsewhere)
        stand(PledgeFactory(campaign=pledge.campaign, department=elsewhere), chen, weakness=f"还{number}")

    assert [cost_of(sign(user), address) for user, address in pages] == few


# On “my work”


def test_blockers_are_counted_among_the_work_the_earliest_first(sign, pledge, lin, time_machine):
    soon, late = stand(pledge, lin, weakness="乙", days=5), stand(pledge, lin, weakness="甲", days=1)
    time_machine.shift(3 * DAY)

    page = sign(lin).get(WORK)

    work = page.context["work"]
    assert [hitch.blocker for hitch in work.blockers] == [late, soon]
    assert work.to_do == 2 + sum(len(tasks) for name, tasks in work.sections.items() if name != "waiting")
    text = words_of(page)
    assert all(words in text for words in ("2 days over", "2 blockers to remove", remove(late), remove(soon)))


def test_a_blocker_of_a_campaign_that_is_over_is_still_to_remove_and_a_rehearsal_says_so(sign, finance, lin):
    past = CampaignFactory(
        starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31), kind=CampaignKind.REHEARSAL
    )
    blocker = stand(PledgeFactory(campaign=past, department=finance, stones=[(date(2020, 12, 31), 9)]), lin)

    page = sign(lin).get(WORK)

    assert (page.context["work"].to_do, page.context["work"].invented) == (1, past)
    assert remove(blocker) in words_of(page)


def test_a_head_finds_what_the_department_has_to_do_and_reports_nothing(
    sign, campaign, finance, lin, sun, li
):
    late = PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 6, 30), 9)])
    blocker = stand(late, lin)

    client = sign(sun)
    page = client.get(WORK)

    text = words_of(page)
    assert [task.line.pledge for task in page.context["work"].sections["overdue"]] == [late]
    assert (page.context["work"].to_do, "2 things your department has to do today" in text) == (2, True)
    assert remove(blocker) in text  # a head may
    assert reverse("report-create", args=[late.code]) not in text
    assert reverse("sheet", args=[campaign.code]) not in text
    assert f'<a href="{WORK}"' in text.split("</nav>")[0]


def test_who_reports_for_one_and_heads_another_has_the_buttons_of_the_first(
    sign, campaign, finance, elsewhere, lin
):
    Membership.objects.create(user=lin, role=Role.HEAD, department=elsewhere)
    own, headed = (
        PledgeFactory(campaign=campaign, department=each, stones=[(date(2022, 6, 30), 9)])
        for each in (finance, elsewhere)
    )

    text = words_of(sign(lin).get(WORK))

    assert reverse("report-create", args=[own.code]) in text
    assert reverse("report-create", args=[headed.code]) not in text
    assert headed.get_absolute_url() in text


# In the calendar


def test_the_calendar_of_the_responsible_has_the_day_and_no_way_to_a_foreign_pledge(
    client, pledge, elsewhere, finance, lin, wu
):
    Membership.objects.create(user=wu, role=Role.REPORTER, department=finance)
    own, foreign = stand(pledge, lin, weakness="缺\n人"), stand(pledge, lin, days=3, department=elsewhere)
    PledgeFactory(campaign=pledge.campaign, department=elsewhere)  # a calendar of its own is of what one sees
    everything, office = make_feed(wu)[1], make_feed(wu, elsewhere)[1]

    def told(token):
        content = client.get(reverse("calendar-feed", args=[token])).content
        found = [event for event in Calendar.from_ical(content).walk("VEVENT") if "blocker-" in event["uid"]]
        return {int(event["uid"].split("@")[0].removeprefix("blocker-")): event for event in found}

    assert (set(told(everything)), set(told(office))) == ({own.pk, foreign.pk}, {foreign.pk})
    assert told(everything)[own.pk]["url"].endswith(pledge.get_absolute_url())
    assert "缺 人" in told(everything)[own.pk]["summary"]
    Membership.objects.filter(user=wu, department=finance).delete()
    event = told(everything)[foreign.pk]
    assert (event.decoded("dtstart"), event["url"].endswith(WORK)) == (foreign.due, True)
    assert pledge.get_absolute_url() not in event["description"]
    remove_blocker(foreign, by=wu, outcome="已协调")
    assert told(everything) == {}


# In the briefing


def test_the_briefing_prints_what_stands_in_the_way_on_its_day(campaign, five):
    campaign.refresh_from_db()
    content = draft_of(campaign, day=MONDAY + 2 * DAY, than=None)

    section = content["sections"][-1]
    cells = [row["cells"] for row in section["table"]["rows"]]
    assert [cell[0] for cell in cells] == ["1", "2", "3", "4"]
    assert [next(name for name in "甲乙丁戊" if name in cell[1]) for cell in cells] == [
        "甲",
        "戊",
        "丁",
        "乙",
    ]
    assert [cell[3] for cell in cells] == ["金融办", "商务局", "商务局", "金融办"]
    assert all("报省厅追加" in cell[2] for cell in cells)
    earlier = draft_of(campaign, day=MONDAY, than=None)["sections"][-1]["table"]["rows"]
    assert len(earlier) == 4  # what was removed that very day is gone in the evening


def test_a_briefing_without_blockers_has_no_such_section(campaign, pledge):
    campaign.refresh_from_db()
    sections = draft_of(campaign, day=MONDAY, than=None)["sections"]

    assert all(
        section["table"] is None or "短板" not in "".join(section["table"]["heads"]) for section in sections
    )
    assert len(sections) == 4
