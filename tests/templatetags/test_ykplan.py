"""The tags every page shares: lights, bars, links that keep the day, numbers and days in words."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from pledges.choices import Basis, Light
from pledges.models import Milestone, Pledge
from pledges.queries.board import Counts
from pledges.queries.facts import judged_one
from tests.cast import PledgeFactory, accepted

JUNE_30, JULY_1 = date(2022, 6, 30), date(2022, 7, 1)
MIXED = Counts({Light.RED: 1, Light.YELLOW: 2, Light.GREEN: 3, Light.DONE: 1, Light.GREY: 1})


@pytest.fixture(autouse=True)
def english():
    """The words of the msgids, so that a better translation changes no test."""
    with translation.override("en"):
        yield


def drawn(text: str, **names) -> str:
    return Template("{% load ykplan %}" + text).render(Context(names))


def words_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()


@pytest.fixture
def line_of(campaign, finance):
    """The judged line of a pledge on a day."""

    def judged(day=JULY_1, **facts):
        pledge = PledgeFactory(campaign=campaign, department=finance, **facts)
        return judged_one(pledge, today=day)

    return judged


@pytest.fixture
def half_done(campaign, finance, lin, chen):
    """Fifty of a hundred at the middle of the year: on the line."""
    pledge = PledgeFactory(campaign=campaign, department=finance)
    accepted(pledge, as_of=JUNE_30, value=30, reviewer=chen, author=lin)
    return judged_one(pledge, today=JULY_1)


class TestLight:
    @pytest.mark.parametrize("light", Light)
    def test_a_light_has_shape_word_and_colour(self, light):
        html = drawn("{% light which %}", which=light.value)

        assert (f'href="#light-{light}"' in html, f"light--{light}" in html) == (True, True)
        assert words_of(html) == str(light.label)

    def test_done_late_has_a_shape_and_words_of_its_own(self):
        html = drawn('{% light "done" late=True %}')

        assert ('href="#light-late"' in html, "light--done" in html, words_of(html)) == (
            True,
            True,
            "Done late",
        )

    @pytest.mark.parametrize("light", [light for light in Light if light != Light.DONE])
    def test_only_what_is_done_can_be_late(self, light):
        assert drawn("{% light which late=True %}", which=light) == drawn("{% light which %}", which=light)

    def test_a_line_knows_its_light_and_whether_it_is_late(self, line_of, lin, chen):
        line = line_of(stones=[(date(2022, 5, 31), 10)])
        assert "light--red" in drawn("{% light line %}", line=line)

        accepted(line.pledge, as_of=JUNE_30, value=10, reviewer=chen, author=lin)
        assert "#light-late" in drawn("{% light line %}", line=judged_one(line.pledge, today=JULY_1))

    def test_a_big_one_says_so(self):
        assert 'class="light light--red light--big"' in drawn('{% light "red" big=True %}')


class TestBars:
    def test_the_bar_shows_its_pieces_in_the_order_of_trouble(self):
        html = drawn("{% bar counts %}", counts=MIXED)
        starts = [float(x) for x in re.findall(r' x="([\d.]+)%"', html)]

        assert starts == [0, 12.5, 37.5, 75, 87.5]
        assert re.findall(r'class="([rgdu])"|fill="url\(#(hatch)\)"', html) == [
            ("r", ""), ("", "hatch"), ("g", ""), ("d", ""), ("u", "")
        ]  # fmt: skip

    def test_the_bar_says_in_words_what_it_shows(self):
        counts = Counts({Light.RED: 2, Light.DONE: 1})

        assert 'aria-label="Alert 2, Done 1"' in drawn("{% bar counts %}", counts=counts)

    def test_nothing_is_no_bar(self):
        assert drawn("{% bar counts %}", counts=Counts()).strip() == ""

    def test_a_share_is_told_to_a_tenth(self):
        assert (
            drawn('{{ counts|share_of:"yellow" }} {{ counts|count_of:"yellow" }}', counts=MIXED) == "25.0% 2"
        )
        assert drawn('{{ counts|share_of:"red" }}', counts=Counts()) == "0.0%"


class TestBullet:
    def test_it_shows_what_is_done_what_is_expected_and_the_gap(self, half_done):
        html = drawn("{% bullet line %}", line=half_done)

        assert 'aria-label="30% done, 50% expected"' in html
        assert re.search(r'class="act" y="4" width="([\d.]+)"', html)[1] == "50.4"
        assert "url(#gap-yellow)" in html

    def test_it_never_leaves_its_track(self, line_of, lin, chen):
        line = line_of()
        accepted(line.pledge, as_of=JUNE_30, value=250, reviewer=chen, author=lin)

        html = drawn("{% bullet line %}", line=judged_one(line.pledge, today=JULY_1))
        assert ('width="168.0"' in html, "100% done" in html, "gap-" in html) == (True, True, False)

    @pytest.mark.parametrize(
        "facts",
        [
            {"basis": Basis.DELIVERABLE, "unit": "", "stones": [(JUNE_30, None)]},
            {"basis": Basis.LEVEL},  # no baseline: no length to draw
            {"baseline": Decimal(100)},  # nothing to gain: no length either
        ],
    )
    def test_what_has_no_length_has_no_bullet(self, line_of, facts):
        assert drawn("{% bullet line %}", line=line_of(**facts)).strip() == ""

    def test_a_small_count_has_no_expectation(self, line_of):
        html = drawn("{% bullet line %}", line=line_of(stones=[(date(2022, 12, 31), 2)]))

        assert 'aria-label="0% done"' in html
        assert 'class="exp"' not in html

    def test_a_falling_goal_grows_to_the_right_too(self, line_of, lin, chen):
        line = line_of(
            basis=Basis.LEVEL, direction="at_most", baseline=Decimal(100), stones=[(date(2022, 12, 31), 50)]
        )
        accepted(line.pledge, as_of=JUNE_30, value=90, reviewer=chen, author=lin)

        assert "20% done, 50% expected" in drawn(
            "{% bullet line %}", line=judged_one(line.pledge, today=JULY_1)
        )


class TestLink:
    LIST = '{% link "pledge-list" "wujin-2022" light="red" department=code %}'

    @pytest.mark.parametrize(
        "day, today, query",
        [
            (JUNE_30, JULY_1, "?light=red&department=jinrong&on=2022-06-30"),
            (JULY_1, JULY_1, "?light=red&department=jinrong"),
            (None, JULY_1, "?light=red&department=jinrong"),
        ],
    )
    def test_another_day_than_today_goes_along(self, day, today, query):
        html = drawn(self.LIST, day=day, today=today, code="jinrong")

        assert html.replace("&amp;", "&") == f"/campaigns/wujin-2022/pledges/{query}"

    def test_what_is_empty_is_left_out(self):
        assert (
            drawn('{% link "pledge-list" "wujin-2022" light="" department=none %}', none=None)
            == "/campaigns/wujin-2022/pledges/"
        )

    def test_a_day_that_is_named_wins(self):
        html = drawn('{% link "overview" "wujin-2022" on="2022-01-01" %}', day=JUNE_30, today=JULY_1)

        assert html == "/campaigns/wujin-2022/?on=2022-01-01"

    def test_several_values_of_one_name_all_go_along(self):
        html = drawn('{% link "pledge-list" "wujin-2022" light=lights %}', lights=["red", "yellow"])

        assert html.replace("&amp;", "&") == "/campaigns/wujin-2022/pledges/?light=red&light=yellow"

    def test_what_is_typed_cannot_break_out_of_the_address(self):
        html = drawn('<a href="{% link "pledge-list" "wujin-2022" q=typed %}">', typed='"><script>&on=x')

        assert html == '<a href="/campaigns/wujin-2022/pledges/?q=%22%3E%3Cscript%3E%26on%3Dx">'

    def test_an_address_can_be_kept_for_later(self):
        assert (
            drawn('{% link "rules" "wujin-2022" as there %}[{{ there }}]') == "[/campaigns/wujin-2022/rules/]"
        )


@pytest.mark.parametrize(
    "text, shown",
    [
        ("{{ 12345|number }}", "12,345"),
        ("{{ unknown|number }}", "—"),
        ("{{ value|number }}", "1,234.5"),
        ("{{ value|with_unit:'家' }}", "1,234.5\N{NO-BREAK SPACE}家"),
        ("{{ value|with_unit:'%' }}", "1,234.5%"),
        ("{{ unknown|with_unit:'家' }}", "—"),
        ("{{ june|day }}", "30 June 2022"),
        ("{{ june|day:july }}", "30 June"),
        ("{{ june|day:later }}", "30 June 2022"),
        ("{{ unknown|day }}", "—"),
        ("{{ said|moment }}", "1 July 2022, 10:00"),
        ("{{ unknown|moment }}", "—"),
    ],
)
def test_numbers_and_days_are_written_as_people_read_them(text, shown):
    names = {
        "value": Decimal("1234.5000"), "unknown": None, "june": JUNE_30, "july": JULY_1, "later": date(2023, 1, 1),
        "said": datetime(2022, 7, 1, 2, tzinfo=UTC),
    }  # fmt: skip

    assert drawn(text, **names).replace("\N{NO-BREAK SPACE}", " ") == shown.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "text, shown",
    [
        ("{{ value|target_words:pledge }}", "more than 50 亿元"),
        ("{{ none|target_words:pledge }}", "done"),
        ("{{ value|value_words:pledge }}", "50 亿元"),
        ("{{ none|value_words:pledge }}", "not reported"),
        ("{{ planned|planned_words:pledge }}", "49.3 亿元"),
        ("{{ none|planned_words:pledge }}", "—"),
    ],
)
def test_a_value_is_told_in_the_words_of_its_pledge(text, shown):
    pledge = Pledge(unit="亿元", basis=Basis.FLOW, strict=True)
    html = drawn(text, pledge=pledge, value=Decimal(50), planned=Decimal("49.3151"), none=None)

    assert html.replace("\N{NO-BREAK SPACE}", " ") == shown


def test_a_line_tells_why_what_to_do_and_how_long(half_done):
    for name in ("why", "what_to_do", "holds"):
        assert drawn("{{ line|" + name + " }}", line=half_done) not in {"", "None"}


def test_in_the_first_days_any_figure_is_enough(line_of):
    line = line_of(day=date(2022, 1, 2))

    assert drawn("{{ line|what_to_do }}", line=line) == "Report how it stands."


def test_words_from_the_database_stay_words(line_of):
    line = line_of(unit="<b>")
    Milestone.objects.filter(pledge=line.pledge).update(target=7)

    assert "<b>" not in drawn("{{ line|why }}{{ line|what_to_do }}{% bullet line %}", line=line)
