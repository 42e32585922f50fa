"""What is typed, sent or asked by hand is answered in words, and urges nothing."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from pledges.actions import nudges as actions
from pledges.models import Nudge, Reminder
from pledges.queries import nudges as queries
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory, accepted
from tests.kit.pages import EVIL
from tests.kit.urging import codes_in, messages_on, send
from tests.test_bad_input import NASTY, PARAMETERS

pytestmark = pytest.mark.usefixtures("monday")


@pytest.mark.parametrize("role", ["lin", "wu", "sun"])
def test_reporters_and_heads_are_refused_by_hand_too(client, door, pledge, lin, role, request):
    client.force_login(request.getfixturevalue(role))

    assert client.get(door()).status_code == 403
    assert send(client, door(), pledge.code).status_code == 403
    assert Nudge.objects.count() == 0


def test_what_waits_or_is_done_is_not_urged_by_hand_either(as_chen, door, make, lin, chen):
    waits, done = make(), make()
    ReportFactory(pledge=waits, author=lin)
    accepted(done, as_of=date(2022, 6, 30), value=100, reviewer=chen, author=lin)

    assert send(as_chen, door(), waits.code, done.code).status_code == 409
    assert Nudge.objects.count() == 0


def test_one_foreign_code_spoils_the_form(as_chen, door, pledge):
    foreign = PledgeFactory(campaign=CampaignFactory(), department=pledge.department)

    for code in (foreign.code, "nowhere"):
        assert send(as_chen, door(), pledge.code, code).status_code == 404
        assert as_chen.get(door(f"pledge={code}")).status_code == 404
    assert Nudge.objects.count() == 0


@pytest.mark.parametrize(
    "codes", [[], ["\0"], ["a b"], ["' OR 1=1"], ["x" * 61], [f"c-{n}" for n in range(101)]]
)
def test_a_form_that_no_page_of_ours_sends_is_answered_in_words(as_chen, door, pledge, codes):
    answer = send(as_chen, door(), *codes, words=EVIL)

    assert (answer.status_code, Nudge.objects.count()) == (422, 0)
    assert len(answer.context["form"].errors["codes"]) == 1
    assert EVIL not in answer.content.decode()


@pytest.mark.parametrize("code", ["%00", "a%20b", "x" * 61])
def test_a_code_that_is_none_is_not_found(as_chen, door, pledge, code):
    assert as_chen.get(door(f"pledge={code}")).status_code == 404


def test_words_over_the_limit_come_back_with_the_same_pledges(as_chen, door, make):
    one, _two = make(), make()

    answer = send(as_chen, door(), one.code, words="督" * 301)

    assert (answer.status_code, Nudge.objects.count()) == (422, 0)
    assert codes_in(answer) == [one.code]
    assert "督" * 301 in answer.content.decode()
    assert send(as_chen, door(), one.code, words="督" * 299 + "\r\n督").status_code == 422
    assert send(as_chen, door(), one.code, words="督" * 298 + "\r\n督").status_code == 200


def test_line_ends_stay_and_other_invisible_signs_do_not(as_chen, door, pledge):
    send(as_chen, door(), pledge.code, words="一\r\nBcc: x\0\x0b二\u2028三\u202e四\x1b")

    assert Nudge.objects.get().words == "一\nBcc: x  二 三 四"


@pytest.mark.parametrize("name", [*PARAMETERS, "pledge"])
def test_whatever_an_address_says_is_answered(as_chen, door, pledge, name):
    answers = {as_chen.get(door(urlencode({name: nasty}))).status_code for nasty in NASTY[::5]}

    assert answers <= {200, 404}


def test_whatever_is_typed_is_kept_or_explained(as_chen, door, pledge):
    for nasty in NASTY:
        typed, forged = {"codes": [pledge.code], "words": nasty}, {"codes": [nasty]}
        assert as_chen.post(door(), typed).status_code in {302, 422}
        assert as_chen.post(door(), forged).status_code in {404, 422}
        Reminder.objects.all().delete()
        Nudge.objects.all().delete()


def test_markup_in_words_and_titles_is_text_on_every_page(as_chen, client, door, make, lin):
    pledge = make(title=EVIL)
    pages = [door(), reverse("pledge-detail", args=[pledge.code]), reverse("work")]
    send(as_chen, door(), pledge.code, words=EVIL)

    for who, page in ((None, pages[0]), (None, pages[1]), (lin, pages[2])):
        if who:
            client.force_login(who)
        text = client.get(page).content.decode()
        assert ("<script>alert" in text, "onerror=alert" in text.replace("onerror=alert(2)&gt;", "")) == (
            False,
            False,
        )
    assert "&lt;script&gt;alert(1)" in client.get(reverse("work")).content.decode()


def test_a_list_that_is_too_long_is_refused_and_shown_how_to_filter(as_chen, door, make, monkeypatch):
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 1)
    monkeypatch.setattr("pledges.views.nudges.MOST_AT_ONCE", 1)
    red, _grey = make(stones=[(date(2022, 6, 30), 60)]), make()

    page = as_chen.get(door("q=%E4%BC%81%E4%B8%9A"))

    assert (codes_in(page), page.context["too_many"]) == ([], 2)
    [link] = [url for light, _number, url in page.context["lights"] if light == "red"]
    assert codes_in(as_chen.get(door() + link[1:])) == [red.code]


def test_a_list_without_end_is_counted_not_judged(as_chen, door, make, monkeypatch):
    monkeypatch.setattr("pledges.views.nudges.MOST_LOOKED_AT", 1)
    make(), make()

    page = as_chen.get(door())

    assert (page.context["too_many"], "choice" in page.context) == (2, False)


def test_over_the_limit_of_an_hour_the_form_says_until_when(as_chen, door, make, monkeypatch):
    monkeypatch.setattr(actions, "MOST_AN_HOUR", 1)
    one, two = make(), make()
    send(as_chen, door(), one.code)

    answer = send(as_chen, door(), two.code, words="请抓紧")

    assert (answer.status_code, Nudge.objects.count()) == (422, 1)
    assert "wait until 4 July 2022, 11:00" in answer.content.decode()
    assert "请抓紧</textarea>" in answer.content.decode()


def test_a_filter_nobody_knows_is_named_before_everything_is_urged(as_chen, door, pledge):
    [said] = messages_on(as_chen.get(door("light=purple")))

    assert "purple" in said


def test_a_visitor_is_sent_to_the_door(client, door, pledge):
    assert client.get(door()).url.split("?")[0] == reverse("sign-in")
    assert client.post(door(), {"codes": [pledge.code]}).url.split("?")[0] == reverse("sign-in")
