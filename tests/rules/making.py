"""Short names for building what rules take, and strategies that draw it."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from pledges.choices import Basis, Direction
from pledges.rules.facts import Reading, Thresholds, latest_reading
from pledges.rules.lights import judge
from pledges.rules.trajectory import Trajectory, Waypoint

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
RULES = Thresholds()
NUMBERS = [basis for basis in Basis if basis != Basis.DELIVERABLE]


def D(text) -> Decimal:  # noqa: N802  short for Decimal in tables
    return Decimal(str(text))


def way(*stones, start=0, basis=Basis.CUMULATIVE, **more) -> Trajectory:
    """A trajectory from `start` on 1 January through pairs of (day, value)."""
    begin = None if start is None else Waypoint(FIRST, D(start))
    return Trajectory(basis, tuple(Waypoint(day, D(value)) for day, value in stones), begin, **more)


def told(trajectory: Trajectory, *entries) -> Reading | None:
    """The newest of pairs of (day, value)."""
    return latest_reading(trajectory, [(day, D(value)) for day, value in entries])


def verdict(trajectory, today, *entries, thresholds=RULES):
    return judge(trajectory, told(trajectory, *entries), today=today, thresholds=thresholds)


days = st.dates(FIRST - timedelta(days=30), LAST + timedelta(days=120))
put_off_days = st.none() | st.dates(FIRST, LAST)
amounts = st.decimals(min_value=0, max_value=300, places=2)
whole_amounts = st.integers(0, 300).map(Decimal)


@st.composite
def trajectories(draw, *, ceilings=True) -> Trajectory:
    """Every kind of pledge: rising, falling, flat, ceilings, series, with and without a line."""
    basis = draw(st.sampled_from(Basis))
    whole = basis != Basis.DELIVERABLE and draw(st.booleans())
    numbers = whole_amounts if whole else amounts
    dues = sorted(draw(st.sets(st.dates(FIRST + timedelta(days=1), LAST), min_size=1, max_size=3)))
    values = sorted(draw(st.lists(numbers, min_size=len(dues), max_size=len(dues))))
    start = draw(st.none() | numbers) if basis in {Basis.LEVEL, Basis.SHARE} else Decimal(0)
    direction = draw(st.sampled_from(Direction))
    if basis == Basis.DELIVERABLE:
        dues, values, start, direction = dues[:1], [Decimal(1)], Decimal(0), Direction.AT_LEAST
    elif direction == Direction.AT_MOST and not (ceilings and draw(st.booleans())):
        values, start = [-value for value in values], None if start is None else -start
    return Trajectory(
        basis=basis,
        milestones=tuple(Waypoint(*pair, draw(put_off_days)) for pair in zip(dues, values, strict=True)),
        start=None if start is None else Waypoint(FIRST, start),
        direction=direction,
        strict=basis != Basis.DELIVERABLE and draw(st.booleans()),
        whole=whole,
        stretch=draw(st.booleans()),
        lag_days=draw(st.sampled_from([0, 0, 20, 45])),
    )


@st.composite
def told_trajectories(draw, **kwargs):
    """A trajectory with its newest reading, or none."""
    trajectory = draw(trajectories(**kwargs))
    if draw(st.integers(0, 4)) == 0:
        return trajectory, None
    if trajectory.basis == Basis.DELIVERABLE:
        value = Decimal(draw(st.integers(0, 1)))
    else:
        value = draw(whole_amounts if trajectory.whole else amounts)
        value *= -1 if trajectory.finish.value < 0 else 1
    return trajectory, latest_reading(trajectory, [(draw(st.dates(FIRST, LAST)), value)])


DAY = timedelta(days=1)
