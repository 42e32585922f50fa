"""What holds of every forecast, the arithmetic under it, and what it promises."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bench.forecast import faults, measured
from pledges.choices import Basis, Direction
from pledges.rules import extrapolation
from pledges.rules.extrapolation import Path, carried_on, trust, unrest
from pledges.rules.facts import readings_of
from pledges.rules.forecast import Forecast, forecast_of
from tests.rules.making import DAY, FIRST, LAST, way

# What holds always


@st.composite
def reported(draw):
    basis = draw(st.sampled_from(sorted(Basis.from_zero)))
    whole = draw(st.booleans())
    target = draw(st.integers(5, 5000))
    trajectory = way(
        (date(2022, 6, 30), draw(st.integers(0, target))),
        (LAST, target),
        basis=basis,
        whole=whole,
        strict=draw(st.booleans()),
        direction=draw(st.sampled_from(Direction)),
    )
    days = sorted(draw(st.sets(st.dates(FIRST, LAST - DAY), min_size=3, max_size=14)))
    low = -target if basis == Basis.NET_NEW else 0
    numbers = st.integers(low, 3 * target).map(Decimal)
    numbers = numbers if whole else st.decimals(low, 3 * target, places=2)
    readings = list(readings_of(trajectory, [(day, draw(numbers)) for day in days]))
    return trajectory, readings, draw(st.dates(days[-1], LAST))


@given(reported())
def test_the_range_holds_the_forecast_and_no_total_falls(case):
    trajectory, readings, today = case

    found = forecast_of(trajectory, readings, today=today)

    if isinstance(found, Forecast):
        assert found.landing.low <= found.landing.value <= found.landing.high
        assert trajectory.basis == Basis.NET_NEW or found.landing.low >= readings[-1].value
        assert not trajectory.whole or found.landing.value % 1 == found.landing.high % 1 == 0
        assert found == forecast_of(trajectory, tuple(readings), today=today)


@given(reported())
def test_the_days_agree_with_the_values(case):
    trajectory, readings, today = case

    found = forecast_of(trajectory, readings, today=today)

    if isinstance(found, Forecast) and found.arrival.day != found.arrival.latest:
        target, arrival = trajectory.finish.value, found.arrival
        days = [day or date.max for day in (arrival.earliest, arrival.day, arrival.latest)]
        assert days == sorted(days)
        assert arrival.earliest is None or today <= arrival.earliest <= LAST
        assert (found.landing.value >= target) or arrival.day is None
        assert arrival.day is None or arrival.day <= LAST


# The arithmetic


def straight(count, pace=1.0, days=360):
    return Path(tuple((30 * n, 30 * pace * n) for n in range(count + 1)), days)


def test_more_figures_on_a_line_are_trusted_more():
    assert trust(straight(3)) < trust(straight(6)) < trust(straight(11)) < 1


def test_a_straight_line_has_no_unrest():
    assert unrest(straight(6)) == 0 < unrest(Path(((0, 0.0), (30, 50.0), (60, 50.0), (90, 90.0)), 360))


def test_the_nearer_the_end_the_narrower_the_range():
    reaches = [carried_on(straight(count, 0.25), plan=100 - 25 * count / 3) for count in (3, 6, 9, 11)]
    widths = [reach.better - reach.worse for reach in reaches]

    assert widths == sorted(widths, reverse=True)


# The promise


def test_the_range_holds_the_truth_in_four_of_five_and_no_simple_rule_errs_less():
    assert faults(measured(60, 5_000_000)) == []


def test_a_range_of_half_the_width_is_found_out(monkeypatch):
    monkeypatch.setattr(extrapolation, "BELOW", extrapolation.BELOW / 2)
    monkeypatch.setattr(extrapolation, "ABOVE", extrapolation.ABOVE / 2)

    assert [fault.split()[0] for fault in faults(measured(60, 5_000_000))] == ["coverage"]


def test_a_forecast_that_forgets_the_plan_is_found_out(monkeypatch):
    monkeypatch.setattr(extrapolation, "LEAST_TRUST", 1.0)

    assert "mean_error" in {fault.split()[0] for fault in faults(measured(60, 5_000_000))}
