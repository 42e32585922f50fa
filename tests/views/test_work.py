"""My work: every pledge once, in its most urgent section, with one thing to do about it."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.choices import Basis, CampaignKind, ReportState, Role
from pledges.models import Membership, Nudge
from pledges.queries.work import Section, work_for
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, ReportFactory, accepted

DAY = date(2022, 7, 4)
WORK = "/work/"
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def make(campaign, finance):
    """Pledges of the finance office, by their milestones."""

    def made(*stones, **more):
        fields = {"campaign": campaign, "department": finance, "stones": stones or None} | more
        return PledgeFactory(**fields)

    return made


def moment(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def said(pledge, author, as_of=DAY, *, state=ReportState.SUBMITTED, on=DAY, **more):
    return ReportFactory(
        pledge=pledge, author=author, as_of=as_of, state=state, submitted_at=moment(on), **more
    )


def heaps(user, day=DAY):
    """The pledges of each section that has any."""
    sections = work_for(user, day=day).sections
    return {
        section.value: [task.line.pledge for task in tasks] for section, tasks in sections.items() if tasks
    }


JUNE_30, END = date(2022, 6, 30), date(2022, 12, 31)


def test_a_passed_milestone_is_overdue(make, lin):
    late = make((JUNE_30, 60), (END, 100))

    assert heaps(lin) == {"overdue": [late]}
    assert heaps(lin, JUNE_30) == {"due": [late]}


def test_a_missed_stretch_goal_is_overdue_too(make, lin):
    late = make((JUNE_30, 60), stretch=True)

    assert heaps(lin) == {"overdue": [late]}


def test_what_was_sent_back_is_returned(make, lin, chen):
    back = make()
    said(
        back, lin, state=ReportState.RETURNED, reviewer=chen, reviewed_at=moment(DAY), return_reason="附名单"
    )

    assert heaps(lin) == {"returned": [back]}


def test_overdue_goes_before_returned_and_keeps_the_reason(make, lin, chen):
    late = make((JUNE_30, 60))
    said(
        late, lin, state=ReportState.RETURNED, reviewer=chen, reviewed_at=moment(DAY), return_reason="附名单"
    )

    [task] = work_for(lin, day=DAY).sections[Section.OVERDUE]

    assert (task.line.pledge, task.is_returned) == (late, True)


def test_what_waits_asks_nothing_of_its_reporter_whatever_its_light(make, lin):
    late, steady = make((JUNE_30, 60)), make()
    said(late, lin, value=Decimal(60), on=date(2022, 7, 1))
    said(steady, lin)

    work = work_for(lin, day=DAY)

    assert heaps(lin) == {"waiting": [late, steady]}
    assert work.to_do == 0
    assert [task.waited for task in work.sections[Section.WAITING]] == [3, 0]


@pytest.mark.parametrize("days, is_due", [(0, True), (30, True), (31, False)])
def test_a_milestone_of_the_next_thirty_days_is_due(make, lin, chen, days, is_due):
    pledge = make((DAY + timedelta(days=days), 60), (END, 100))
    accepted(pledge, as_of=DAY, value=59, reviewer=chen, author=lin)

    assert heaps(lin) == ({"due": [pledge]} if is_due else {})


def test_a_milestone_that_is_reached_is_not_due(make, lin, chen):
    pledge = make((date(2022, 7, 31), 60), (END, 100))
    accepted(pledge, as_of=DAY, value=60, reviewer=chen, author=lin)

    assert heaps(lin) == {}


def test_the_regular_report_is_due_until_it_is_said(make, lin, chen):
    pledge = make()
    accepted(pledge, as_of=date(2022, 6, 20), value=50, reviewer=chen, author=lin)

    [task] = work_for(lin, day=DAY).sections[Section.DUE]
    assert (task.due, task.is_for_cycle, task.days) == (date(2022, 7, 25), True, 21)

    accepted(pledge, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    assert heaps(lin) == {}


def test_a_number_never_reported_owes_its_regular_report_a_deliverable_does_not(make, lin):
    number = make()
    make((END, None), basis=Basis.DELIVERABLE, unit="")
    make((END, 1))

    assert heaps(lin) == {"due": [number]}


def test_what_is_done_asks_nothing(make, lin, chen):
    pledge = make()
    accepted(pledge, as_of=date(2022, 3, 31), value=100, reviewer=chen, author=lin)

    assert heaps(lin) == {}


def test_after_the_year_no_regular_report_is_owed_only_what_is_overdue(make, lin, chen):
    late, done = make(), make()
    accepted(done, as_of=END, value=100, reviewer=chen, author=lin)

    assert heaps(lin, date(2023, 1, 10)) == {"overdue": [late]}
    assert heaps(lin, date(2023, 4, 2)) == {"overdue": [late]}
    assert heaps(lin, date(2023, 4, 3)) == {}


def test_a_ceiling_is_due_when_its_time_ends(make, lin, chen):
    pledge = make((date(2022, 7, 31), 10), direction="at_most", unit="件")
    accepted(pledge, as_of=DAY, value=3, reviewer=chen, author=lin)

    assert heaps(lin) == {"due": [pledge]}


def test_the_most_urgent_stands_first(make, lin):
    july, june, may = make((date(2022, 7, 10), 9)), make((JUNE_30, 9)), make((date(2022, 5, 31), 9))
    august = make((date(2022, 8, 1), 9))

    assert heaps(lin) == {"overdue": [may, june], "due": [july, august]}


def test_another_day_shows_what_was_known_then(make, lin, chen):
    pledge = make()
    said(
        pledge,
        lin,
        on=date(2022, 7, 1),
        as_of=JUNE_30,
        state=ReportState.RETURNED,
        reviewer=chen,
        reviewed_at=moment(date(2022, 7, 3)),
        return_reason="附名单",
    )

    sections = [next(iter(heaps(lin, date(2022, 7, day)))) for day in (1, 2, 3)]

    assert sections == ["waiting", "waiting", "returned"]
    assert heaps(lin, JUNE_30) == {"due": [pledge]}


def test_only_ones_own_departments_and_no_measuring_plans(make, lin, wu, finance, elsewhere, campaign):
    mine = make((JUNE_30, 9))
    theirs = PledgeFactory(campaign=campaign, department=elsewhere, stones=[(JUNE_30, 9)])
    make((JUNE_30, 9), campaign=CampaignFactory(kind=CampaignKind.SYNTHETIC))

    assert (heaps(lin), heaps(wu)) == ({"overdue": [mine]}, {"overdue": [theirs]})

    Membership.objects.create(user=lin, role=Role.REPORTER, department=elsewhere)
    Membership.objects.create(user=lin, role=Role.REVIEWER)
    work = work_for(lin, day=DAY)
    assert heaps(lin) == {"overdue": [mine, theirs]}
    assert (work.has_departments, [share.department for share in work.shares]) == (True, [finance, elsewhere])


def test_the_shares_count_every_pledge_by_its_light(make, lin, chen):
    make((JUNE_30, 9))
    accepted(make(), as_of=JUNE_30, value=50, reviewer=chen, author=lin)
    make()

    [share] = work_for(lin, day=DAY).shares

    assert share.total == 3
    assert [(light.value, number) for light, number in share.counts] == [
        ("red", 1),
        ("green", 1),
        ("grey", 1),
    ]


def urged(pledge, by, on=DAY, words="请抓紧"):
    """An urging of the morning of a day."""
    nudge = Nudge.objects.create(pledge=pledge, by=by, day=on, words=words)
    Nudge.objects.filter(pk=nudge.pk).update(created_at=moment(on, 9))
    return nudge


def test_what_is_urged_stands_once_in_the_heap_it_belongs_to(make, lin, chen):
    late, back, due, calm = make((JUNE_30, 60)), make(), make((date(2022, 7, 10), 9)), make()
    said(
        back,
        lin,
        on=date(2022, 7, 1),
        state=ReportState.RETURNED,
        reviewer=chen,
        reviewed_at=moment(date(2022, 7, 1)),
        return_reason="附名单",
    )
    accepted(calm, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    for pledge in (late, back, due, calm):
        urged(pledge, chen)

    work = work_for(lin, day=DAY)

    assert heaps(lin) == {"urged": [calm], "overdue": [late], "returned": [back], "due": [due]}
    assert work.to_do == 4
    assert {task.nudge.by for tasks in work.sections.values() for task in tasks} == {chen}


def test_an_urged_pledge_names_the_deadline_to_come(make, lin, chen):
    calm = make((date(2022, 9, 2), 60), (END, 100))
    accepted(calm, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    urged(calm, chen)

    [task] = work_for(lin, day=DAY).sections[Section.URGED]

    assert (task.due, task.days, task.is_for_cycle) == (date(2022, 9, 2), 60, False)


def test_an_urging_is_over_when_something_is_reported_after_it(make, lin, chen):
    pledge = make((JUNE_30, 60))
    said(pledge, lin, on=date(2022, 7, 1), state=ReportState.WITHDRAWN)
    urged(pledge, chen)
    [task] = work_for(lin, day=DAY).sections[Section.OVERDUE]
    assert task.nudge.by == chen

    said(pledge, lin)  # at ten o'clock of the same day
    [task] = work_for(lin, day=DAY).sections[Section.WAITING]
    assert task.nudge is None

    pledge.reports.filter(state=ReportState.SUBMITTED).update(
        state=ReportState.RETURNED, reviewer=chen, reviewed_at=moment(DAY, 11), return_reason="附名单"
    )
    [task] = work_for(lin, day=DAY).sections[Section.OVERDUE]
    assert (task.nudge, task.is_returned) == (None, True)


def test_an_urging_of_what_is_done_meanwhile_is_over(make, lin, chen):
    pledge = make()
    urged(pledge, chen)
    accepted(pledge, as_of=JUNE_30, value=100, reviewer=chen, author=lin)

    assert heaps(lin) == {}


def test_another_day_shows_only_what_was_urged_by_then(make, lin, chen):
    pledge = make()
    accepted(pledge, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    urged(pledge, chen)

    assert (heaps(lin, date(2022, 7, 3)), heaps(lin)) == ({}, {"urged": [pledge]})


def test_the_page_says_who_urged_when_and_with_which_words(client, make, lin, chen):
    client.force_login(lin)
    client.cookies["language"] = "en"
    pledge = make()
    accepted(pledge, as_of=JUNE_30, value=52, reviewer=chen, author=lin)
    urged(pledge, chen, words="<b>周五前</b>")

    page = client.get(WORK, {"on": DAY.isoformat()}).content.decode()

    assert "Urged by 陈督查, 4 July 2022, 09:00" in page
    assert "&lt;b&gt;周五前&lt;/b&gt;" in page
    assert '<h2 id="urged">' in page
    assert re.search('1 thing to do.*href="#urged">1 urged early</a>\\.', page)


def test_every_number_opens_the_list_that_it_counts(client, make, lin, chen):
    client.force_login(lin)
    client.cookies["language"] = "en"
    make((JUNE_30, 9))
    make((JUNE_30, 9))
    accepted(make(), as_of=JUNE_30, value=50, reviewer=chen, author=lin)

    page = client.get(WORK, {"on": DAY.isoformat()}).content.decode()
    links = [
        unescape(link) for link in re.findall(r'<a[^>]* href="([^"]*/pledges/\?[^"]*department=[^"]*)"', page)
    ]
    totals = [re.search(r'data-total="(\d+)"', client.get(link).content.decode())[1] for link in links]

    assert totals == ["3", "2", "1"]
    assert all("on=2022-07-04" in link for link in links)


def test_a_visitor_is_sent_to_the_sign_in(client, db):
    assert client.get(WORK).url.split("?")[0] == reverse("sign-in")


def test_the_page_is_only_read(client, lin):
    client.force_login(lin)

    assert client.post(WORK).status_code == 405


def test_every_task_has_one_button_and_the_headline_counts_them(client, make, lin, chen):
    client.force_login(lin)
    client.cookies["language"] = "en"
    make((JUNE_30, 9))
    back, waiting = make(), make()
    said(
        back, lin, state=ReportState.RETURNED, reviewer=chen, reviewed_at=moment(DAY), return_reason="附名单"
    )
    said(waiting, lin)
    make((date(2022, 7, 10), 9))

    page = client.get(WORK, {"on": DAY.isoformat()}).content.decode()

    assert page.count('class="btn btn--go"') == 3
    assert page.count('class="btn"') == 1
    assert "3 things to do on 4 July 2022" in page
    assert [f'href="#{key}"' in page for key in ("overdue", "returned", "due")] == [True] * 3
    assert [f'<h2 id="{key}">' in page for key in ("overdue", "returned", "due", "waiting")] == [True] * 4


def test_nothing_to_do_says_so_and_what_comes_next(client, make, lin, chen):
    client.force_login(lin)
    client.cookies["language"] = "en"
    accepted(make(), as_of=DAY, value=60, reviewer=chen, author=lin)

    page = client.get(WORK, {"on": DAY.isoformat()}).content.decode()

    assert "Nothing was to be done on 4 July 2022." in page
    assert "The next deadline is" in page
    assert 'class="tasks"' not in page


def test_a_rehearsal_among_the_work_is_announced(client, make, lin):
    client.force_login(lin)
    address = f"{WORK}?on={DAY.isoformat()}"
    make((JUNE_30, 9))
    assert 'class="drill"' not in client.get(address).content.decode()

    make((JUNE_30, 9), campaign=CampaignFactory(kind=CampaignKind.REHEARSAL))

    assert client.get(address).content.decode().count('class="drill"') == 1


def test_without_a_campaign_the_page_says_so(client, lin):
    client.force_login(lin)
    client.cookies["language"] = "en"

    assert "No campaign takes reports at present." in client.get(WORK).content.decode()


@pytest.mark.parametrize("role, target", [("chen", "review-queue"), ("boss", "review-queue"), ("li", "home")])
def test_who_reports_nothing_is_told_where_their_work_is(client, request, role, target):
    client.force_login(request.getfixturevalue(role))
    client.cookies["language"] = "en"

    page = client.get(WORK).content.decode()

    assert "You report for no department." in page
    assert f'class="btn btn--go" href="{reverse(target)}"' in page


def test_a_title_is_text(client, make, lin):
    client.force_login(lin)
    make((JUNE_30, 9), title="<script>x()</script>")

    assert "<script>x()" not in client.get(WORK, {"on": DAY.isoformat()}).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_work_costs_the_same_for_one_and_three(make, lin, chen, number, django_assert_num_queries):
    for _ in range(number):
        said(make(), lin)
        late = make((JUNE_30, 9))
        accepted(late, as_of=date(2022, 6, 1), value=3, reviewer=chen, author=lin)
        urged(late, chen)

    with django_assert_num_queries(8):
        work_for(lin, day=DAY)


def test_the_page_costs_the_same_for_one_and_three(client, make, lin, cost_of):
    client.force_login(lin)
    address = f"{WORK}?on={DAY.isoformat()}"
    make((JUNE_30, 9))
    one = cost_of(client, address)
    for _ in range(2):
        make((JUNE_30, 9), department=_more_of(lin))

    assert cost_of(client, address) == one <= 15


def _more_of(user):
    department = DepartmentFactory()
    Membership.objects.create(user=user, role=Role.REPORTER, department=department)
    return department


def test_today_is_the_day_without_another(client, lin):
    client.force_login(lin)

    assert client.get(WORK).context["day"] == localdate()
