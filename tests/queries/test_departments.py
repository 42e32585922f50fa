"""One department: what it promised, how it stands, how it reported."""

from datetime import UTC, date, datetime

import pytest

from pledges.choices import Light, ReportState
from pledges.queries.departments import department_board
from pledges.rules.discipline import Discipline
from tests.cast import PledgeFactory, ReportFactory, accepted

MAY_31, JUNE_30, JULY_1, AUGUST_1 = date(2022, 5, 31), date(2022, 6, 30), date(2022, 7, 1), date(2022, 8, 1)


def counted(board) -> dict[str, int]:
    return {light.value: number for light, number in board.counts.items() if number}


def test_lines_and_counts_agree_and_trouble_comes_first(campaign, finance, lin, li, chen):
    green = PledgeFactory(campaign=campaign, department=finance)
    red = PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 10)])
    accepted(green, as_of=JUNE_30, value=50, reviewer=chen, author=lin)

    board = department_board(campaign, finance, li, day=JULY_1)

    assert [line.pledge for line in board.lines] == [red, green]
    assert counted(board) == {"red": 1, "green": 1}


def test_a_shared_pledge_stands_in_the_second_department_too(campaign, finance, elsewhere, li):
    lead = PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 10)])
    share = PledgeFactory(campaign=campaign, department=elsewhere, shared_with=lead, stones=[(JUNE_30, 10)])

    board = department_board(campaign, elsewhere, li, day=date(2022, 6, 15))

    assert [line.pledge for line in board.lines] == [share]
    assert [row.line.pledge for row in board.due] == [share]


def test_before_the_first_day_there_are_no_lights_and_nothing_is_due(campaign, finance, li):
    PledgeFactory(campaign=campaign, department=finance, stones=[(date(2022, 1, 15), 10)])

    board = department_board(campaign, finance, li, day=date(2021, 12, 31))

    assert (board.lines, board.due, board.counts.total, board.discipline) == ([], [], 0, Discipline())


def test_a_reporter_from_elsewhere_sees_nothing_of_it(campaign, pledge, finance, wu):
    assert department_board(campaign, finance, wu, day=JULY_1).lines == []


def test_the_lights_are_those_the_list_filters_by(campaign, finance, li):
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=[(JUNE_30, 10)])

    found = [department_board(campaign, finance, li, day=day).counts for day in (JUNE_30, JULY_1)]

    assert [next(light for light, number in counts.items() if number) for counts in found] == [
        Light(pledge.standings.on(day).get().light) for day in (JUNE_30, JULY_1)
    ]


class TestDiscipline:
    """Six cycles have closed by 1 July."""

    def of(self, campaign, finance, li, day=JULY_1) -> Discipline:
        return department_board(campaign, finance, li, day=day).discipline

    def test_a_pledge_nobody_reports_on_misses_every_cycle(self, campaign, finance, pledge, li):
        assert self.of(campaign, finance, li) == Discipline(missing=6)

    def test_on_time_and_late_are_told_apart_by_the_day_it_was_said(self, campaign, finance, pledge, lin, li):
        for as_of, said in ((date(2022, 5, 20), date(2022, 5, 25)), (date(2022, 6, 20), date(2022, 6, 26))):
            moment = datetime(said.year, said.month, said.day, 4, tzinfo=UTC)
            ReportFactory(pledge=pledge, author=lin, as_of=as_of, submitted_at=moment)

        assert self.of(campaign, finance, li) == Discipline(on_time=1, late=1, missing=4)

    def test_what_was_not_yet_said_on_the_day_is_missing_then(self, campaign, finance, pledge, lin, li):
        moment = datetime(2022, 7, 5, 4, tzinfo=UTC)
        ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, 20), submitted_at=moment)

        found = [self.of(campaign, finance, li, day) for day in (JULY_1, date(2022, 7, 5))]

        assert found == [Discipline(missing=6), Discipline(late=1, missing=5)]

    def test_a_returned_report_is_no_figure_and_counts_from_the_day_of_its_return(
        self, campaign, finance, pledge, lin, chen, li
    ):
        ReportFactory(
            pledge=pledge, author=lin, as_of=date(2022, 6, 20), submitted_at=datetime(2022, 6, 21, 4, tzinfo=UTC),
            state=ReportState.RETURNED, reviewer=chen, reviewed_at=datetime(2022, 7, 4, 4, tzinfo=UTC), return_reason="数字不符",
        )  # fmt: skip

        found = [self.of(campaign, finance, li, day) for day in (JULY_1, date(2022, 7, 4))]

        assert found == [Discipline(missing=6), Discipline(missing=6, returned=1)]

    def test_a_withdrawn_report_counts_nothing(self, campaign, finance, pledge, lin, li):
        ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, 20), state=ReportState.WITHDRAWN)

        assert self.of(campaign, finance, li) == Discipline(missing=6)

    def test_a_pledge_that_is_done_owes_nothing_more(self, campaign, finance, pledge, lin, chen, li):
        accepted(pledge, as_of=MAY_31, value=100, reviewer=chen, author=lin)

        # Five cycles closed before 31 May; the figure of that day was not asked for any more.
        assert self.of(campaign, finance, li, AUGUST_1) == Discipline(missing=5)

    def test_a_shared_pledge_is_reported_once_for_both_departments(
        self, campaign, finance, elsewhere, pledge, lin, li
    ):
        PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)
        moment = datetime(2022, 6, 21, 4, tzinfo=UTC)
        ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, 20), submitted_at=moment)

        assert self.of(campaign, elsewhere, li) == Discipline(on_time=1, missing=5)


@pytest.mark.parametrize("item_count", [1, 3])
def test_a_department_asks_the_same_number_of_questions(
    campaign, finance, li, item_count, django_assert_num_queries
):
    PledgeFactory.create_batch(
        item_count, campaign=campaign, department=finance, stones=[(JUNE_30, 10), (date(2022, 7, 20), 20)]
    )

    with django_assert_num_queries(5):
        assert len(department_board(campaign, finance, li, day=JULY_1).lines) == item_count
