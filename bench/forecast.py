"""Is the forecast honest, and is it worth having? `python -m bench.forecast` from the root.

Forecasts are made at 40, 60 and 80 per cent of the time for synthetic pledges whose truth is known, and held
against it and against what four simple rules would have said. Exits 1 when the 80 % interval holds the truth
in fewer than 75 or more than 85 of 100 cases, or when the best simple rule errs less. How to read it: README.md.
"""

import json
import platform
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from os import cpu_count
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any

from bench.worlds import FIRST, WORLDS, Truth, pledges
from pledges.rules import extrapolation
from pledges.rules import forecast as rules
from pledges.rules.facts import Reading
from pledges.rules.trajectory import expected_on

SHARES = (0.4, 0.6, 0.8)
COVERAGE = (0.75, 0.85)
CALIBRATION_SEED, TEST_SEED = 0, 7_000_000
"""The constants were fitted on the first seeds; between the two lie those on which the method was chosen."""

OURS = "forecast"


def straight_from_start(truth: Truth, told: Sequence[Reading]) -> Fraction:
    """As much a day as on all days so far."""
    newest = told[-1]
    return _carried_on(truth, newest, Fraction(newest.value), (newest.as_of - FIRST).days)


def last_slope(truth: Truth, told: Sequence[Reading]) -> Fraction:
    """As much a day as between the last two figures."""
    newest, before = told[-1], told[-2]
    return _carried_on(
        truth, newest, Fraction(newest.value - before.value), (newest.as_of - before.as_of).days
    )


def plan_shifted(truth: Truth, told: Sequence[Reading]) -> Fraction:
    """From here on as planned."""
    newest = told[-1]
    expected = expected_on(truth.trajectory, newest.as_of) or Fraction(0)
    return Fraction(newest.value) + Fraction(truth.trajectory.finish.value) - expected


def stays_as_it_is(_truth: Truth, told: Sequence[Reading]) -> Fraction:
    """Nothing more is done."""
    return Fraction(told[-1].value)


def _carried_on(truth: Truth, newest: Reading, gained: Fraction, days: int) -> Fraction:
    """A wrong figure that was put right is no way back: no simple rule forecasts a fall."""
    left = (truth.trajectory.finish.day - newest.as_of).days
    return Fraction(newest.value) + max(gained / days, Fraction(0)) * left


BASELINES: dict[str, Callable[[Truth, Sequence[Reading]], Fraction]] = {
    "straight": straight_from_start,
    "last slope": last_slope,
    "plan shifted": plan_shifted,
    "stays": stays_as_it_is,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One forecast held against the truth. Errors and the width are points of the target.

    The truth lies below the range (-1), in it (0) or above it (1).
    """

    world: str
    share: float
    rests_on: int
    outside: int
    is_day_inside: bool
    width: float
    errors: dict[str, float]


def attempts(truths: Iterable[Truth]) -> Iterator[Attempt | None]:
    """Every forecast of every pledge; None where too little was reported."""
    for truth in truths:
        for share in SHARES:
            yield attempt(truth, share)


def attempt(truth: Truth, share: float) -> Attempt | None:
    """The forecast that would have been shown on that day."""
    today = truth.day_at(share)
    found = rules.forecast_of(truth.trajectory, truth.readings, today=today)
    if not isinstance(found, rules.Forecast):
        return None
    told = [reading for reading in truth.readings if reading.as_of <= today]
    said = {OURS: Fraction(found.landing.value)} | {name: say(truth, told) for name, say in BASELINES.items()}
    point = Fraction(truth.trajectory.finish.value) / 100
    return Attempt(
        world=truth.world,
        share=share,
        rests_on=found.rests_on,
        outside=(truth.landing > found.landing.high) - (truth.landing < found.landing.low),
        is_day_inside=_holds_day(found.arrival, truth.reached(), today),
        width=float(Fraction(found.landing.high - found.landing.low) / point),
        errors={name: float(abs(value - Fraction(truth.landing)) / point) for name, value in said.items()},
    )


def _holds_day(arrival: rules.Arrival, reached: date | None, today: date) -> bool:
    """Never in time counts as a day after all others; what is past and not yet reported as today."""
    true_day = max(reached, today) if reached else date.max
    earliest, latest = arrival.earliest or date.max, arrival.latest or date.max
    return earliest <= true_day <= latest


def summary(found: Sequence[Attempt]) -> dict[str, Any]:
    """What is to be said of some attempts."""
    names = (OURS, *BASELINES)
    return {
        "forecasts": len(found),
        "coverage": round(mean(each.outside == 0 for each in found), 3),
        "day_coverage": round(mean(each.is_day_inside for each in found), 3),
        "width": round(median(each.width for each in found), 1),
        "mean_error": {name: round(mean(each.errors[name] for each in found), 2) for name in names},
        "median_error": {name: round(median(each.errors[name] for each in found), 2) for name in names},
    }


def measured(size: int, first_seed: int, *, is_meant: bool = True) -> dict[str, Any]:
    """All attempts of a range of seeds, in all and cut three ways."""
    tried = list(attempts(pledges(size, first_seed=first_seed, is_meant=is_meant)))
    found = [each for each in tried if each]
    cuts: dict[str, Callable[[Attempt], str]] = {
        "world": lambda each: each.world,
        "time": lambda each: f"{each.share:.0%}",
        "figures": lambda each: str(min(each.rests_on, 9)),
    }
    parts = {
        f"{cut} {name}": summary([each for each in found if of(each) == name])
        for cut, of in cuts.items()
        for name in sorted({of(each) for each in found}, key=lambda n: (n not in WORLDS, n))
    }
    return {"too_few": tried.count(None), "in all": summary(found), "parts": parts}


def faults(result: dict[str, Any]) -> list[str]:
    """What was promised and is not kept."""
    total = result["in all"]
    low, high = COVERAGE
    found = [] if low <= total["coverage"] <= high else [f"coverage {total['coverage']} not in {low}-{high}"]
    for kind in ("mean_error", "median_error"):
        errors = total[kind]
        best = min(BASELINES, key=errors.__getitem__)
        if errors[OURS] > errors[best]:
            found.append(f"{kind} {errors[OURS]} is worse than {best} {errors[best]}")
    return found


def shown(result: dict[str, Any]) -> Iterator[str]:
    """The result as a table: an error is mean / median, in points of the target."""
    names = (OURS, *BASELINES)
    yield f"{'':18}{'n':>7}{'cover':>7}{'day':>7}{'width':>7}" + "".join(f"{name:>15}" for name in names)
    for title, part in {**result["parts"], "in all": result["in all"]}.items():
        errors = (f"{part['mean_error'][name]:8.1f} /{part['median_error'][name]:5.1f}" for name in names)
        yield (
            f"{title:18}{part['forecasts']:7}{part['coverage']:7.0%}{part['day_coverage']:7.0%}"
            f"{part['width']:7.1f}{''.join(errors)}"
        )
    yield f"no forecast, too little reported: {result['too_few']}"


def calibrated(size: int) -> Iterator[str]:
    """What the range holds on the calibration seeds when it is stretched; the constants stay as they are after."""
    truths = list(pledges(size, first_seed=CALIBRATION_SEED))
    kept = extrapolation.BELOW, extrapolation.ABOVE
    for stretch in (0.85, 0.90, 0.95, 1.00, 1.05, 1.10):
        extrapolation.BELOW, extrapolation.ABOVE = (units * stretch for units in kept)
        found = [each for each in attempts(truths) if each]
        outside = [mean(each.outside == side for each in found) for side in (-1, 1)]
        yield (
            f"BELOW {extrapolation.BELOW:.2f}  ABOVE {extrapolation.ABOVE:.2f}  "
            f"holds {1 - sum(outside):.1%}, below {outside[0]:.1%}, above {outside[1]:.1%}"
        )
    extrapolation.BELOW, extrapolation.ABOVE = kept


def options() -> Namespace:
    parser = ArgumentParser(description="Hold the forecast against synthetic truth and simple rules.")
    parser.add_argument("--size", type=int, default=300, help="pledges of every world")
    parser.add_argument("--seed", type=int, default=TEST_SEED, help="the first seed")
    parser.add_argument(
        "--calibrate", action="store_true", help="print what the range holds when it is stretched"
    )
    parser.add_argument("--json", type=Path, help="write the result there")
    return parser.parse_args()


def machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": cpu_count(),
    }


def main() -> int:
    chosen = options()
    if chosen.calibrate:
        print(*calibrated(chosen.size), sep="\n")
        return 0
    began = perf_counter()
    result = measured(chosen.size, chosen.seed)
    loose = measured(chosen.size, chosen.seed, is_meant=False)
    seconds = round(perf_counter() - began, 1)
    print(*shown(result), "", "where targets say nothing of the landing (not judged):", sep="\n")
    print(*shown(loose), f"\n{seconds} s", sep="\n")
    told = faults(result)
    print(*(f"NOT KEPT: {fault}" for fault in told) if told else ["kept"], sep="\n")
    if chosen.json:
        record = {"size": chosen.size, "seed": chosen.seed, "seconds": seconds, "machine": machine()}
        record |= {"kept": not told, "result": result, "targets_not_meant": loose}
        chosen.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
