"""Directives on the page of a pledge: who sees them, what stale pages and strangers get."""

from datetime import date

import pytest
from django.urls import reverse

from pledges.actions.directives import answer_directive, close_directive
from pledges.choices import Role
from pledges.models import Directive
from tests.cast import PledgeFactory, person
from tests.kit.directives import DAY, answer, close, create, everything, ids_on
from tests.kit.pages import EVIL
from tests.test_bad_input import NASTY

pytestmark = pytest.mark.usefixtures("monday")


# Left on the page of a pledge


def test_a_leader_leaves_a_word_and_the_department_finds_it_on_top(sign, pledge, li, lin):
    page = sign(li).get(pledge.get_absolute_url()).content.decode()
    assert create(pledge) in page
    assert 'value="2022-07-13"' in page  # seven working days ahead

    done = sign(li).post(create(pledge), {"words": "请抓紧\r\n本周报", "answer_by": "2022-07-08"})

    made = Directive.objects.get()
    assert (done.status_code, done.url) == (302, f"{pledge.get_absolute_url()}#directive-{made.pk}")
    assert (made.words, made.answer_by, made.by) == ("请抓紧\n本周报", date(2022, 7, 8), li)
    work = sign(lin).get(reverse("work"))
    assert [slip.directive for slip in work.context["work"].directives] == [made]
    text = work.content.decode()
    assert (answer(made) in text, "4 days left" in text, "1 directive to answer" in text) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize("role", ["lin", "sun", "chen"])
def test_others_see_no_form(sign, pledge, role, request):
    page = sign(request.getfixturevalue(role)).get(pledge.get_absolute_url())

    assert create(pledge) not in page.content.decode()


@pytest.mark.parametrize(
    "fields, faulty",
    [
        ({"words": ""}, {"words"}),
        ({"words": " \0\u202e "}, {"words"}),
        ({"words": "长" * 501}, {"words"}),
        ({"answer_by": ""}, {"answer_by"}),
        ({"answer_by": "下周"}, {"answer_by"}),
        ({"answer_by": "2022-02-30"}, {"answer_by"}),
        ({"answer_by": "2022-07-03"}, {"answer_by"}),
        ({"answer_by": "2023-07-06"}, {"answer_by"}),
        ({"words": "", "answer_by": "9" * 30}, {"words", "answer_by"}),
    ],
)
def test_what_cannot_be_taken_is_explained_and_kept(sign, pledge, li, fields, faulty):
    page = sign(li).post(create(pledge), {"words": "请抓紧", "answer_by": "2022-07-08"} | fields)

    assert (page.status_code, set(page.context["form"].errors)) == (422, faulty)
    assert Directive.objects.count() == 0
    assert all(f'href="#id_{name}"' in page.content.decode() for name in faulty)


def test_five_hundred_characters_are_words(sign, pledge, li):
    assert sign(li).post(create(pledge), {"words": "长" * 500, "answer_by": "2022-07-08"}).status_code == 302


@pytest.mark.parametrize("words", [EVIL, *NASTY])
def test_words_are_words_and_never_markup(sign, pledge, li, lin, words):
    sign(li).post(create(pledge), {"words": words, "answer_by": "2022-07-08"})
    for made in Directive.objects.all():
        sign(lin).post(answer(made), {"answer": words})

    pages = [
        sign(li).get(address)
        for address in (pledge.get_absolute_url(), everything(pledge.campaign), reverse("work"))
    ]
    assert {page.status_code for page in pages} == {200}
    assert not any(
        "<script>alert" in page.content.decode() or "<img src=x" in page.content.decode() for page in pages
    )


def test_sent_twice_it_is_one(sign, pledge, li):
    form = {"words": "请抓紧", "answer_by": "2022-07-08"}
    first, second = sign(li).post(create(pledge), form), sign(li).post(create(pledge), form)

    assert (first.url, Directive.objects.count()) == (second.url, 1)


def test_the_same_words_for_another_day_are_refused_in_words(sign, pledge, li, directive):
    page = sign(li).post(create(pledge), {"words": directive.words, "answer_by": "2022-07-08"})

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["words"])


# Answered


def test_the_answer_is_seen_by_everybody_who_sees_the_pledge(sign, pledge, directive, lin, sun, chen, li):
    done = sign(lin).post(answer(directive), {"answer": "已办结，附清单"})

    assert (done.status_code, done.url) == (302, reverse("work"))
    assert sign(lin).get(reverse("work")).context["work"].directives == []
    for person_ in (lin, sun, chen, li):
        page = sign(person_).get(pledge.get_absolute_url())
        assert ids_on(page) == [str(directive.pk)]
        assert "已办结，附清单" in page.content.decode()


@pytest.mark.parametrize(
    "text, faulty", [("", True), (" \n ", True), ("长" * 1001, True), ("长" * 1000, False)]
)
def test_an_answer_is_neither_empty_nor_endless(sign, directive, lin, text, faulty):
    page = sign(lin).post(answer(directive), {"answer": text})

    assert page.status_code == (422 if faulty else 302)
    directive.refresh_from_db()
    assert (directive.answered_at is None) == faulty


def test_line_ends_count_once(sign, directive, lin):
    assert sign(lin).post(answer(directive), {"answer": "长\r\n" * 499 + "长长"}).status_code == 302


def test_the_second_tab_is_told_who_was_first_and_keeps_what_was_typed(sign, directive, lin, finance):
    other = person("he", "何会计", Role.REPORTER, finance)
    sign(lin).post(answer(directive), {"answer": "已办结"})

    page = sign(other).post(answer(directive), {"answer": "我写的另一份"})

    assert page.status_code == 409
    assert all(words in page.content.decode() for words in ("林会计", "我写的另一份"))
    directive.refresh_from_db()
    assert directive.answer == "已办结"


def test_a_double_click_is_no_conflict(sign, directive, lin):
    answers = [sign(lin).post(answer(directive), {"answer": "已办结"}).status_code for _twice in range(2)]

    assert answers == [302, 302]


def test_the_back_button_shows_what_was_answered_instead_of_a_form(sign, directive, lin):
    sign(lin).post(answer(directive), {"answer": "已办结"})

    page = sign(lin).get(answer(directive)).content.decode()

    assert ("已办结" in page, "<textarea" in page) == (True, False)


def test_what_belongs_to_another_department_does_not_exist(sign, directive, wu, pledge):
    client = sign(wu)
    addresses = [answer(directive), close(directive), create(pledge)]

    assert [client.post(address, {"answer": "x", "words": "x"}).status_code for address in addresses] == [
        404
    ] * 3
    assert client.get(answer(directive)).status_code == 404
    assert client.get(reverse("work")).context["work"].directives == []


@pytest.mark.parametrize("pk", [0, 987654321, 10**30])
def test_what_is_not_there_is_not_found(sign, lin, pk):
    pages = [sign(lin).get(f"/directives/{pk}/answer/"), sign(lin).post(f"/directives/{pk}/close/")]

    assert [page.status_code for page in pages] == [404, 404]


def test_the_other_department_of_a_shared_pledge_does_not_answer_for_it(
    sign, pledge, directive, wu, elsewhere
):
    PledgeFactory(campaign=pledge.campaign, department=elsewhere, shared_with=pledge)

    assert sign(wu).get(answer(directive)).status_code == 404


# Closed


def test_the_office_closes_what_is_answered_and_it_is_folded_away(sign, pledge, directive, lin, chen):
    answer_directive(directive, by=lin, answer="已办结")
    page = sign(chen).get(pledge.get_absolute_url()).content.decode()
    assert (close(directive) in page, 'name="answered" value="1"' in page) == (True, True)

    done = sign(chen).post(close(directive), {"answered": "1"})

    assert done.url == f"{pledge.get_absolute_url()}#directive-{directive.pk}"
    shown = sign(chen).get(pledge.get_absolute_url())
    assert (shown.context["directives"].open, len(shown.context["directives"].closed)) == ([], 1)


def test_before_an_answer_only_its_author_has_the_button(sign, pledge, directive, li, chen, boss):
    has = {
        user.username: close(directive) in sign(user).get(pledge.get_absolute_url()).content.decode()
        for user in (li, chen, boss)
    }

    assert has == {"li": True, "chen": False, "boss": False}
    assert sign(chen).post(close(directive)).status_code == 403


def test_an_answer_that_came_meanwhile_stops_the_closing(sign, directive, lin, li):
    answer_directive(directive, by=lin, answer="已办结")

    page = sign(li).post(close(directive))

    assert (page.status_code, "林会计" in page.content.decode()) == (409, True)
    directive.refresh_from_db()
    assert directive.closed_at is None


def test_once_closed_nothing_changes(sign, directive, lin, li, chen):
    close_directive(directive, by=li, saw_answer=False)
    before = Directive.objects.values().get()

    codes = [
        sign(lin).post(answer(directive), {"answer": "已办结"}).status_code,
        sign(li).post(close(directive)).status_code,
        sign(chen).post(close(directive), {"answered": "1"}).status_code,
    ]

    assert codes == [409, 302, 403]
    assert Directive.objects.values().get() == before


def test_a_day_that_is_over_has_no_buttons_and_no_later_words(sign, pledge, directive, li, lin, time_machine):
    answer_directive(directive, by=lin, answer="已办结")
    time_machine.shift(3 * DAY)

    then = sign(li).get(f"{pledge.get_absolute_url()}?on=2022-07-03")
    day = sign(li).get(f"{pledge.get_absolute_url()}?on=2022-07-05").content.decode()

    assert ids_on(then) == []
    assert (close(directive) in day, create(pledge) in day, "已办结" in day) == (False, False, True)
