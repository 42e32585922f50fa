"""The leader's page is the same, whether its counts are kept or counted."""

from datetime import UTC, date, datetime

import pytest

from pledges.actions import boards
from pledges.actions.boards import keep_boards
from pledges.models import KeptBoard, KeptCount, Milestone, Pledge
from tests.cast import PledgeFactory, accepted

NOON = datetime(2022, 7, 1, 4, tzinfo=UTC)
PAGE = "/campaigns/wujin-2022/?on=2022-07-01"
LIST = "/campaigns/wujin-2022/pledges/?on=2022-07-01"


@pytest.fixture
def plan(campaign, finance, elsewhere, lin, chen, monkeypatch):
    monkeypatch.setattr(boards, "KEPT_FROM", 5)
    dues = [date(2022, 3, 31), date(2022, 6, 30), date(2022, 7, 20), date(2022, 7, 25), date(2022, 12, 31)]
    plan = [
        PledgeFactory(campaign=campaign, department=department, stones=[(due, 10)])
        for department in (finance, elsewhere)
        for due in dues
    ]
    accepted(plan[2], as_of=date(2022, 6, 20), value=9, reviewer=chen, author=lin)
    return plan


def without_token(answer):
    return [line for line in answer.content.decode().splitlines() if "csrf" not in line.lower()]


@pytest.mark.parametrize("query", ["", "&department=jinrong", "&than=2022-02-01", "&map=all"])
def test_every_line_of_the_page_is_the_same(client, li, plan, query):
    client.force_login(li)
    counted = without_token(client.get(PAGE + query))

    keep_boards(now=NOON)

    assert KeptBoard.objects.get().is_whole
    assert without_token(client.get(PAGE + query)) == counted


@pytest.mark.parametrize("query", ["", "&light=red", "&overdue=1", "&department=jinrong&sort=-number"])
def test_every_line_of_the_list_is_the_same(client, li, plan, query, finance, elsewhere):
    PledgeFactory(campaign=plan[0].campaign, department=elsewhere, shared_with=plan[0])
    stretch = [(date(2022, 6, 1), 3)]
    PledgeFactory(campaign=plan[0].campaign, department=finance, stretch=True, stones=stretch)
    client.force_login(li)
    counted = without_token(client.get(LIST + query))

    keep_boards(now=NOON)

    assert without_token(client.get(LIST + query)) == counted


def test_the_whole_page_reads_what_is_kept(client, li, plan):
    """A number that nobody could have counted shows where it comes from."""
    keep_boards(now=NOON)
    for each in KeptCount.objects.all():
        each.sums = [1_000 * number for number in each.sums]
        each.save()
    client.force_login(li)

    assert client.get(PAGE).context["counts"].total % 1_000 == 0
    assert client.get(LIST).context["total"] % 1_000 == 0
    assert client.get(f"{PAGE}&department=jinrong").context["counts"].total < 1_000


def test_a_department_sees_its_own_and_not_what_is_kept_for_all(client, lin, plan):
    client.force_login(lin)
    keep_boards(now=NOON)

    assert client.get(PAGE).context["counts"].total == 5


def test_a_moved_deadline_is_counted_at_once(client, li, plan):
    keep_boards(now=NOON)
    assert KeptBoard.objects.get().due_total == 4
    client.force_login(li)
    stone = Milestone.objects.get(pledge=plan[2])

    stone.due = date(2022, 9, 1)
    stone.save()
    assert KeptBoard.objects.get().due_total is None
    assert client.get(PAGE).context["board"].due_total == 3
    keep_boards(now=NOON)
    assert KeptBoard.objects.get().due_total == 3

    Milestone.objects.create(pledge=Pledge.objects.get(pk=plan[0].pk), due=date(2022, 7, 9), target=5)
    assert KeptBoard.objects.get().due_total is None
    keep_boards(now=NOON)
    Milestone.objects.filter(pledge=plan[3]).delete()
    assert KeptBoard.objects.get().due_total is None
