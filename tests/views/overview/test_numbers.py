"""Every number of the overview and of a department's page opens exactly the list that it counts."""

import re

import pytest

from tests.kit.numbers import links_in, main_of, numbers_to_lists, total_of, words_of

DAYS = ("2021-12-20", "2022-06-15", "2022-07-01", "2022-12-31", "2023-02-01")


OPEN = {
    "li": {"overview", "finance", "elsewhere"},
    "lin": {"overview", "finance"},
    "wu": {"overview", "elsewhere"},
}


@pytest.mark.parametrize(
    "who, where", [(who, where) for who, pages in OPEN.items() for where in sorted(pages)]
)
def test_every_number_opens_exactly_the_list_it_counts(request, client, plan, pages, who, where):
    client.force_login(request.getfixturevalue(who))
    for day in DAYS if who == "li" else DAYS[2:3]:  # who sees less sees it on every day by the same rule
        found = numbers_to_lists(client.get(f"{pages[where]}?on={day}"))

        assert [(href, total_of(client, href)) for href, _number in found] == found
        assert found != [] or day < "2022"


@pytest.mark.parametrize("where", ["overview", "finance", "elsewhere"])
def test_no_number_of_pledges_stands_without_its_list(client, li, plan, pages, where):
    client.force_login(li)
    html = main_of(client.get(f"{pages[where]}?on=2022-07-01"))
    table = re.search(r'<div class="scroll".*?</div>', html, re.DOTALL)
    cells = re.findall(r'<td class="num">(.*?)</td>', table[0] if table else "", re.DOTALL)
    tiles = re.findall(
        r"<li>(.*?)</li>", re.search(r'<ul class="strip".*?</ul>|$', html, re.DOTALL)[0], re.DOTALL
    )

    bare = [words_of(cell).strip() for cell in cells if "<a " not in cell]
    assert set(bare) <= {"0"}
    assert [tile for tile in tiles if "<a " not in tile] == []


@pytest.mark.parametrize("where", ["overview", "finance", "elsewhere"])
def test_what_is_due_soon_is_counted_in_milestones_and_exported_in_pledges(client, li, plan, pages, where):
    client.force_login(li)
    response = client.get(f"{pages[where]}?on=2022-06-25")
    html, rows = main_of(response), response.context["board"].due
    (section,) = re.findall(r'<section class="sec" aria-labelledby="due">.*?</section>', html, re.DOTALL)

    assert int(re.search(r"(\d+)[^<]*</span></h2>", section)[1]) == len(rows) == section.count("<tr>") - 1
    (href,) = [href for href, _words in links_in(section) if "due_within=30" in href]
    assert total_of(client, href) == len({row.line.pledge.pk for row in rows})


FILTERS = (
    "department=jinrong",
    "theme=people",
    "theme=works",
    "theme=works&department=shangwu&due=2022-07",
    "basis=deliverable",
    "stretch=0",
    "due=2022-06&stretch=1",
    "due=2022-07&department=shangwu",
)


@pytest.mark.parametrize("who", ["li", "lin"])
@pytest.mark.parametrize("asked", FILTERS)
def test_under_filters_every_number_still_opens_its_list(request, client, plan, pages, who, asked):
    client.force_login(request.getfixturevalue(who))
    response = client.get(f"{pages['overview']}?on=2022-07-01&{asked}")
    found = numbers_to_lists(response)

    assert [(href, total_of(client, href)) for href, _number in found] == found
    assert all(
        each in href for href, _number in found for each in asked.split("&") if "department" not in each
    )


@pytest.mark.parametrize(
    "day, than", [("2022-07-01", "2022-06-15"), ("2022-12-31", "2022-01-01"), ("2022-07-20", "")]
)
def test_every_change_opens_exactly_its_list(client, li, plan, pages, day, than):
    client.force_login(li)
    response = client.get(f"{pages['overview']}?on={day}&than={than}")
    links = [(href, number) for href, number in numbers_to_lists(response) if "changed=" in href]

    assert {(each.change.value, each.number) for each in response.context["board"].changes} == {
        (re.search(r"changed=([\w-]+)", href)[1], number) for href, number in links
    }
    assert [(href, total_of(client, href)) for href, _number in links] == links != []


def test_a_cell_of_the_map_opens_what_was_due(client, li, plan, pages):
    client.force_login(li)
    html = main_of(client.get(f"{pages['overview']}?on=2022-07-01"))
    cells = [
        (href, int(words.split()[0])) for href, words in links_in(html) if re.search(r"due=2022-\d\d", href)
    ]

    assert [(href, total_of(client, href)) for href, _number in cells] == cells
    assert len(cells) == 6
