"""What a pledge asks of those who report for it: the next milestone, the regular report, an overdue one."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.timezone import localdate

from pledges.choices import Light, Reason, ReportState
from pledges.models import Campaign, Milestone, ProgressReport
from pledges.models.campaigns import CampaignQuerySet
from pledges.queries.facts import Line, thresholds_of
from pledges.rules.asking import unmet_ahead, unserved_close
from pledges.rules.reporting import LATE_REPORTING

Newest = dict[int, tuple[ProgressReport, ReportState]]
"""The newest report of each book and its state."""


def taking_reports(day: date) -> CampaignQuerySet:
    """The campaigns that take figures on a day: running, or ended so lately that figures still come in."""
    return Campaign.objects.shown().filter(starts_on__lte=day, ends_on__gte=day - LATE_REPORTING)


def newest_reports(books: Iterable[int], *, day: date) -> Newest:
    """The newest report of each book with its state as it was in the evening of a day. One query."""
    found = {}
    said = ProgressReport.objects.filter(pledge__in=books).exclude(state=ReportState.WITHDRAWN)
    for report in said.select_related("author", "reviewer").order_by("id"):
        if localdate(report.submitted_at) <= day:
            found[report.pledge_id] = (report, _state_on(report, day))
    return found


def _state_on(report: ProgressReport, day: date) -> ReportState:
    if report.reviewed_at and localdate(report.reviewed_at) > day:
        return ReportState.SUBMITTED
    return ReportState(report.state)


def is_open(line: Line) -> bool:
    """Whether the whole promise is still to be kept."""
    return line.verdict.light != Light.DONE


def unmet_milestones(line: Line) -> Iterator[Milestone]:
    """The milestones to come that the accepted value does not reach yet, in order of their days."""
    ahead = unmet_ahead(line.trajectory, line.reading, line.verdict.judged_on)
    stones = {stone.due: stone for stone in line.pledge.milestones.all()}
    return (stones[point.day] for point in ahead)


def missed_milestone(line: Line, *, stretch: bool = True) -> Milestone | None:
    """The first milestone that has passed unmet, its grace over; `stretch`: also of a stretch goal."""
    reasons = {Reason.MISSED, Reason.STRETCH_MISSED} if stretch else {Reason.MISSED}
    stone = line.verdict.milestone
    if line.verdict.reason not in reasons or stone is None:
        return None
    return next((found for found in line.pledge.milestones.all() if found.due == stone.day), None)


def close_without_report(line: Line) -> date | None:
    """The closing day of the running cycle where no figure serves it; None where none is asked for."""
    return unserved_close(
        line.trajectory,
        line.reading,
        line.verdict.judged_on,
        thresholds=thresholds_of(line.pledge.campaign),
        ends=line.pledge.campaign.ends_on,
    )
