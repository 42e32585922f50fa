"""The ledger of letters: what stands on top, what is found by which filter, who may look and who may act."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import letters as post_room
from pledges.choices import Dropped, LetterState, Occasion, ReminderState
from pledges.models import Letter, Membership, Nudge, Reminder, User
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory, person
from tests.kit.letters import a_letter, a_line

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def office(client, chen):
    """The supervision office, signed in."""
    client.force_login(chen)
    return client


@pytest.fixture
def ledger(office, campaign):
    """The page of the ledger with a query."""
    return lambda query="": office.get(f"{reverse('letter-list', args=[campaign.code])}?{query}")


def total_of(response) -> int:
    return int(re.search(r'<main[^>]* data-total="(\d+)"', response.content.decode())[1])


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


def test_trouble_stands_on_top_with_its_reason_and_buttons(ledger, pledge, lin, now):
    letter = a_letter(lin, LetterState.FAILED, at=now, smtp_code=550, last_error="550 5.1.1 no such user")
    a_line(pledge, lin, letter)

    page = ledger().content.decode()

    assert "550 5.1.1 no such user" in page
    assert [page.count(reverse(name, args=[letter.pk])) for name in ("letter-retry", "letter-cancel")] == [
        1,
        1,
    ]


def test_a_leader_sees_the_trouble_without_the_buttons(client, li, campaign, pledge, lin, now):
    letter = a_letter(lin, LetterState.FAILED, at=now)
    a_line(pledge, lin, letter)
    client.force_login(li)

    page = client.get(reverse("letter-list", args=[campaign.code])).content.decode()

    assert (reverse("letter-detail", args=[letter.pk]) in page, "letter-retry" in page) == (True, False)
    assert reverse("letter-retry", args=[letter.pk]) not in page


def test_ten_troubles_stand_on_top_and_the_count_opens_all(ledger, campaign, pledge, lin, now):
    for _ in range(12):
        a_line(pledge, lin, a_letter(lin, LetterState.FAILED, at=now))

    page = ledger()

    assert (len(page.context["warnings"].letters), page.context["totals"].troubled) == (10, 12)
    assert f"{reverse('letter-list', args=[campaign.code])}?state=trouble" in page.content.decode()
    assert total_of(ledger("state=trouble")) == 12


@pytest.mark.parametrize("query, stands", [("", True), ("state=held", False), ("show=lines", False)])
def test_the_warnings_stand_above_the_whole_ledger_only(ledger, query, stands):
    assert (ledger(query).context.get("warnings") is not None) == stands


@pytest.fixture
def running(pledge, campaign):
    """The campaign of today."""
    today = timezone.localdate()
    campaign.starts_on, campaign.ends_on = today - timedelta(days=30), today + timedelta(days=300)
    campaign.save()
    return campaign


def test_a_department_with_nobody_to_tell_leads_to_its_open_pledges(ledger, office, running, finance):
    page = ledger()
    (gap,) = page.context["warnings"].gaps
    address = re.search(r'href="([^"]*/pledges/\?[^"]*)"', page.content.decode())[1].replace("&amp;", "&")

    assert (gap.code, total_of(office.get(address))) == (finance.code, gap.pledges)


@pytest.mark.parametrize("who, link", [("chen", False), ("boss", True)])
def test_holidays_not_entered_are_named_and_administrators_led_there(
    request, client, running, finance, who, link
):
    year = timezone.localdate().year + 1
    PledgeFactory(campaign=running, department=finance, stones=[(date(year, 1, 31), 1)])
    client.force_login(request.getfixturevalue(who))

    page = client.get(reverse("letter-list", args=[running.code]))

    if page.context["warnings"].years:  # until the holidays of that year are announced
        assert (reverse("admin:pledges_specialday_changelist") in page.content.decode()) == link


def test_people_without_a_working_address_stand_on_top(ledger, running, lin):
    User.objects.filter(pk=lin.pk).update(refused_email=lin.email)

    assert ledger().context["warnings"].people[0].person == lin
    assert lin.email in ledger().content.decode()


def test_a_letter_shows_its_text_its_lines_and_its_number(office, pledge, lin, now):
    letter = a_letter(lin, at=now, text="还差 1 家。", attempts=2, ambiguous=1)
    a_line(pledge, lin, letter)

    page = office.get(reverse("letter-detail", args=[letter.pk])).content.decode()

    assert ("还差 1 家。" in page, pledge.title in page) == (True, True)
    assert letter.message_id[1:11] in page


@pytest.mark.parametrize(
    "who, status", [("lin", 200), ("wu", 404), ("sun", 404), ("chen", 200), ("li", 200), ("boss", 200)]
)
def test_a_letter_is_open_to_its_reader_and_the_citys_offices(request, client, lin, who, status, now):
    letter = a_letter(lin, at=now)
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("letter-detail", args=[letter.pk])).status_code == status


def test_whoever_has_left_the_department_keeps_the_words_and_not_the_way(client, pledge, lin, elsewhere, now):
    letter = a_letter(lin, at=now)
    a_line(pledge, lin, letter)
    Membership.objects.filter(user=lin).update(department=elsewhere)
    client.force_login(lin)

    page = client.get(reverse("letter-detail", args=[letter.pk])).content.decode()

    assert (pledge.title in page, pledge.get_absolute_url() in page) == (True, False)


def test_what_people_wrote_stays_text(office, ledger, pledge, lin, chen, now):
    letter = a_letter(lin, LetterState.FAILED, at=now, subject=EVIL[:200], text=EVIL, last_error=EVIL)
    nudge = Nudge.objects.create(pledge=pledge, by=chen, words=EVIL, day=now.date())
    a_line(pledge, lin, letter, occasion=Occasion.NUDGE, nudge=nudge, label=EVIL)
    User.objects.update(name=EVIL[:50])
    pages = [
        *(ledger(), ledger("show=lines"), ledger(f"show=lines&pledge={EVIL}"), ledger(f"person={EVIL}")),
        office.get(reverse("letter-detail", args=[letter.pk])),
        office.get(pledge.get_absolute_url()),
    ]

    assert [bool(re.search(r"<script>alert|<img src=x", page.content.decode())) for page in pages] == [
        False
    ] * 6


@pytest.mark.parametrize("number", [1, 5])
def test_a_letter_costs_the_same_for_one_line_and_five(client, chen, campaign, lin, number, cost_of, now):
    client.force_login(chen)
    letter = a_letter(lin, at=now)
    for _ in range(number):
        a_line(PledgeFactory(campaign=campaign), lin, letter, on_behalf_of=chen)

    assert cost_of(client, reverse("letter-detail", args=[letter.pk])) == 9


def button(client, name, letter, **sent):
    return client.post(reverse(name, args=[letter.pk]), sent)


@pytest.mark.parametrize("sent", [{}, {"campaign": "wujin-2022"}, {"campaign": "nowhere\0"}])
def test_retry_queues_todays_letter_and_comes_back(office, campaign, lin, chen, now, sent):
    letter = a_letter(lin, LetterState.FAILED, at=now, day=timezone.localdate(now))
    list_page, own_page = (
        reverse("letter-list", args=[campaign.code]),
        reverse("letter-detail", args=[letter.pk]),
    )

    answer = button(office, "letter-retry", letter, **sent)

    letter.refresh_from_db()
    assert (letter.state, letter.handled_by) == (LetterState.QUEUED, chen)
    assert answer.url == (list_page if sent.get("campaign") == campaign.code else own_page)


def test_retry_of_an_old_letter_hands_its_lines_on(office, pledge, lin, now):
    letter = a_letter(lin, LetterState.FAILED, at=now - timedelta(days=3))
    line = a_line(pledge, lin, letter)

    button(office, "letter-retry", letter)

    line.refresh_from_db()
    letter.refresh_from_db()
    assert (letter.state, line.letter, line.state) == (LetterState.EXPIRED, None, ReminderState.WAITING)


def test_cancel_stops_a_letter_and_what_it_would_have_told(office, pledge, lin, chen, now):
    letter = a_letter(lin, LetterState.QUEUED, at=now)
    line = a_line(pledge, lin, letter)

    assert button(office, "letter-cancel", letter).status_code == 302

    line.refresh_from_db()
    letter.refresh_from_db()
    assert (letter.state, letter.handled_by, line.dropped) == (LetterState.CANCELLED, chen, Dropped.CANCELLED)


@pytest.mark.parametrize("name", ["letter-retry", "letter-cancel"])
@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.SENDING, LetterState.CANCELLED])
def test_who_comes_second_is_told_and_changes_nothing(office, lin, name, state, now):
    letter = a_letter(lin, state, at=now)

    answer = button(office, name, letter)

    letter.refresh_from_db()
    assert (answer.status_code, letter.state, letter.handled_by) == (409, state, None)
    assert letter.get_state_display() in answer.content.decode()


def test_without_the_look_under_lock_a_sent_letter_would_be_sent_again(office, lin, monkeypatch, now):
    """The twin: what the conflict above protects from."""
    letter = a_letter(lin, at=now, day=timezone.localdate(now))
    monkeypatch.setattr(post_room, "_require", lambda *_args: None)

    button(office, "letter-retry", letter)

    letter.refresh_from_db()
    assert letter.state == LetterState.QUEUED


@pytest.mark.parametrize("name", ["letter-retry", "letter-cancel"])
@pytest.mark.parametrize("who, status", [("lin", 403), ("li", 403), ("wu", 404), ("sun", 404)])
def test_the_buttons_are_the_supervision_offices(request, client, lin, name, who, status, now):
    letter = a_letter(lin, LetterState.FAILED, at=now)
    client.force_login(request.getfixturevalue(who))

    assert button(client, name, letter).status_code == status
    assert Letter.objects.get().state == LetterState.FAILED


def test_the_page_of_a_pledge_says_who_was_told(client, lin, li, pledge, now):
    letter = a_letter(lin, at=now)
    a_line(pledge, lin, letter)
    a_line(pledge, li, a_letter(li, at=now), occasion=Occasion.DIGEST)
    client.force_login(lin)

    response = client.get(pledge.get_absolute_url())
    page = response.content.decode()

    assert {line.recipient for line in response.context["told"]} == {lin, li}
    assert page.count('href="/letters/') == 1  # one's own; the leader's letter is not hers to open


def test_an_untold_pledge_says_so_and_what_comes(client, lin, running, pledge):
    client.force_login(lin)

    response = client.get(pledge.get_absolute_url())

    assert (response.context["told"], 'id="h-told"' in response.content.decode()) == ([], True)


def test_what_comes_is_told_for_today_only_and_not_while_a_report_waits(client, lin, running, finance):
    today = timezone.localdate()
    pledge = PledgeFactory(campaign=running, department=finance, stones=[(today + timedelta(days=40), 10)])
    client.force_login(lin)

    now_page = client.get(pledge.get_absolute_url()).context
    past = client.get(f"{pledge.get_absolute_url()}?on={today - timedelta(days=2)}").context
    ReportFactory(pledge=pledge, author=lin, as_of=today)
    waiting = client.get(pledge.get_absolute_url()).context

    assert [bool(page["coming"]) for page in (now_page, past, waiting)] == [True, False, False]
    assert waiting["is_in_review"] is True


def test_the_page_of_a_pledge_costs_the_same_for_one_reminder_and_many(
    client, li, pledge, lin, chen, cost_of, now
):
    client.force_login(li)

    def more(number):
        for _ in range(number):
            nudge = Nudge.objects.filter(pledge=pledge).first()
            nudge = nudge or Nudge.objects.create(pledge=pledge, by=chen, day=now.date())
            a_line(
                pledge, lin, a_letter(lin, at=now), occasion=Occasion.NUDGE, nudge=nudge, on_behalf_of=chen
            )

    more(1)
    one = cost_of(client, pledge.get_absolute_url())
    more(12)

    assert cost_of(client, pledge.get_absolute_url()) == one <= 22


def test_reminders_of_a_campaign_stay_out_of_anothers_ledger(office, campaign, pledge, lin, now):
    other = CampaignFactory(code="other")
    a_line(pledge, lin, a_letter(lin, at=now))

    assert total_of(office.get(reverse("letter-list", args=[other.code]))) == 0
    assert total_of(office.get(f"{reverse('letter-list', args=[other.code])}?show=lines")) == 0
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize("head, leaders", [(3, 10), (None, None)])
def test_the_rules_print_the_ladder_of_the_campaign(client, lin, campaign, head, leaders):
    campaign.lead_days, campaign.head_after_days, campaign.leaders_after_days = "21,5", head, leaders
    campaign.save()
    client.force_login(lin)
    client.cookies["language"] = "en"

    page = client.get(reverse("rules", args=[campaign.code])).content.decode()

    assert "21 and 5 days ahead" in page
    assert (page.count("Never."), "Once, 3 working days" in page) == ((0, True) if head else (2, False))
