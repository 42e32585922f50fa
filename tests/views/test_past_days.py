"""What was closed, granted or asked for later has not happened yet on the page of a past day."""

from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from pledges.actions.closings import close_pledge, reopen_pledge
from pledges.actions.extensions import ask_extension, grant_extension, refuse_extension, withdraw_extension
from pledges.choices import ExtensionState
from pledges.exports import board_xlsx
from pledges.queries.board import in_campaign
from pledges.queries.closings import Closings, closed_in
from tests.cast import PledgeFactory, accepted
from tests.kit.pages import text_of

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
BEFORE, CLOSED, REOPENED, AFTER = (date(2022, 7, day) for day in (3, 4, 6, 8))
DUE, END = date(2022, 9, 30), date(2022, 12, 31)


@pytest.fixture
def on(time_machine):
    """Live through a day, late in the evening: in UTC it is another one than early in the morning."""

    def moved(day, hour=23):
        time_machine.move_to(datetime(day.year, day.month, day.day, hour, 30, tzinfo=CHINA), tick=False)
        return day

    return moved


@pytest.fixture
def closed(pledge, lin, chen, zhao, on):
    """Done on 1 July, closed early on the 4th, reopened late on the 6th."""
    accepted(pledge, as_of=date(2022, 7, 1), value=100, reviewer=zhao, author=lin)
    close_pledge(pledge, by=chen, words="验收通过", today=on(CLOSED, 0))
    on(REOPENED)
    reopen_pledge(pledge, by=zhao, reason="数据有误")
    on(AFTER)
    return pledge


def total(client, campaign, day, stage):
    address = reverse("pledge-list", args=[campaign.code])
    return client.get(f"{address}?closing={stage}&on={day}").context["total"]


@pytest.mark.parametrize(
    "day, is_closed", [(BEFORE, False), (CLOSED, True), (REOPENED - DAY, True), (REOPENED, False)]
)
def test_a_day_shows_what_was_closed_on_it_and_no_button(
    closed, finance, campaign, chen, sign, day, is_closed
):
    client, past = sign(chen), f"?on={day}"

    page = client.get(closed.get_absolute_url() + past)
    department = client.get(reverse("department-detail", args=[campaign.code, finance.code]) + past)

    assert ('class="stamp"' in text_of(page), "验收通过" in text_of(page)) == (is_closed, day >= CLOSED)
    assert ("数据有误" in text_of(page)) == (day >= REOPENED)
    buttons = [reverse(name, args=[closed.code]) for name in ("pledge-close", "pledge-reopen")]
    assert [button in text_of(page) for button in buttons] == [False, False]
    found = [total(client, campaign, day, stage) for stage in ("closed", "open")]
    assert found == [int(is_closed), int(not is_closed)]
    assert department.context["closed"] == closed_in(campaign, chen, finance, day=day) == found[0]


def test_the_buttons_are_those_of_today(closed, chen, sign, on):
    client, address = sign(chen), closed.get_absolute_url()
    assert reverse("pledge-close", args=[closed.code]) in text_of(client.get(address))

    close_pledge(closed, by=chen, words="", today=on(AFTER))

    assert reverse("pledge-reopen", args=[closed.code]) in text_of(client.get(address))
    assert reverse("pledge-reopen", args=[closed.code]) not in text_of(client.get(f"{address}?on={BEFORE}"))


def test_what_is_closed_by_now_takes_no_report_from_a_past_day(closed, lin, chen, sign, on):
    close_pledge(closed, by=chen, words="", today=on(AFTER))
    page = sign(lin).get(f"{closed.get_absolute_url()}?on={BEFORE}")

    assert (page.context["may_report"], page.context["closing"]) == (False, None)


def test_a_closing_reopened_later_was_in_force(closed):
    closings = Closings.of(closed, day=CLOSED)

    assert (closings.in_force.words, closings.reopened, closings.is_closed_now) == ("验收通过", [], False)
    later = Closings.of(closed, day=REOPENED)
    assert (later.in_force, [each.reopen_reason for each in later.reopened]) == (None, ["数据有误"])


@pytest.mark.parametrize("day, number", [(BEFORE, 0), (CLOSED, 1), (REOPENED, 0)])
def test_the_board_of_a_day_says_closed_only_where_it_was(closed, campaign, li, day, number):
    campaign.refresh_from_db()
    content = b"".join(board_xlsx.pour(in_campaign(campaign, li), campaign, day=day))

    cells = [str(cell) for row in load_workbook(BytesIO(content)).worksheets[1].values for cell in row]
    assert sum("已销号" in cell or "closed" in cell for cell in cells) == number


@pytest.fixture
def put_off(campaign, finance, lin, chen, on):
    """Put off twice: asked for and granted on the 4th; asked for on the 4th, granted on the 6th."""
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=[(DUE, 50), (END, 100)])
    accepted(pledge, as_of=date(2022, 6, 30), value=45, reviewer=chen, author=lin)
    stone = pledge.milestones.get(due=DUE)
    on(CLOSED)
    grant_extension(_asked(stone, lin, 10), by=chen, answer="同意一", today=CLOSED)
    second = _asked(stone, lin, 20)
    on(REOPENED)
    grant_extension(second, by=chen, answer="同意二", today=REOPENED)
    on(AFTER)
    return pledge


def _asked(stone, by, more):
    stone.refresh_from_db()
    said = {"new_due": DUE + timedelta(days=more), "reason": f"理由{more}", "was_due": stone.due}
    return ask_extension(stone, by=by, today=CLOSED, **said)


def test_what_was_decided_later_still_waits(put_off, chen, sign):
    client, states = sign(chen), {}
    for day in (BEFORE, CLOSED, REOPENED):
        page = client.get(f"{put_off.get_absolute_url()}?on={day}")
        states[day] = [each.state for each in page.context["extensions"]]
        assert ("同意二" in text_of(page)) == (day == REOPENED)

    granted, asked = ExtensionState.GRANTED, ExtensionState.ASKED
    assert states == {BEFORE: [], CLOSED: [asked, granted], REOPENED: [granted, granted]}


def test_what_was_refused_later_still_waits_and_what_was_withdrawn_stands_so(put_off, lin, chen, sign, on):
    stone = put_off.milestones.get(due=END)
    said = {"new_due": date(2023, 1, 31), "reason": "验收推迟", "was_due": END, "today": AFTER}
    refused = ask_extension(stone, by=lin, **said)
    first, due = put_off.milestones.exclude(due=END).get(), DUE + timedelta(days=20)
    other = said | {"new_due": due + DAY, "was_due": due}
    withdraw_extension(ask_extension(first, by=lin, **other), by=lin)
    on(AFTER + DAY)
    refuse_extension(refused, by=chen, answer="倒排工期")

    page = sign(lin).get(f"{put_off.get_absolute_url()}?on={AFTER}")

    assert [each.state for each in page.context["extensions"]][:2] == ["withdrawn", "asked"]
    assert "倒排工期" not in text_of(page)


def test_a_past_day_does_not_foresee_a_grant(put_off, chen, sign):
    page = sign(chen).get(f"{put_off.get_absolute_url()}?on={CLOSED}")

    after = page.context["dossier"].afterwards
    assert (page.context["line"].verdict.light, after.verdict.judged_on > AFTER) == ("green", True)
    assert (after.verdict.reason == "put_off", "Put off 2 times" in text_of(page)) == (False, False)
    assert put_off.standings.on(REOPENED).get().reason == "put_off"


def test_the_department_says_that_extensions_are_counted_as_of_today(put_off, campaign, finance, chen, sign):
    page = sign(chen).get(reverse("department-detail", args=[campaign.code, finance.code]))

    assert "Extensions are counted as of today." in text_of(page)
