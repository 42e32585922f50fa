"""What can be decided is offered, and what is shared is read by all who share it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from pledges.actions.extensions import ask_extension, grant_extension, refuse_extension, withdraw_extension
from pledges.models import AuditEvent, Extension, Milestone
from pledges.queries.deeds import newest_deeds
from pledges.queries.extensions import as_of
from tests.cast import PledgeFactory, accepted
from tests.kit.pages import text_of

TODAY, DUE, LATER, END = date(2022, 6, 20), date(2022, 6, 30), date(2022, 8, 31), date(2022, 12, 31)
STONES = [(DUE, 50), (END, 100)]


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(datetime(2022, 6, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture
def pledge(campaign, finance):
    return PledgeFactory(campaign=campaign, department=finance, stones=STONES)


@pytest.fixture
def stone(pledge):
    return pledge.milestones.get(due=DUE)


@pytest.fixture
def shared(pledge, elsewhere):
    return PledgeFactory(campaign=pledge.campaign, department=elsewhere, shared_with=pledge, stones=STONES)


def ask(stone, by, new_due=LATER):
    return ask_extension(
        stone, by=by, new_due=new_due, reason="用地指标未下达", was_due=stone.due, today=TODAY
    )


def reached(stone, lin, zhao):
    accepted(stone.pledge, as_of=TODAY, value=60, reviewer=zhao, author=lin)


def without_room(stone, _lin, _zhao):
    Milestone.objects.filter(pledge=stone.pledge, due=END).update(due=date(2022, 7, 1))


def too_late(stone, _lin, _zhao):
    Milestone.objects.filter(pledge=stone.pledge, due=END).update(due=LATER)


def moved(stone, _lin, _zhao):
    Milestone.objects.filter(pk=stone.pk).update(due=date(2022, 7, 15))


@pytest.mark.parametrize(
    "happens, words",
    [
        (reached, "This milestone is reached already."),
        (without_room, "There is no day between"),
        (too_late, "the next milestone follows"),
        (moved, "Meanwhile the deadline was moved to 15 July"),
    ],
)
def test_what_cannot_be_granted_is_not_offered_and_the_page_says_why(
    stone, lin, chen, zhao, sign, happens, words
):
    extension = ask(stone, lin)
    address = reverse("extension-decide", args=[extension.pk])
    assert 'value="grant"' in text_of(sign(chen).get(address))
    happens(stone, lin, zhao)

    page = sign(chen).get(address)
    sent = sign(chen).post(address, {"decision": "grant", "answer": "同意延期"})

    assert (words in text_of(page), 'value="grant"' in text_of(page), 'value="refuse"' in text_of(page)) == (
        True,
        False,
        True,
    )
    assert page.context["granted_line"] is None
    assert (sent.status_code, text_of(sent).count(words)) == (422, 1)
    assert ("同意延期" in text_of(sent), Extension.objects.get().state) == (True, "asked")
    assert sign(chen).post(address, {"decision": "refuse", "answer": "不再需要"}).status_code == 302


def test_a_decision_that_is_none_is_asked_for_again(stone, lin, chen, sign):
    address = reverse("extension-decide", args=[ask(stone, lin).pk])
    for form in ({"answer": "同意"}, {"answer": "同意", "decision": "x"}):
        answer = sign(chen).post(address, form)
        assert (answer.status_code, "Choose: grant it or refuse it." in answer.content.decode()) == (
            422,
            True,
        )


def test_asked_in_time_it_is_granted_after_the_deadline_too(stone, lin, chen, sign, time_machine):
    address = reverse("extension-decide", args=[ask(stone, lin).pk])
    time_machine.move_to(datetime(2022, 7, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai")))

    assert 'value="grant"' in text_of(sign(chen).get(address))
    assert sign(chen).post(address, {"decision": "grant", "answer": ""}).status_code == 302


def test_only_who_was_late_hears_that_somebody_was_first(stone, lin, chen, zhao, sign):
    extension = ask(stone, lin)
    grant_extension(extension, by=zhao, answer="", today=TODAY)

    page = sign(chen).post(
        reverse("extension-decide", args=[extension.pk]), {"decision": "grant", "answer": "同意"}
    )

    assert (page.status_code, "Somebody was first" in text_of(page)) == (409, True)


def of(pledge, extension):
    return f"{pledge.get_absolute_url()}#extension-{extension.pk}"


def test_who_shares_a_pledge_reads_its_requests_on_their_own_page(pledge, stone, shared, lin, wu, sign):
    extension = ask(stone, lin)
    lists = reverse("extension-list", args=[pledge.campaign.code])

    for person, page in ((lin, pledge), (wu, shared)):
        client = sign(person)
        work, listed = client.get(reverse("work")), client.get(lists)
        assert (work.context["requests"], list(listed.context["rows"])) == ([extension], [extension])
        assert (of(page, extension) in text_of(work), of(page, extension) in text_of(listed)) == (True, True)
        assert f'id="extension-{extension.pk}"' in text_of(client.get(page.get_absolute_url()))


def test_asked_by_the_partner_it_stands_at_the_first_and_at_the_third(
    pledge, shared, campaign, lin, wu, sun, finance, sign
):
    third = PledgeFactory(campaign=campaign, department=finance, shared_with=pledge, stones=STONES)
    extension = ask(shared.milestones.get(due=DUE), wu)

    work = sign(sun).get(reverse("work"))

    # The office has two of the three; the request is one.
    assert work.context["requests"] == [extension]
    assert of(pledge, extension) in text_of(work)
    assert f'id="extension-{extension.pk}"' in text_of(sign(lin).get(third.get_absolute_url()))


def test_the_numbers_of_the_partner_open_what_they_count(
    campaign, pledge, stone, shared, lin, wu, chen, sign
):
    refuse_extension(ask(stone, lin), by=chen, answer="倒排工期")
    other = PledgeFactory(campaign=campaign, department=shared.department)
    ask(other.milestones.get(), wu, date(2023, 1, 31))
    for person in (wu, chen):
        client = sign(person)
        whose = client.get(reverse("department-detail", args=[campaign.code, "shangwu"]))
        assert (whose.context["asked"]["every"], whose.context["asked"]["refused"]) == (2, 1)
        query = f"{reverse('extension-list', args=[campaign.code])}?department=shangwu"
        assert client.get(query).context["page"].paginator.count == 2

    chosen = {each.code for each in client.get(query).context["departments"]}
    assert (chosen, client.get(query).context["chosen"].code) == ({"jinrong", "shangwu"}, "shangwu")


def test_the_partner_reads_it_but_neither_takes_it_back_nor_decides(pledge, stone, shared, lin, wu, sign):
    extension = ask(stone, lin)
    client = sign(wu)

    statuses = [client.post(reverse(f"extension-{step}", args=[extension.pk])).status_code for step in
                ("withdraw", "decide")]  # fmt: skip

    assert (statuses, Extension.objects.get().state) == ([403, 403], "asked")


def test_strangers_find_none_of_it(pledge, stone, elsewhere, lin, wu, sign):
    PledgeFactory(campaign=pledge.campaign, department=elsewhere)
    extension = ask(stone, lin)
    client = sign(wu)

    assert client.get(reverse("work")).context["requests"] == []
    assert client.post(reverse("extension-withdraw", args=[extension.pk])).status_code == 404


def test_both_histories_tell_of_every_step(pledge, stone, shared, lin, wu, chen):
    withdraw_extension(ask(shared.milestones.get(due=DUE), wu), by=wu)
    refuse_extension(ask(shared.milestones.get(due=DUE), wu), by=chen, answer="倒排工期")
    grant_extension(ask(stone, lin), by=chen, answer="", today=TODAY)

    told = [[deed.event.action for deed in newest_deeds(each, until=TODAY)[0]] for each in (pledge, shared)]

    assert told[0] == told[1]
    assert sorted(told[0]) == sorted(
        ["extension.ask"] * 3 + ["extension.withdraw", "extension.refuse", "extension.grant"]
    )
    assert set(AuditEvent.objects.values_list("pledge_id", flat=True)) == {pledge.pk}


def test_a_request_is_shown_as_it_stood_and_stored_as_it_is(stone, lin, chen):
    granted = grant_extension(ask(stone, lin), by=chen, answer="同意", today=TODAY)

    then = as_of(granted, date(2022, 6, 19))

    assert (then.state, then.decided_by, then.answer, then.reason) == ("asked", None, "", "用地指标未下达")
    assert as_of(granted, TODAY) is granted
    assert (granted.state, Extension.objects.get().state) == ("granted", "granted")
