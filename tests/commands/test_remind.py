"""The letters of a day for machines: what planning would tell on exactly that day, and nothing is remembered."""

from datetime import date

import pytest

from pledges.actions.reminders import plan_reminders
from pledges.models import Letter, Reminder
from tests.cast import PledgeFactory

FIRST = date(2022, 11, 30)
"""Thirty days before Friday, 30 December."""


@pytest.fixture
def late_pledge(campaign, finance):
    return PledgeFactory(
        campaign=campaign, department=finance, basis="deliverable", stones=[(date(2022, 12, 30), None)]
    )


def remind(run, day):
    return run("remind", "wujin-2022", "--on", day.isoformat(), "--format", "json").json


def test_letter_of_a_day_in_full(run, late_pledge, lin):
    line = {"pledge": late_pledge.code, "due": "2022-12-30", "step": 30, "light": "grey", "to_green": "0"}

    assert remind(run, FIRST) == [
        {"recipient": "lin", "email": "lin@example.com", "letter_on": "2022-11-30", "lines": [line]}
    ]


@pytest.mark.parametrize("day", [date(2022, 12, 1), date(2022, 12, 3), date(2021, 12, 1), date(2030, 1, 2)])
def test_other_days_have_none(run, late_pledge, lin, day):
    assert remind(run, day) == []


def test_nothing_is_sent_and_nothing_remembered(run, late_pledge, lin, mailoutbox):
    remind(run, FIRST)

    assert (mailoutbox, Letter.objects.count(), Reminder.objects.count()) == ([], 0, 0)


def test_it_says_so_although_it_was_told(run, late_pledge, lin):
    before = remind(run, FIRST)
    plan_reminders(today=FIRST)

    assert remind(run, FIRST) == before


def test_overdue_and_its_way_up(run, late_pledge, lin, sun, li):
    steps = {
        day: {(letter["recipient"], line["step"]) for letter in remind(run, day) for line in letter["lines"]}
        for day in (date(2023, 1, 3), date(2023, 1, 5), date(2023, 1, 16))
    }

    assert steps == {
        date(2023, 1, 3): {("lin", "overdue")},
        date(2023, 1, 5): {("lin", "overdue"), ("sun", "escalated")},
        date(2023, 1, 16): {("lin", "overdue"), ("li", "digest")},
    }


def test_regular_report_names_its_days(run, pledge, lin):
    assert [line["step"] for line in remind(run, date(2022, 8, 22))[0]["lines"]] == ["report-3"]


def test_lines_that_nobody_would_be_told_are_not_hidden(run, late_pledge):
    (letter,) = remind(run, FIRST)

    assert (letter["recipient"], letter["email"], len(letter["lines"])) == (None, None, 1)


@pytest.mark.parametrize(
    "words", [("nothing-2022", "--on", "2022-11-30"), ("wujin-2022", "--on", "soon"), ("wujin-2022",)]
)
def test_bad_argument_is_one_line(run, late_pledge, words):
    answer = run("remind", *words)

    assert (answer.text, answer.fault.count("\n")) == ("", 0)
    assert answer.fault
