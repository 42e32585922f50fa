"""The sentences around a judgement: page, sheet, letter and API print the same words.

Numbers carry their unit, days their month; everything is translated here and nowhere else.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pledges.choices import Basis, Direction, Light, Reason
from pledges.models import Pledge
from pledges.queries.facts import Line
from pledges.rules.numbers import format_number

NBSP = "\N{NO-BREAK SPACE}"
POINT_PLACES = (1, 2, 3, 4)


def day_words(day: date, *, near: date | None = None) -> str:
    """A day as an official writes it; with its year where that is not the year of `near`."""
    if near is not None and day.year == near.year:
        return date_format(day, _("j F"))
    return date_format(day, _("j F Y"))


def moment_words(moment: datetime) -> str:
    """A moment in local time, to the minute."""
    return date_format(timezone.localtime(moment), _("j F Y, H:i"))


def with_unit(value: Decimal | None, unit: str) -> str:
    """A value with its unit, never broken over two lines; an unknown value is a dash."""
    if value is None:
        return "—"
    glue = "" if unit in {"", "%"} else NBSP
    return f"{format_number(value)}{glue}{unit}"


def rough(value: Decimal) -> Decimal:
    """A planned value for reading: to a tenth, small ones to a hundredth."""
    return value.quantize(Decimal("0.1") if abs(value) >= 1 else Decimal("0.01"))


def points_words(points: Decimal, thresholds: Iterable[Decimal] = ()) -> str:
    """Points with one decimal, with more where one would read like a threshold that was passed."""
    for places in POINT_PLACES:
        shown = points.quantize(Decimal(1).scaleb(-places))
        if shown == points or shown not in set(thresholds):
            return f"{shown}"
    return f"{points}"


def days_words(days: int) -> str:
    """A number of days."""
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def ahead_words(steps: Sequence[int]) -> str:
    """The steps of a ladder: 30, 14, 7, 3 and 1 days ahead and on the day itself."""
    *first, last = [step for step in steps if step] or [0]
    itself = _("on the day itself")
    if not last:
        return itself
    said = {"first": pgettext("list", ", ").join(map(str, first)), "last": last, "days": last}
    words = (
        _("%(first)s and %(last)s days ahead")
        if first
        else ngettext("%(days)s day ahead", "%(days)s days ahead", last)
    )
    return (
        _("%(steps)s and %(itself)s") % {"steps": words % said, "itself": itself}
        if 0 in steps
        else words % said
    )


def target_words(pledge: Pledge, target: Decimal | None) -> str:
    """A target with its unit and its side: 20 家 by default, 超过 50 亿元 where it is strictly more."""
    if target is None or pledge.is_deliverable:
        return _("done")
    value = with_unit(target, pledge.unit)
    if pledge.direction == Direction.AT_MOST:
        return (
            _("less than %(value)s") % {"value": value}
            if pledge.strict
            else _("at most %(value)s") % {"value": value}
        )
    return _("more than %(value)s") % {"value": value} if pledge.strict else value


def value_words(pledge: Pledge, value: Decimal | None) -> str:
    """What was reported, in words for a deliverable."""
    if value is None:
        return _("not reported")
    if pledge.is_deliverable:
        return _("done") if value >= 1 else _("under way")
    return with_unit(value, pledge.unit)


def _parts(line: Line) -> dict[str, object]:
    """Everything that a sentence about a line may name."""
    pledge, verdict, stone = line.pledge, line.verdict, line.verdict.milestone
    today = verdict.judged_on
    near = {"near": today}
    return {
        "actual": value_words(pledge, verdict.actual),
        "as_of": day_words(verdict.as_of, **near) if verdict.as_of else "",
        "expected": with_unit(rough(verdict.expected), pledge.unit) if verdict.expected is not None else "",
        "points": _points_of(line),
        "by": day_words(verdict.compared_on, **near),
        "due": day_words(stone.day, **near) if stone else "",
        "target": target_words(pledge, stone.value) if stone else "",
        "overdue": days_words((today - stone.day).days) if stone else "",
        "left": days_words((stone.day - today).days) if stone else "",
        "grace": day_words(date.fromordinal(stone.day.toordinal() + line.trajectory.lag_days), **near)
        if stone
        else "",
        "reached": day_words(line.reading.reached_on, **near)
        if line.reading and line.reading.reached_on
        else "",
        "final": target_words(pledge, line.trajectory.finish.value),
        "put_off": day_words(stone.put_off_on, **near) if stone and stone.put_off_on else "",
        "times": pledge.campaign.red_after_extensions or "",
    }


def _points_of(line: Line) -> str:
    points = line.verdict.gap_points
    if points is None:
        return ""
    campaign = line.pledge.campaign
    return points_words(abs(points), (campaign.yellow_points, campaign.red_points))


def _behind(_line: Line) -> str:
    return _(
        "%(expected)s expected by %(by)s, %(actual)s accepted (as of %(as_of)s): %(points)s points behind."
    )


def _missed(line: Line) -> str:
    if line.pledge.is_deliverable:
        return _("Due %(due)s and not done: %(overdue)s overdue.")
    if line.reading is None:
        return _("%(target)s was due on %(due)s; nothing has been reported: %(overdue)s overdue.")
    return _("%(target)s was due on %(due)s; %(actual)s accepted (as of %(as_of)s): %(overdue)s overdue.")


def _put_off(line: Line) -> str:
    if line.pledge.is_deliverable:
        return _("Put off %(times)s times or more (since %(put_off)s): due %(due)s now, and not done.")
    return _(
        "Put off %(times)s times or more (since %(put_off)s): %(target)s is due on %(due)s now; so far %(actual)s."
    )


def _due_soon(line: Line) -> str:
    stone = line.verdict.milestone
    if stone and stone.day == line.verdict.judged_on:
        return (
            _("Due today and not done.")
            if line.pledge.is_deliverable
            else _("%(target)s is due today, %(actual)s.")
        )
    if line.pledge.is_deliverable:
        return _("Due %(due)s, %(left)s left, not done.")
    return _("%(target)s is due on %(due)s, %(left)s left; so far %(actual)s.")


def _on_track(line: Line) -> str:
    points = line.verdict.gap_points or Decimal(0)
    if points < 0:
        return _(
            "%(expected)s expected by %(by)s, %(actual)s accepted (as of %(as_of)s): %(points)s points ahead."
        )
    if points == 0:
        return _("%(expected)s expected by %(by)s, %(actual)s accepted (as of %(as_of)s): on the line.")
    return _behind(line)


def _met(line: Line) -> str:
    if line.pledge.is_deliverable:
        return _("Done on %(reached)s.")
    if line.pledge.basis in Basis.rates and line.verdict.judged_on < line.trajectory.finish.day:
        return _("%(actual)s as of %(as_of)s reaches %(final)s; a rate can still change before %(due)s.")
    return _("%(final)s reached on %(reached)s; now %(actual)s.")


def _met_late(line: Line) -> str:
    if line.pledge.is_deliverable:
        return _("Done on %(reached)s, after its deadline.")
    return _("%(final)s reached on %(reached)s, after its deadline; now %(actual)s.")


def _unreported(line: Line) -> str:
    if line.verdict.milestone is None or line.verdict.milestone.day < line.verdict.judged_on:
        return _("Nothing reported yet; the figure is published by %(grace)s.")
    if line.pledge.is_deliverable:
        return _("Nothing reported yet; due %(due)s, %(left)s left.")
    return _("Nothing reported yet; %(target)s due on %(due)s.")


def _not_due(line: Line) -> str:
    if line.pledge.is_deliverable:
        return _("Due %(due)s, %(left)s left; under way.")
    return _("%(target)s due on %(due)s, %(left)s left; so far %(actual)s.")


SENTENCES = {
    Reason.MET: _met,
    Reason.MET_LATE: _met_late,
    Reason.MISSED: _missed,
    Reason.STRETCH_MISSED: lambda line: _missed(line) + _(" A stretch goal: no failure."),
    Reason.PUT_OFF: _put_off,
    Reason.FAR_BEHIND: _behind,
    Reason.BEHIND: _behind,
    Reason.DUE_SOON: _due_soon,
    Reason.SILENT: lambda _line: _(
        "Nothing newer than %(as_of)s (%(actual)s): a whole reporting cycle without a report."
    ),
    Reason.PENDING: lambda _line: _("%(target)s was due on %(due)s; the figure is published by %(grace)s."),
    Reason.UNREPORTED: _unreported,
    Reason.ON_TRACK: _on_track,
    Reason.NOT_DUE: _not_due,
}


def why(line: Line) -> str:
    """Why this light: expected, actual, gap, rule."""
    return SENTENCES[line.verdict.reason](line) % _parts(line)


def what_to_do(line: Line) -> str:
    """What it takes to be green; empty where nothing is missing."""
    verdict, pledge = line.verdict, line.pledge
    if verdict.light in {Light.GREEN, Light.DONE}:
        return ""
    if verdict.reason == Reason.SILENT and not verdict.to_green:
        return _("One fresh report turns it green.")
    # In the first days of a year the line minus its slack lies below the start: any figure is enough.
    if verdict.light == Light.GREY and (verdict.green_at is None or verdict.to_green == 0):
        return _("Report how it stands.")
    if pledge.is_deliverable:
        return _("Done and accepted, it counts as done.")
    return _to_green_words(line)


def _to_green_words(line: Line) -> str:
    verdict, pledge = line.verdict, line.pledge
    words = {"at": with_unit(verdict.green_at, pledge.unit)}
    if not verdict.to_green or pledge.basis not in Basis.from_zero:
        return _("%(at)s turns it green.") % words
    words["more"] = with_unit(abs(verdict.to_green), pledge.unit)
    if pledge.direction == Direction.AT_MOST:
        return _("%(more)s less (%(at)s in all) turns it green.") % words
    return _("%(more)s more (%(at)s in all) turns it green.") % words


def put_off_words(line: Line) -> str:
    """Which deadlines were put off, from when to when; empty where none was."""
    near = {"near": line.verdict.judged_on}
    said = [
        _("first due on %(first)s, now on %(due)s")
        % {"first": day_words(stone.first_due, **near), "due": day_words(stone.due, **near)}
        for stone in line.pledge.milestones.all()
        if stone.original_due
    ]
    return _("Put off: %(said)s.") % {"said": pgettext("list", ", ").join(said)} if said else ""


def holds_words(line: Line) -> str:
    """Until when the light holds if nothing is said."""
    until = line.verdict.holds_until
    if until is None:
        return _("It stays so until something is reported.")
    return _("It holds until %(day)s if nothing is reported.") % {
        "day": day_words(until, near=line.verdict.judged_on)
    }


def in_a_row(first: str, second: str) -> str:
    """Two sentences: with a blank between them in English, without in Chinese."""
    if not second:
        return first
    return _("%(first)s %(second)s") % {"first": first, "second": second}
