"""What can be true but should be checked first: asked of the reporter, flagged to the reviewer."""

from datetime import date, timedelta

import pytest

from pledges.choices import Basis, Direction, Light
from pledges.rules.checks import ASKED, Behind, Finding, findings_in
from pledges.rules.facts import Reading
from pledges.rules.parts import Measure
from pledges.rules.reporting import Book, Said
from tests.rules.making import FIRST, LAST, RULES, D, way

MARCH, JUNE = date(2022, 3, 31), date(2022, 6, 30)
EVE = LAST - timedelta(days=5)


def found(*history, value, as_of=LAST, said_on=LAST, trajectory=None, behind=None, names=()):
    """The findings about a value that want a look or tell of files and names, by code."""
    live = tuple(Reading(day, D(amount)) for day, amount in history)
    book = Book(trajectory or way((LAST, 100)), "家", FIRST, LAST, live)
    findings = findings_in(
        book,
        Said(as_of, D(value), names=tuple(names)),
        said_on=said_on,
        thresholds=RULES,
        behind=behind or Behind(),
    )
    return {finding.code: finding for finding in findings}


@pytest.mark.parametrize(
    "as_of, value, expected",
    [
        (LAST, 40, True),  # 30 of 100 on the day itself
        (EVE, 40, True),
        (EVE - timedelta(days=1), 40, False),
        (LAST, "39.9999", False),
        (LAST, 100, True),
        (LAST, 10, False),
    ],
)
def test_a_large_step_in_the_last_days_after_long_stillness(as_of, value, expected):
    assert ("last_minute" in found((JUNE, 10), value=value, as_of=as_of)) is expected


@pytest.mark.parametrize("days, expected", [(59, False), (60, True)])
def test_long_stillness_is_sixty_days(days, expected):
    before = LAST - timedelta(days=days)

    assert ("last_minute" in found((before, 10), value=60)) is expected


def test_stillness_goes_back_over_equal_figures():
    month_ago = LAST - timedelta(days=30)

    doubt = found((JUNE, 5), (MARCH + timedelta(days=120), 10), (month_ago, 10), value=60)["last_minute"]
    assert doubt.values["since"] == MARCH + timedelta(days=120)
    assert "last_minute" not in found((JUNE, 10), (month_ago, 12), value=60)


def test_a_first_figure_was_still_since_the_beginning():
    assert "last_minute" in found(value=60)
    assert "last_minute" not in found(value=60, trajectory=way((LAST, 100), start=None, basis=Basis.LEVEL))


@pytest.mark.parametrize(
    "trajectory",
    [
        way((LAST, 20), basis=Basis.GROWTH),
        way((LAST, 1), basis=Basis.DELIVERABLE),
        way((LAST, 4), whole=True),
        way((JUNE, 100)),
    ],
)
def test_rates_deliverables_small_counts_and_what_is_over_have_no_last_minute(trajectory):
    assert "last_minute" not in found(value=trajectory.finish.value, trajectory=trajectory)


def test_a_ceiling_has_no_last_minute():
    ceiling = way((LAST, 100), direction=Direction.AT_MOST)

    assert "last_minute" not in found(value=60, trajectory=ceiling)


def test_every_milestone_has_its_last_days():
    series = way((JUNE, 50), (LAST, 100))

    assert "last_minute" in found((MARCH, 0), value=50, as_of=JUNE, said_on=JUNE, trajectory=series)


@pytest.mark.parametrize(
    "days, lag, expected", [(45, 0, False), (46, 0, True), (75, 30, False), (76, 30, True)]
)
def test_an_entry_long_after_its_day(days, lag, expected):
    said_on = JUNE + timedelta(days=days)
    trajectory = way((LAST, 100), lag_days=lag)

    assert ("long_after" in found(value=5, as_of=JUNE, said_on=said_on, trajectory=trajectory)) is expected


@pytest.mark.parametrize(
    "light, has_evidence, code",
    [
        (Light.GREEN, False, "no_evidence"),
        (Light.DONE, False, "no_evidence"),
        (Light.GREEN, True, "evidence"),
        (Light.YELLOW, False, None),
        (Light.RED, False, None),
        (Light.GREY, False, None),
        (None, False, None),
    ],
)
def test_what_is_said_well_brings_a_file(light, has_evidence, code):
    findings = found(value=5, behind=Behind(light=light, has_evidence=has_evidence))

    assert {"no_evidence", "evidence"} & findings.keys() == ({code} if code else set())
    assert code is None or findings[code].wants_look is (code == "no_evidence")


@pytest.mark.parametrize(
    "behind, names, value, code",
    [
        (Behind(gone=2, had_names=True), ["甲"], 1, "names_gone"),
        (Behind(gone=2, had_names=True), [], 1, "no_names"),
        (Behind(gone=2, had_names=True), [], 0, None),
        (Behind(had_names=True), ["甲"], 1, "names"),
        (Behind(), ["甲"], 1, "names"),
        (Behind(), [], 1, None),
    ],
)
def test_names_that_are_gone(behind, names, value, code):
    findings = found(value=value, behind=behind, names=names)

    assert {"names_gone", "no_names", "names"} & findings.keys() == ({code} if code else set())


@pytest.mark.parametrize("newest, expected", [(None, False), (4, True), (5, False)])
def test_a_part_over_its_whole(newest, expected):
    reading = None if newest is None else Reading(MARCH, D(newest))
    behind = Behind(whole=Measure(way((LAST, 100)), "家"), newest_of_whole=reading)

    assert ("over_whole" in found(value=5, behind=behind)) is expected


def test_another_figure_is_another_doubt():
    one, same, other = (found((JUNE, 5), value=value)["jump"] for value in ("500", "500.00", "600"))

    assert one.sign == same.sign == "jump:5,500"
    assert other.sign != one.sign
    assert " " not in found((JUNE, 10), value=60)["last_minute"].sign


def test_only_doubts_are_asked():
    assert all(Finding(code, wants_look=True).is_asked for code in ASKED)
    assert not Finding("jump", wants_look=False).is_asked
    assert not Finding("falls", wants_look=True).is_asked
    assert not Finding("late", wants_look=True).is_asked
