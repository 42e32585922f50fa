"""Department × month: how many pledges had a deadline in a month, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pledges.choices import Fate, Outcome
from pledges.models import Campaign, Department
from pledges.queries.gathered import Gathered
from pledges.rules.reporting import LATE_REPORTING
from pledges.rules.timeline import outcome_of
from pledges.rules.trajectory import Waypoint

Month = tuple[int, int]

BY_OUTCOME = {
    Outcome.ON_TIME: Fate.ON_TIME,
    Outcome.LATE: Fate.LATE,
    Outcome.MISSED: Fate.MISSED,
    Outcome.OPEN: Fate.OPEN,
}
ORDER = list(Fate)


@dataclass(frozen=True, slots=True)
class Cell:
    """The pledges of a department that had a deadline in a month; of several deadlines the worst counts."""

    month: Month
    fates: dict[Fate, int]

    @property
    def total(self) -> int:
        return sum(self.fates.values())

    @property
    def key(self) -> str:
        """The month as addresses write it."""
        return f"{self.month[0]}-{self.month[1]:02}"


@dataclass(frozen=True, slots=True)
class MapRow:
    """One department, with a cell for every month of the map; None where nothing was due."""

    department: Department
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class MonthMap:
    """The map of a campaign on a day."""

    months: list[Month]
    rows: list[MapRow]


def month_map(
    campaign: Campaign,
    departments: Sequence[Department],
    gathered: Iterable[Gathered],
    *,
    day: date,
    only: Month | None = None,
) -> MonthMap:
    """What became of the deadlines of these departments, the put off ones too. Months without one are left out."""
    ends = ((of.year, of.month) for of in (campaign.starts_on, campaign.ends_on + LATE_REPORTING))
    first, last = (only, only) if only else ends
    shown = {department.pk for department in departments}
    fates: dict[tuple[int, Month], dict[Fate, int]] = defaultdict(dict)
    for each in gathered:
        if each.pledge.department_id in shown:
            for month, fate in _fates_of(each, day=day).items():
                cell = fates[each.pledge.department_id, month]
                cell[fate] = cell.get(fate, 0) + 1
    months = sorted({month for _department, month in fates if first <= month <= last})
    rows = [
        MapRow(each, [_cell(fates.get((each.pk, month)), month) for month in months]) for each in departments
    ]
    return MonthMap(months, rows)


def _cell(found: dict[Fate, int] | None, month: Month) -> Cell | None:
    return Cell(month, {fate: found[fate] for fate in ORDER if fate in found}) if found else None


def _fates_of(each: Gathered, *, day: date) -> dict[Month, Fate]:
    """What became of a pledge in every month in which it had a deadline."""
    worst: dict[Month, Fate] = {}
    for point in each.trajectory.milestones:
        month = (point.day.year, point.day.month)
        fate = _fate_of(each, point, day=day)
        worst[month] = min(fate, worst.get(month, fate), key=ORDER.index)
    return worst


def _fate_of(each: Gathered, point: Waypoint, *, day: date) -> Fate:
    """What became of one deadline by the end of a day."""
    fate = BY_OUTCOME[outcome_of(each.trajectory, point, each.readings, today=day)[0]]
    return Fate.STRETCH if fate == Fate.MISSED and each.pledge.stretch else fate
