"""How fast it must go from today on (需要的速度). Pure; equal to the forecast's wherever there is one, a law says so."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from pledges.choices import Basis
from pledges.rules.forecast import MONTH, Pace
from pledges.rules.numbers import quantise
from pledges.rules.recovery import grain_of
from pledges.rules.trajectory import Trajectory


def needed_pace(
    trajectory: Trajectory, newest: Decimal | None, *, today: date, small_count: int
) -> Pace | None:
    """The pace from today that just reaches the last target, for a ceiling the pace still allowed.

    Nothing reported counts as nothing done. None where nothing adds up along a line, and when the time is over.
    """
    start, finish = trajectory.start, trajectory.finish
    adds_up = trajectory.basis in Basis.from_zero and trajectory.has_line(small_count)
    if start is None or not adds_up or today > finish.day:
        return None
    sense = 1 if finish.value > start.value else -1
    beyond = grain_of(trajectory) if trajectory.strict != trajectory.is_ceiling else Decimal(0)
    now = start.value if newest is None else newest
    missing = max(sense * (finish.value - now) + beyond, Decimal(0))
    # A deadline ends at 24:00: on its day there is still one.
    days = max((finish.day - today).days, 1)
    return Pace(*(_quantised(Fraction(sense * missing) * span / days) for span in (1, MONTH)))


def _quantised(number: Fraction) -> Decimal:
    return quantise(Decimal(number.numerator) / Decimal(number.denominator))
