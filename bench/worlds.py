"""Synthetic pledges whose truth is known on every day, so that a forecast can be held against it.

Every figure here is made up. A pledge is the same for the same world and seed, on every machine.
What a world says is only the shape of the year: how much is done when. How much is done in all, how
noisy it is, what the plan says and when the clerk reports are drawn alike in every world.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from math import cos, exp, log, pi
from random import Random

from pledges.choices import Basis
from pledges.rules.facts import Reading
from pledges.rules.trajectory import Trajectory, Waypoint

FIRST = date(2022, 1, 1)
FINISHES = (date(2022, 12, 31),) * 7 + (date(2022, 11, 30), date(2022, 9, 30), date(2022, 6, 30))
"""Seven in ten end with the year."""

Shape = Callable[[Random], Callable[[float], float]]
"""Draws the speed at every share of the time; only its form matters, not its size."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A pledge, all that was ever reported on it, and what was true on every day."""

    world: str
    seed: int
    trajectory: Trajectory
    readings: tuple[Reading, ...]
    values: tuple[Decimal, ...]

    @property
    def landing(self) -> Decimal:
        """The true value at the end of the finish day."""
        return self.values[-1]

    def day_at(self, share: float) -> date:
        """The day on which so much of the time is over."""
        return FIRST + timedelta(days=round(share * (self.trajectory.finish.day - FIRST).days))

    def reached(self) -> date | None:
        """The first day on which the target was truly reached."""
        goal = self.trajectory.finish.value
        return next((FIRST + timedelta(days=n) for n, value in enumerate(self.values) if value >= goal), None)


def _steady(_: Random) -> Callable[[float], float]:
    return lambda _share: 1.0


def _slow_start(dice: Random) -> Callable[[float], float]:
    middle, width = dice.uniform(0.4, 0.7), dice.uniform(0.1, 0.25)

    def speed(share: float) -> float:
        tail = exp(-abs(share - middle) / width)
        return tail / (1 + tail) ** 2

    return speed


def _rush(dice: Random) -> Callable[[float], float]:
    since, times = dice.uniform(0.65, 0.9), dice.uniform(1.5, 4)
    return lambda share: times if share > since else 1.0


def _fading(dice: Random) -> Callable[[float], float]:
    power = dice.uniform(0.3, 1.2)
    return lambda share: (1.02 - share) ** power


def _seasonal(dice: Random) -> Callable[[float], float]:
    swing, waves, phase = dice.uniform(0.4, 1.0), dice.choice((1, 2, 4)), dice.random()
    return lambda share: 1 + swing * cos(2 * pi * (waves * share + phase))


def _stall(dice: Random) -> Callable[[float], float]:
    since = dice.uniform(0.15, 0.75)
    # One stall in four is not overcome in time.
    until = 1.0 if dice.random() < 1 / 4 else since + dice.uniform(0.1, 0.35)
    after = dice.uniform(0.7, 1.8)

    def speed(share: float) -> float:
        if share < since:
            return 1.0
        return after if share > until else 0.0

    return speed


def _lumps(dice: Random) -> Callable[[float], float]:
    days = sorted(dice.random() for _ in range(dice.randint(3, 9)))
    sizes = [dice.uniform(0.3, 1.7) for _ in days]

    def speed(share: float) -> float:
        return sum(size for day, size in zip(days, sizes, strict=True) if abs(day - share) < 1 / 365)

    return speed


WORLDS: dict[str, Shape] = {
    "steady": _steady,
    "slow start": _slow_start,
    "rush": _rush,
    "fading": _fading,
    "seasonal": _seasonal,
    "stall": _stall,
    "lumps": _lumps,
    "noise": _steady,
}

SMOOTH, ROUGH = (60, 900), (6, 25)
"""The year's total varies by one over the root of this: 4 to 13 per cent, and 20 to 40 where all is noise."""


def pledges(size: int, *, first_seed: int, is_meant: bool = True) -> Iterator[Truth]:
    """So many pledges of every world."""
    for world in WORLDS:
        for seed in range(first_seed, first_seed + size):
            yield pledge_of(world, seed, is_meant=is_meant)


def pledge_of(world: str, seed: int, *, is_meant: bool = True) -> Truth:
    """One pledge with its truth and its reports. Where targets are not meant, they say nothing of the landing."""
    dice = Random(f"{world} {seed}")
    finish = dice.choice(FINISHES)
    shares = _planned_course(WORLDS[world](dice), (finish - FIRST).days)
    trajectory = _promise(dice, finish, shares)
    grain = Decimal(1) if trajectory.whole else Decimal("0.1")
    target = float(trajectory.finish.value)
    ambition = min(max(exp(dice.gauss(log(0.95), 0.35)), 0.25), 2.0) if is_meant else dice.uniform(0.2, 2.0)
    done = _done(dice, trajectory.basis, shares, ambition, ROUGH if world == "noise" else SMOOTH)
    values = tuple(_in_grains(share * target, grain) for share in done)
    errors = 0.15 if world == "noise" else 0.04
    return Truth(world, seed, trajectory, tuple(_reports(dice, values, grain, errors)), values)


def _planned_course(speed: Callable[[float], float], days: int) -> list[float]:
    """The share of the year's work that is due to be done by every day, the first day's zero included."""
    course = [0.0, *accumulate(max(speed((day - 0.5) / days), 0.0) for day in range(1, days + 1))]
    return [done / course[-1] for done in course] if course[-1] else [day / days for day in range(days + 1)]


def _promise(dice: Random, finish: date, shares: list[float]) -> Trajectory:
    """Half have a milestone or two on the way; half of those know the shape of their year."""
    whole = dice.random() < 1 / 2
    target = Decimal(round(exp(dice.uniform(log(6), log(400)))))
    days = len(shares) - 1
    places = sorted(dice.sample((1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4), dice.randint(1, 2)))
    knows = dice.random() < 1 / 2
    stones = [] if dice.random() < 1 / 2 else places
    milestones = [
        Waypoint(FIRST + timedelta(days=round(place * days)), _in_grains(float(target) * due, Decimal(1)))
        for place, due in ((place, shares[round(place * days)] if knows else place**1.2) for place in stones)
    ]
    basis = dice.choice((Basis.NEW, Basis.CUMULATIVE, Basis.CUMULATIVE, Basis.FLOW, Basis.NET_NEW))
    start = Waypoint(FIRST, Decimal(0))
    return Trajectory(basis, (*milestones, Waypoint(finish, target)), start, whole=whole)


def _done(
    dice: Random, basis: Basis, shares: list[float], ambition: float, noise: tuple[int, int]
) -> list[float]:
    """What is truly done by every day, as a share of the target: not everybody reaches it, some pass it."""
    smoothness = exp(dice.uniform(log(noise[0]), log(noise[1])))
    gains = [
        dice.gammavariate(smoothness * step, ambition / smoothness) if step else 0.0
        for step in (right - left for left, right in pairwise(shares))
    ]
    if basis == Basis.NET_NEW:  # what comes may go again
        leak = dice.uniform(0.05, 0.25) * ambition / len(gains)
        gains = [gain - dice.gammavariate(0.5, 2 * leak) for gain in gains]
    return [0.0, *accumulate(gains)]


def _in_grains(value: float, grain: Decimal) -> Decimal:
    return int(value / float(grain)) * grain


def _reports(dice: Random, values: tuple[Decimal, ...], grain: Decimal, errors: float) -> Iterator[Reading]:
    """Monthly on about the same day, some missing, some wrong, some of the wrong ones corrected soon."""
    usual, missing = dice.uniform(18, 28), dice.choice((0.0, 0.1, 0.25))
    # Orders signed in May count from January: their first figure comes late.
    first = dice.choice((0, 0, 0, 1, 4))
    last = -1
    for month in range(first, 13):
        day = max(round(month * 30.4 + usual + dice.gauss(0, 3)), last + 1)
        if day >= len(values) or dice.random() < missing:
            continue
        is_wrong = dice.random() < errors
        told = _in_grains(float(values[day]) * dice.uniform(0.88, 1.12), grain) if is_wrong else values[day]
        yield Reading(FIRST + timedelta(days=day), told)
        last = day
        if is_wrong and dice.random() < 1 / 2 and day + 4 < len(values):
            last = day + 4
            yield Reading(FIRST + timedelta(days=last), values[last])
