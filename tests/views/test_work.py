"""My work on its page: one thing to do about every pledge, and numbers that open their lists."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.choices import CampaignKind, ReportState, Role
from pledges.models import Membership
from tests.cast import CampaignFactory, DepartmentFactory, accepted
from tests.kit.working import DAY, JUNE_30, moment, said, urged

WORK = "/work/"


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
