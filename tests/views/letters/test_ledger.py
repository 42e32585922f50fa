"""The ledger of letters: what is found by which filter, and who may look."""

from datetime import timedelta

import pytest
from django.urls import reverse

from pledges.choices import Dropped, LetterState, Occasion, ReminderState
from pledges.models import Nudge, Reminder, User
from tests.cast import CampaignFactory, PledgeFactory, person
from tests.kit.letters import a_letter, a_line
from tests.kit.pages import total_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def shown(response) -> set:
    """The letters, or the reminders, of the page."""
    return {getattr(row, "letter", row) for row in response.context["rows"]}


def lines_shown(response) -> set:
    return set(response.context["rows"])


@pytest.mark.parametrize("who, status", [("lin", 403), ("sun", 403), ("wu", 403), ("chen", 200), ("li", 200), ("boss", 200)])  # fmt: skip
def test_the_ledger_is_for_the_citys_offices(request, client, campaign, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("letter-list", args=[campaign.code])).status_code == status


@pytest.mark.parametrize(
    "who, has", [("lin", False), ("sun", False), ("chen", True), ("li", True), ("boss", True)]
)
def test_the_masthead_leads_there_those_who_may_look(request, client, campaign, who, has):
    client.force_login(request.getfixturevalue(who))
    page = client.get(reverse("overview", args=[campaign.code])).content.decode()

    assert (f'href="{reverse("letter-list", args=[campaign.code])}"' in page.split("<main")[0]) == has


def test_an_empty_ledger_says_what_comes_and_that_nothing_is_in_trouble(ledger):
    page = ledger()

    assert (total_of(page), "data-no-trouble" in page.content.decode()) == (0, True)
    assert 'class="empty"' in page.content.decode()


def test_letters_stand_by_day_newest_first(ledger, pledge, lin, now):
    for days in (1, 3, 2):
        a_line(pledge, lin, a_letter(lin, at=now - timedelta(days=days)))

    days = [row.letter.day for row in ledger().context["rows"]]

    assert days == sorted(days, reverse=True)


def test_every_number_of_a_row_opens_exactly_its_lines(ledger, office, pledge, lin, now):
    letter = a_letter(lin, at=now)
    wanted = {a_line(pledge, lin, letter) for _ in range(2)}
    a_line(pledge, lin, letter, occasion=Occasion.CYCLE)
    a_line(pledge, lin, a_letter(lin, at=now))
    address = f"?show=lines&amp;letter={letter.pk}&amp;occasion=overdue"

    page = ledger().content.decode()

    assert f'{address}">2</a>' in page
    assert lines_shown(ledger(address.removeprefix("?").replace("&amp;", "&"))) == wanted


@pytest.mark.parametrize("index", range(4))
def test_every_tab_opens_exactly_what_it_counts(ledger, campaign, pledge, lin, now, index):
    for state in (LetterState.SENT, LetterState.FAILED, LetterState.HELD):
        a_line(pledge, lin, a_letter(lin, state, at=now))
    for state in (ReminderState.SKIPPED, ReminderState.DROPPED, ReminderState.WAITING):
        a_line(pledge, lin, None, state)

    tab = ledger().context["tabs"][index]
    opened = ledger(tab.url.removeprefix("?"))

    assert (total_of(opened), opened.context["tabs"][index].is_current) == (tab.number, True)
    assert tab.number == [3, 2, 3, 2][index]


@pytest.fixture
def two(campaign, pledge, lin, wu, elsewhere, now):
    """Lin was told yesterday of a delay in the finance office, Wu today of a report elsewhere."""
    there = PledgeFactory(campaign=campaign, department=elsewhere, number="20-1", title="举办展会")
    his = a_letter(lin, at=now - timedelta(days=1), subject="逾期一天")
    hers = a_letter(wu, LetterState.HELD, at=now, subject="月报")
    a_line(pledge, lin, his)
    a_line(there, wu, hers, occasion=Occasion.CYCLE)
    return his, hers


@pytest.mark.parametrize(
    "query, found",
    [
        ("", "both"),
        ("department=jinrong", "first"),
        ("department=shangwu", "second"),
        ("department=nowhere", "both"),
        ("occasion=overdue", "first"),
        ("occasion=overdue&department=shangwu", "none"),
        ("state=held", "second"),
        ("state=trouble", "second"),
        ("state=sent", "first"),
        ("state=nonsense", "both"),
        ("person=lin", "first"),
        ("person=nobody", "none"),
        ("q=林会计", "first"),
        ("q=月报", "second"),
        ("q=展会", "second"),
        ("q=商务局", "second"),
        ("q=展会 吴", "second"),
        ("q=展会 林", "none"),
        ("q=%00", "both"),
        ("day={today}", "second"),
        ("day={yesterday}", "first"),
        ("day=2022-13-45", "both"),
        ("day=x", "both"),
    ],
)
def test_letters_are_found_by_every_filter(ledger, two, query, found):
    wanted = {"both": set(two), "first": {two[0]}, "second": {two[1]}, "none": set()}[found]
    days = {"today": two[1].day.isoformat(), "yesterday": two[0].day.isoformat()}

    page = ledger(query.format(**days))

    assert (shown(page), total_of(page)) == (wanted, len(wanted))


def test_department_and_occasion_must_hold_for_one_and_the_same_line(
    ledger, campaign, pledge, elsewhere, lin, now
):
    letter = a_letter(lin, at=now)
    a_line(pledge, lin, letter)
    a_line(PledgeFactory(campaign=campaign, department=elsewhere), lin, letter, occasion=Occasion.CYCLE)

    assert shown(ledger("department=jinrong&occasion=overdue")) == {letter}
    assert shown(ledger("department=jinrong&occasion=cycle")) == set()


@pytest.mark.parametrize(
    "query, number",
    [
        ("", 4),
        ("fate=told", 1),
        ("fate=waiting", 1),
        ("fate=skipped", 1),
        ("fate=dropped", 1),
        ("fate=untold", 2),
        ("why=reported", 1),
        ("why=met", 0),
        ("occasion=ahead", 1),
        ("department=jinrong", 4),
        ("person=lin&q=林", 4),
        ("pledge={code}", 4),
        ("pledge=nothing", 0),
        ("letter=99999999", 0),
        ("letter=1e400", 4),
        ("letter=-1", 4),
        ("letter=x", 4),
        ("day=2022-07-01", 3),
    ],
)
def test_reminders_are_found_by_every_filter(ledger, pledge, lin, now, query, number):
    a_line(pledge, lin, a_letter(lin, at=now))
    a_line(pledge, lin, None, occasion=Occasion.AHEAD, step=3)
    a_line(pledge, lin, None, ReminderState.SKIPPED)
    a_line(pledge, lin, None, ReminderState.DROPPED, dropped=Dropped.REPORTED)

    assert total_of(ledger(f"show=lines&{query.format(code=pledge.code)}")) == number


def test_what_was_not_told_says_why(ledger, pledge, lin):
    line = a_line(pledge, lin, None, ReminderState.DROPPED, dropped=Dropped.MOVED)

    assert line.get_dropped_display() in ledger("show=lines&fate=untold").content.decode()


@pytest.mark.parametrize("query, shown_rows", [("", 25), ("page=2", 2), ("page=99", 2), ("page=x", 25), ("per_page=50", 27)])  # fmt: skip
def test_the_ledger_is_cut_in_the_database(ledger, pledge, lin, now, query, shown_rows):
    for _ in range(27):
        a_line(pledge, lin, a_letter(lin, at=now))

    page = ledger(query)

    assert (len(page.context["rows"]), total_of(page)) == (shown_rows, 27)


def test_a_filter_that_is_set_can_be_left_out(ledger, two):
    page = ledger("state=held&person=wu")

    assert [chip.url for chip in page.context["chips"]] == ["?state=held", "?person=wu"]


@pytest.mark.parametrize("query", ["", "show=lines", "state=trouble"])
def test_the_ledger_costs_the_same_for_one_and_many(client, chen, campaign, pledge, lin, cost_of, query, now):
    client.force_login(chen)
    address = f"{reverse('letter-list', args=[campaign.code])}?{query}"

    def more(department):
        reader = person(f"reader-{department.pk}", "某某", "reporter", department)
        pledges = PledgeFactory(campaign=campaign, department=department)
        letter = a_letter(reader, LetterState.FAILED, at=now, handled_by=chen)
        nudge = Nudge.objects.create(pledge=pledges, by=chen, day=now.date())
        a_line(pledges, reader, letter, occasion=Occasion.NUDGE, nudge=nudge, on_behalf_of=lin)
        User.objects.filter(pk=reader.pk).update(email="")

    more(PledgeFactory().department)
    one = cost_of(client, address)
    for _ in range(4):
        more(PledgeFactory().department)

    assert cost_of(client, address) == one <= 17


def test_reminders_of_a_campaign_stay_out_of_anothers_ledger(office, campaign, pledge, lin, now):
    other = CampaignFactory(code="other")
    a_line(pledge, lin, a_letter(lin, at=now))

    assert total_of(office.get(reverse("letter-list", args=[other.code]))) == 0
    assert total_of(office.get(f"{reverse('letter-list', args=[other.code])}?show=lines")) == 0
    assert Reminder.objects.count() == 1
