"""What a briefing (专报) is made from: the board of a day, what moved, what was asked for last time."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from pledges.choices import Change, Light
from pledges.models import Briefing, Campaign, Directive, Milestone, Pledge
from pledges.models.plans import PledgeQuerySet
from pledges.queries.blockers import Hitch, open_in
from pledges.queries.board import (
    DUE_WITHIN,
    Counts,
    DueRow,
    by_urgency,
    counts_on,
    due_among,
    for_judging,
    with_light,
)
from pledges.queries.briefing_course import Course, course_since
from pledges.queries.changes import MOVES, meetings_of, tally_of, usual_than, with_before
from pledges.queries.directives import Slip, Stage
from pledges.queries.facts import Line, judged
from pledges.wording import day_words

NEWLY = (Change.NEW_RED, Change.NEW_YELLOW, Change.SILENT)
"""What makes a row of the paper a new one."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Every fact of a briefing. What is printed is made of nothing else (queries/bulletin.py)."""

    campaign: Campaign
    day: date
    than: date | None
    number: int
    counts: Counts
    changes: dict[Change, int]
    newly: frozenset[int]
    lines: dict[int, Line]
    who: dict[int, list[str]]
    due: list[DueRow]
    previous: Briefing | None
    slips: list[Slip]
    hitches: list[Hitch]
    course: Course
    merged: dict[str, int]
    promised: int
    shared: int

    def of_light(self, light: Light) -> list[Line]:
        """Those with a light, in the order of the overview."""
        return by_urgency([line for line in self.lines.values() if line.verdict.light == light])


def previous_briefing(campaign: Campaign) -> Briefing | None:
    """The last one that was issued."""
    return campaign.briefings.order_by("-number").first()


def number_of(campaign: Campaign, day: date) -> int | None:
    """The newest briefing of a day, by its number."""
    of_the_day = campaign.briefings.filter(day=day).order_by("-number")
    return of_the_day.values_list("number", flat=True).first()


def usual_comparison(campaign: Campaign, *, day: date) -> date | None:
    """The day that a paper is compared with unless another is asked for, as on the overview."""
    return usual_than(campaign, meetings_of(campaign, day=day), day=day)


def why_not(campaign: Campaign, *, day: date, than: date | None, today: date) -> str:
    """Why there is no briefing for a day; empty where there is one."""
    if day > today:
        return _("A briefing says what is so: choose today or an earlier day.")
    if day < campaign.starts_on:
        return _("The campaign begins on %(day)s: choose that day or a later one.") % {
            "day": day_words(campaign.starts_on)
        }
    if than is not None and not campaign.starts_on <= than < day:
        return _("Compare with a day between the campaign's first day and the day before the briefing's.")
    last = previous_briefing(campaign)
    if last and not is_intact(last):
        words = _(
            "The contents of briefing no. %(number)d are not those that were issued: the next one cannot follow it."
        )
        return words % {"number": last.number}
    if last and day < last.day:
        return _(
            "Briefing no. %(number)d speaks of %(day)s: the next one cannot speak of an earlier day."
        ) % {
            "number": last.number,
            "day": day_words(last.day),
        }
    return ""


def canonical(content: Any) -> bytes:
    """The one way to write a content down: the same facts give the same bytes on every database."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint_of(content: Any) -> str:
    """SHA-256 of a content."""
    return hashlib.sha256(canonical(content)).hexdigest()


def is_intact(briefing: Briefing) -> bool:
    """Whether the contents are still those that were issued."""
    return fingerprint_of(briefing.content) == briefing.sha256


def is_printable(content: Any) -> bool:
    """Whether contents have the shape of a paper at all: a row that was tampered with may hold anything."""
    try:
        lists = [content[name] for name in ("title", "sections", "footnotes", "imprint")]
        for section in content["sections"]:
            table = section["table"] or {"heads": [], "rows": []}
            lists += [section["paragraphs"], table["heads"], table["rows"]]
    except (KeyError, TypeError):
        return False
    return all(isinstance(each, list) for each in lists)


def paper_of(campaign: Campaign, *, day: date, than: date | None) -> Paper:
    """The facts of a briefing that would be issued for a day. The number of queries does not grow with the plan."""
    pledges = Pledge.objects.filter(campaign=campaign)
    counted = pledges.counted()
    previous = previous_briefing(campaign)
    tally = tally_of(counted, day=day, than=than)
    merged = _merged(pledges, previous)
    lines = judged(for_judging(_named(counted, previous, merged, day=day)), today=day)
    ids = {line.pledge.pk for line in lines}
    return Paper(
        campaign=campaign,
        day=day,
        than=than,
        number=previous.number + 1 if previous else 1,
        counts=counts_on(pledges, day=day),
        changes=tally.numbers,
        newly=_newly(counted, day=day, than=than),
        lines={line.pledge.pk: line for line in lines},
        who=_who(lines, ids),
        due=due_among(lines, day=day),
        previous=previous,
        slips=open_slips(campaign, day=day),
        hitches=open_in(campaign, day=day),
        course=course_since(campaign, previous, than=than, day=day),
        merged=merged,
        promised=pledges.values("department").distinct().count(),
        shared=pledges.count() - counted.count(),
    )


def _newly(counted: PledgeQuerySet, *, day: date, than: date | None) -> frozenset[int]:
    """The pledges that a change of light has brought into the paper since the day compared with."""
    if than is None:
        return frozenset()
    moved = Q(*(MOVES[change].condition for change in NEWLY), _connector=Q.OR)
    both = with_before(with_light(counted, day=day), than=than)
    return frozenset(both.filter(moved).order_by().values_list("pk", flat=True))


def _asked(previous: Briefing | None) -> list[str]:
    """The codes of what the last briefing named as not done."""
    return [row["code"] for row in previous.content["unfinished"]] if previous else []


def _merged(pledges: PledgeQuerySet, previous: Briefing | None) -> dict[str, int]:
    """What was asked for last time and shares its number with another pledge since: by code, that other one."""
    followers = pledges.filter(code__in=_asked(previous), shared_with__isnull=False)
    return {code: lead for code, lead in followers.values_list("code", "shared_with") if lead is not None}


def codes_known(campaign: Campaign, content: Any) -> set[str]:
    """Which of the pledges that contents name are still there to be opened. One query."""
    tables = [section["table"] or {"rows": []} for section in content["sections"]]
    codes = {f"{row.get('code', '')}" for table in tables for row in table["rows"] if isinstance(row, dict)}
    return set(Pledge.objects.filter(campaign=campaign, code__in=codes).values_list("code", flat=True))


def _named(
    counted: PledgeQuerySet, previous: Briefing | None, merged: dict[str, int], *, day: date
) -> PledgeQuerySet:
    """Whatever the paper names: what is behind, what is due soon, what was asked for last time."""
    coming = Milestone.objects.filter(due__gte=day, due__lte=day + DUE_WITHIN).values("pledge")
    last = Q(code__in=_asked(previous)) | Q(pk__in=merged.values())
    named = Q(light__in=Light.needs_attention) | Q(pk__in=coming) | last
    return with_light(counted, day=day).filter(named).order_by("number")


def _who(lines: list[Line], ids: set[int]) -> dict[int, list[str]]:
    """The departments that answer for each pledge: its own, then those that promised the same."""
    names: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        names[line.pledge.pk].append(line.pledge.department.name)
    shares = Pledge.objects.filter(shared_with__in=ids).order_by("number")
    for lead, name in shares.values_list("shared_with", "department__name"):
        if lead is not None and name not in names[lead]:
            names[lead].append(name)
    return dict(names)


def open_slips(campaign: Campaign, *, day: date) -> list[Slip]:
    """The directives that were open at the end of a day: unanswered first, the longest overdue on top."""
    made = Directive.objects.filter(pledge__campaign=campaign, created_at__date__lte=day)
    still_open = made.filter(Q(closed_at__isnull=True) | Q(closed_at__date__gt=day))
    slips = [Slip(directive, day) for directive in still_open.select_related("pledge__department", "by")]
    return sorted(slips, key=lambda slip: (list(Stage).index(slip.stage), slip.directive.answer_by))
