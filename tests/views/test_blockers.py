"""Blockers on the page of a pledge: who sees how much, what strangers and late comers get."""

from datetime import date

import pytest
from django.urls import reverse

from pledges.actions.blockers import remove_blocker
from pledges.models import Blocker, Closing
from tests.kit.blockers import DAY, WORK, create, lists, remove, stand, typed, words_of
from tests.kit.pages import EVIL
from tests.test_bad_input import NASTY

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def blocker(pledge, lin):
    return stand(pledge, lin)


@pytest.fixture
def foreign(pledge, lin, elsewhere):
    """In the way of the finance office, and the commerce office's to remove."""
    return stand(pledge, lin, department=elsewhere)


# Raised on the page of a pledge


@pytest.mark.parametrize("role", ["lin", "sun", "chen", "li"])
def test_who_sees_the_pledge_raises_and_the_responsible_find_it(sign, pledge, elsewhere, wu, role, request):
    by = request.getfixturevalue(role)
    assert create(pledge) in words_of(sign(by).get(pledge.get_absolute_url()))

    done = sign(by).post(create(pledge), typed(weakness="缺\r\n地", department=elsewhere.code))

    made = Blocker.objects.get()
    assert (done.status_code, done.url) == (302, f"{pledge.get_absolute_url()}#blocker-{made.pk}")
    assert (made.weakness, made.due, made.department, made.raised_by) == (
        "缺\n地", date(2022, 7, 20), elsewhere, by,
    )  # fmt: skip
    assert [hitch.blocker for hitch in sign(wu).get(WORK).context["work"].blockers] == [made]


def test_the_own_department_is_proposed(sign, pledge, lin, elsewhere):
    page = words_of(sign(lin).get(create(pledge)))

    assert '<option value="jinrong" selected>' in page
    assert '<option value="shangwu">' in page


@pytest.mark.parametrize(
    "fields, faulty",
    [
        ({"weakness": ""}, {"weakness"}),
        ({"weakness": " \0\u202e "}, {"weakness"}),
        ({"remedy": "长" * 301}, {"remedy"}),
        ({"due": ""}, {"due"}),
        ({"due": "下周"}, {"due"}),
        ({"due": "2022-07-03"}, {"due"}),
        ({"due": "2023-07-06"}, {"due"}),
        ({"department": ""}, {"department"}),
        ({"department": "nowhere"}, {"department"}),
        ({"department": "\0"}, {"department"}),
        ({"weakness": "", "remedy": "", "due": "9" * 30, "department": "1"}, {"weakness", "remedy", "due", "department"}),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_explained_and_kept(sign, pledge, lin, elsewhere, fields, faulty):
    page = sign(lin).post(create(pledge), typed(**fields))

    assert (page.status_code, set(page.context["form"].errors)) == (422, faulty)
    assert Blocker.objects.count() == 0
    assert all(f'href="#id_{name}"' in words_of(page) for name in faulty)


def test_three_hundred_characters_are_words_and_a_double_click_is_one(sign, pledge, lin):
    form = typed(weakness="长" * 300, remedy="短" * 300)
    first, second = sign(lin).post(create(pledge), form), sign(lin).post(create(pledge), form)

    assert (first.status_code, first.url, Blocker.objects.count()) == (302, second.url, 1)


@pytest.mark.parametrize("words", [EVIL, *NASTY])
def test_words_are_words_and_never_markup(sign, pledge, lin, chen, words):
    sign(lin).post(create(pledge), typed(weakness=words, remedy=words))
    addresses = [pledge.get_absolute_url(), WORK, lists(pledge.campaign)]
    addresses.append(lists(pledge.campaign, name="blocker-paper"))
    made = Blocker.objects.first()
    if made:
        addresses.append(remove(made))
    pages = [sign(lin).get(address) for address in addresses]
    if made:
        sign(chen).post(remove(made), {"outcome": words})
    pages += [sign(chen).get(address) for address in addresses]

    assert {page.status_code for page in pages} == {200}
    assert not any("<script>alert" in words_of(page) or "<img src=x" in words_of(page) for page in pages)


def test_a_closed_pledge_offers_no_form_and_takes_nothing(sign, pledge, lin, chen):
    Closing.objects.create(pledge=pledge, closed_by=chen)

    assert create(pledge) not in words_of(sign(lin).get(pledge.get_absolute_url()))
    assert "<textarea" not in words_of(sign(lin).get(create(pledge)))
    page = sign(lin).post(create(pledge), typed())
    assert (page.status_code, "用地指标不足" in words_of(page), Blocker.objects.count()) == (409, True, 0)


# What a department sees of a foreign pledge


def test_the_responsible_see_the_name_of_a_foreign_pledge_and_no_way_to_it(sign, pledge, foreign, wu):
    client, address = sign(wu), pledge.get_absolute_url()
    pages = [
        words_of(client.get(where))
        for where in (
            WORK,
            remove(foreign),
            lists(pledge.campaign),
            lists(pledge.campaign, name="blocker-paper"),
        )
    ]

    assert all(pledge.title in page and "金融办" in page for page in pages)
    assert not any(address in page for page in pages)
    assert [client.get(where).status_code for where in (address, create(pledge))] == [404, 404]
    assert client.post(create(pledge), typed()).status_code == 404


def test_the_pledges_own_people_are_led_to_it(sign, pledge, blocker, lin):
    place = f"{pledge.get_absolute_url()}#blocker-{blocker.pk}"

    assert all(place in words_of(sign(lin).get(where)) for where in (WORK, lists(pledge.campaign)))


def test_what_is_between_others_does_not_exist(sign, pledge, blocker, wu):
    client = sign(wu)

    assert (
        client.get(remove(blocker)).status_code
        == client.post(remove(blocker), {"outcome": "x"}).status_code
        == 404
    )
    assert client.get(WORK).context["work"].blockers == []
    assert client.get(lists(pledge.campaign)).context["rows"] == []
    assert blocker.weakness not in words_of(client.get(lists(pledge.campaign, name="blocker-paper")))


@pytest.mark.parametrize("pk", [0, 987654321, 10**30])
def test_what_is_not_there_is_not_found(sign, lin, pk):
    assert sign(lin).get(f"/blockers/{pk}/remove/").status_code == 404


# Removed


def test_the_responsible_remove_it_and_everybody_reads_how(sign, pledge, foreign, wu, lin, sun, chen):
    done = sign(wu).post(remove(foreign), {"outcome": "指标已协调"})

    assert (done.status_code, done.url) == (302, reverse("work"))
    assert sign(wu).get(WORK).context["work"].blockers == []
    for each in (lin, sun, chen):
        page = sign(each).get(pledge.get_absolute_url())
        heap = page.context["blockers"]
        assert (heap.open, [hitch.blocker for hitch in heap.removed]) == ([], [foreign])
        assert "指标已协调" in words_of(page)


def test_only_the_responsible_and_the_office_have_the_button(sign, pledge, foreign, lin, sun, chen, li, boss):
    has = {
        each.username: remove(foreign) in words_of(sign(each).get(pledge.get_absolute_url()))
        for each in (lin, sun, chen, li, boss)
    }

    assert has == {"lin": False, "sun": False, "chen": True, "li": False, "boss": True}
    assert [sign(each).post(remove(foreign), {"outcome": "x"}).status_code for each in (lin, sun, li)] == [
        403
    ] * 3


def test_the_pledges_own_people_return_to_its_page(sign, pledge, blocker, lin):
    done = sign(lin).post(remove(blocker), {"outcome": "已追加"})

    assert done.url == f"{pledge.get_absolute_url()}#blocker-{blocker.pk}"


@pytest.mark.parametrize("text, code", [("", 422), (" \n ", 422), ("长" * 301, 422), ("长" * 300, 302)])
def test_the_words_are_neither_empty_nor_endless(sign, blocker, lin, text, code):
    assert sign(lin).post(remove(blocker), {"outcome": text}).status_code == code
    blocker.refresh_from_db()
    assert (blocker.removed_at is None) == (code == 422)


def test_the_second_tab_is_told_who_was_first_and_keeps_what_was_typed(sign, blocker, lin, sun):
    sign(lin).post(remove(blocker), {"outcome": "已追加"})

    page = sign(sun).post(remove(blocker), {"outcome": "我写的另一份"})

    assert page.status_code == 409
    assert all(words in words_of(page) for words in ("林会计", "我写的另一份"))


def test_a_double_click_is_no_conflict_and_the_back_button_shows_how(sign, blocker, lin):
    codes = [sign(lin).post(remove(blocker), {"outcome": "已追加"}).status_code for _twice in range(2)]
    page = words_of(sign(lin).get(remove(blocker)))

    assert (codes, "已追加" in page, "<textarea" in page) == ([302, 302], True, False)


def test_a_day_that_is_over_has_no_buttons_and_no_later_words(sign, pledge, blocker, lin, time_machine):
    time_machine.shift(3 * DAY)
    remove_blocker(blocker, by=lin, outcome="已追加")
    time_machine.shift(DAY)
    pages = {day: sign(lin).get(f"{pledge.get_absolute_url()}?on=2022-07-0{day}") for day in (3, 5, 7)}

    heaps = {day: page.context["blockers"] for day, page in pages.items()}
    assert [(len(heap.open), len(heap.removed)) for heap in heaps.values()] == [(0, 0), (1, 0), (0, 1)]
    before = words_of(pages[5]).split('id="blockers"')[1].split("</section>")[0]
    assert (remove(blocker) in before, "已追加" in before, create(pledge) in words_of(pages[5])) == (
        False, False, False,
    )  # fmt: skip
