"""Everything about one pledge on a day, in a number of queries that does not grow with what was said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile

from django.db.models import Q

from pledges.choices import Light, Outcome, Reason, ReportState
from pledges.models import Milestone, Pledge, ProgressReport, Standing, User
from pledges.models.standings import FOR_EVER
from pledges.queries.articles import Mark, Piece, Print
from pledges.queries.evidence import with_files
from pledges.queries.facts import Line, entries_of, thresholds_of, trajectory_of
from pledges.queries.previews import Preview, previews_of
from pledges.rules.facts import Reading, latest_reading, readings_of
from pledges.rules.lights import DAY, judge
from pledges.rules.newsprint import Row
from pledges.rules.timeline import outcome_of
from pledges.rules.trajectory import Waypoint, meets


@dataclass(frozen=True, slots=True)
class Stage:
    """One milestone with what became of it. `reading` first reached it; `missing` is what it still lacks."""

    milestone: Milestone
    stone: Waypoint
    outcome: Outcome
    reading: Reading | None
    missing: Decimal | None
    is_pending: bool
    days_left: int

    @property
    def days_over(self) -> int:
        """Days since its day passed."""
        return -self.days_left


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of days with one light, as it was or is."""

    since: date
    until: date | None
    light: Light
    standing: Standing

    @property
    def is_late(self) -> bool:
        """Done, but after the deadline."""
        return self.standing.reason == Reason.MET_LATE


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Pledges that belong to this one: the same promise elsewhere, the whole, the parts."""

    shared: list[Pledge]
    whole: Pledge | None
    parts: list[Pledge]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One pledge on a day, as one person may see it."""

    line: Line
    afterwards: Line | None
    readings: list[Reading]
    stages: list[Stage]
    reports: list[ProgressReport]
    newer: int
    waiting: list[Preview]
    spells: list[Spell]
    quote: list[Piece]
    neighbours: Neighbours

    @property
    def pledge(self) -> Pledge:
        return self.line.pledge

    def said(self, state: ReportState) -> list[Reading]:
        """The figures of one state, oldest first."""
        return [Reading(r.as_of, r.value) for r in reversed(self.reports) if r.state == state]

    @property
    def replaced(self) -> set[int]:
        """Accepted reports that a later one corrects: they no longer count."""
        return {r.corrects_id for r in self.reports if r.corrects_id and r.state == ReportState.ACCEPTED}

    @property
    def waiting_reports(self) -> list[ProgressReport]:
        """Reports that nobody has reviewed yet."""
        return [report for report in self.reports if report.state == ReportState.SUBMITTED]

    @property
    def light_since(self) -> date | None:
        """The day since which the light is what it is, for whatever reasons."""
        same = list(takewhile(lambda spell: spell.light == self.spells[0].light, self.spells))
        return same[-1].since if same else None


def find(user: User, code: str) -> Pledge | None:
    """A pledge with all that its page needs; None where a person may not see it."""
    found = Pledge.objects.visible_to(user).filter(code=code)
    related = ("campaign__article", "department", "theme", "subset_of", "shared_with__department")
    return found.select_related(*related).prefetch_related("milestones").first()


def dossier_of(pledge: Pledge, user: User, *, day: date) -> Dossier:
    """The page of a pledge: only figures true by the day, only reports that the person may see."""
    line, readings = _judged(pledge, day)
    known = ProgressReport.objects.visible_to(user).filter(pledge=pledge.book_id)
    said = list(
        known.select_related("author", "reviewer", "source", "corrects")
        .prefetch_related(with_files())
        .order_by("-as_of", "-id")
    )
    reports = [report for report in said if report.as_of <= day]
    waiting = [report for report in reports if report.state == ReportState.SUBMITTED]
    return Dossier(
        line=line,
        afterwards=_afterwards(line),
        readings=readings,
        stages=[_stage(line, readings, milestone) for milestone in pledge.milestones.all()],
        reports=reports,
        newer=len(said) - len(reports),
        waiting=list(previews_of(waiting, today=day).values()) if waiting else [],
        spells=_spells(pledge, day),
        quote=quote_of(line),
        neighbours=_neighbours(pledge, user),
    )


def _judged(pledge: Pledge, day: date) -> tuple[Line, list[Reading]]:
    """The judgement and every reading behind it, from the same entries."""
    trajectory = trajectory_of(pledge)
    entries = entries_of([pledge], until=day).get(pledge.book_id, [])
    reading = latest_reading(trajectory, entries)
    verdict = judge(trajectory, reading, today=day, thresholds=thresholds_of(pledge.campaign))
    return Line(pledge, trajectory, reading, verdict), list(readings_of(trajectory, entries))


def _afterwards(line: Line) -> Line | None:
    """The judgement of the day on which the light changes if nothing more is said or decided."""
    until = line.verdict.holds_until
    if until is None:
        return None
    thresholds = thresholds_of(line.pledge.campaign)
    known = line.trajectory.decided_by(line.verdict.judged_on)
    verdict = judge(known, line.reading, today=until + DAY, thresholds=thresholds)
    return replace(line, verdict=verdict)


def _stage(line: Line, readings: Sequence[Reading], milestone: Milestone) -> Stage:
    trajectory, today = line.trajectory, line.verdict.judged_on
    stone = next(point for point in trajectory.milestones if point.day == milestone.due)
    outcome, reading = outcome_of(trajectory, stone, readings, today=today)
    return Stage(
        milestone=milestone,
        stone=stone,
        outcome=outcome,
        reading=reading,
        missing=_missing(line, stone),
        is_pending=outcome == Outcome.OPEN and stone.day < today,
        days_left=(stone.day - today).days,
    )


def _missing(line: Line, stone: Waypoint) -> Decimal | None:
    """How far the newest figure is from a milestone; None where it is reached or nothing is known."""
    reading = line.reading
    if reading is None or line.pledge.is_deliverable or meets(line.trajectory, stone.value, reading.value):
        return None
    return abs(stone.value - reading.value)


def _spells(pledge: Pledge, day: date) -> list[Spell]:
    """The lights up to a day, the newest first."""
    standings = Standing.objects.filter(pledge=pledge, since__lte=day).order_by("-since")
    return [Spell(s.since, None if s.until == FOR_EVER else s.until, Light(s.light), s) for s in standings]


def quote_of(line: Line) -> list[Piece]:
    """The printed sentence, its own words marked in the light of the pledge."""
    pledge = line.pledge
    article = pledge.campaign.article
    if article is None or pledge.span_start is None or pledge.span_end is None:
        return [Piece(pledge.quote, None)] if pledge.quote else []
    pledge.light, pledge.light_reason = line.verdict.light, line.verdict.reason  # type: ignore[attr-defined]
    marks = tuple(Mark(pledge, milestone) for milestone in pledge.milestones.all())
    return Print(article.text, marks).pieces((Row(pledge.span_start, pledge.span_end, ""),))


def _neighbours(pledge: Pledge, user: User) -> Neighbours:
    """The related pledges that a person may see, the others stay unnamed. One query."""
    lead = pledge.book_id
    related = Q(subset_of=pledge) | Q(pk=pledge.subset_of_id) | Q(pk=lead) | Q(shared_with=lead)
    found = Pledge.objects.visible_to(user).filter(related, campaign=pledge.campaign_id).exclude(pk=pledge.pk)
    others = list(found.select_related("department").order_by("number"))
    return Neighbours(
        shared=[other for other in others if other.book_id == lead],
        whole=next((other for other in others if other.pk == pledge.subset_of_id), None),
        parts=[other for other in others if other.subset_of_id == pledge.pk],
    )
