"""Directives in the list of a campaign and in “my work”: every number opens what it counts."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from pledges.actions.directives import answer_directive, close_directive
from pledges.choices import CampaignKind, Role
from pledges.models import Campaign, Membership
from tests.cast import CampaignFactory, PledgeFactory
from tests.kit.directives import DAY, MONDAY, answer, everything, leave

pytestmark = pytest.mark.usefixtures("monday")


# The list of a campaign


@pytest.fixture
def five(campaign, finance, elsewhere, li, lin, time_machine):
    """Overdue, waiting, answered, closed at one department; waiting at another."""
    made = {
        name: leave(PledgeFactory(campaign=campaign, department=finance), li, answer_by=MONDAY + days * DAY)
        for name, days in {"overdue": 1, "waiting": 9, "answered": 3, "closed": 4}.items()
    }
    made["elsewhere"] = leave(
        PledgeFactory(campaign=campaign, department=elsewhere), li, answer_by=MONDAY + 8 * DAY
    )
    answer_directive(made["answered"], by=lin, answer="已办结")
    close_directive(made["closed"], by=li, saw_answer=False)
    time_machine.shift(2 * DAY)
    return made


def names_on(page, made):
    names = {directive.pk: name for name, directive in made.items()}
    return [names[slip.directive.pk] for slip, _standing in page.context["rows"]]


def test_open_ones_come_first_the_overdue_on_top(sign, campaign, five, chen):
    assert names_on(sign(chen).get(everything(campaign)), five) == [
        "overdue", "elsewhere", "waiting", "answered", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query", ["", "department=jinrong", "department=shangwu", "stage=open&department=jinrong"]
)
def test_every_number_opens_the_list_that_it_counts(sign, campaign, five, li, query):
    client = sign(li)
    text = client.get(everything(campaign, query)).content.decode()
    tabs = re.findall(r'<a href="(\?stage=[^"]*)"[^>]*>[^<]*<span class="n">(\d+)</span>', text)

    assert len(tabs) == 6
    for address, number in tabs:
        page = client.get(everything(campaign) + unescape(address).replace("?", "&"))
        assert page.context["page"].paginator.count == int(number) == len(page.context["rows"])


@pytest.mark.parametrize(
    "query",
    ["stage=nothing", "stage=%00", "department=nowhere", "department=%00", "page=9", "page=x&per_page=9999"],
)
def test_what_it_does_not_know_it_leaves_out(sign, campaign, five, li, query):
    page = sign(li).get(everything(campaign, query))

    assert (page.status_code, len(page.context["rows"])) == (200, 5)


def test_an_empty_list_says_what_to_do(sign, campaign, li, directive):
    assert "Show all directives" in sign(li).get(everything(campaign, "stage=closed")).content.decode()
    assert "A leader leaves one" in sign(li).get(everything(CampaignFactory())).content.decode()


def test_directives_of_another_campaign_are_not_listed(sign, directive, li):
    other = CampaignFactory()

    assert sign(li).get(everything(other)).context["rows"] == []
    assert sign(li).get(everything(Campaign(code="nowhere"))).status_code == 404


def test_lists_and_pages_cost_the_same_for_one_and_many(sign, pledge, li, lin, cost_of):
    leave(pledge, li, words="一")
    pages = [(li, everything(pledge.campaign)), (li, pledge.get_absolute_url()), (lin, reverse("work"))]
    pages.append((lin, pledge.get_absolute_url()))
    few = [cost_of(sign(user), address) for user, address in pages]
    for number in range(5):
        leave(pledge, li, words=f"再{number}")

    assert [cost_of(sign(user), address) for user, address in pages] == few


# On “my work”


def test_overdue_ones_come_first_with_the_days_over(sign, pledge, li, lin, time_machine):
    soon, late = (
        leave(pledge, li, words="乙", answer_by=MONDAY + 5 * DAY),
        leave(pledge, li, words="甲", answer_by=MONDAY + 1 * DAY),
    )
    time_machine.shift(3 * DAY)

    page = sign(lin).get(reverse("work"))

    assert [slip.directive for slip in page.context["work"].directives] == [late, soon]
    assert "2 days over" in page.content.decode()


def test_a_directive_of_a_campaign_that_takes_no_reports_is_still_to_answer(sign, finance, li, lin):
    past = CampaignFactory(
        starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31), kind=CampaignKind.REHEARSAL
    )
    directive = leave(PledgeFactory(campaign=past, department=finance, stones=[(date(2020, 12, 31), 9)]), li)

    page = sign(lin).get(reverse("work"))

    assert (page.context["work"].to_do, answer(directive) in page.content.decode()) == (1, True)
    assert page.context["work"].invented == past


def test_a_head_sees_what_the_department_has_to_answer_but_has_no_button(sign, directive, sun):
    page = sign(sun).get(reverse("work"))

    assert [slip.directive for slip in page.context["work"].directives] == [directive]
    assert answer(directive) not in page.content.decode()


def test_who_reports_for_two_departments_sees_those_of_both(sign, campaign, directive, lin, li, elsewhere):
    Membership.objects.create(user=lin, role=Role.REPORTER, department=elsewhere)
    leave(PledgeFactory(campaign=campaign, department=elsewhere), li)

    assert len(sign(lin).get(reverse("work")).context["work"].directives) == 2
