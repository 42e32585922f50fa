"""What has been said about a pledge."""

from pledges.choices import ReportState
from pledges.models import Pledge, ProgressReport
from pledges.queries.facts import trajectory_of
from pledges.rules.facts import Reading
from pledges.rules.reporting import Book


def live_reports(pledge: Pledge) -> list[ProgressReport]:
    """The reports that count or may count, oldest first; corrected ones and older words of a day are gone."""
    reports = list(ProgressReport.objects.live().filter(pledge=pledge.book_id).order_by("as_of", "id"))
    corrected = {r.corrects_id for r in reports if r.state == ReportState.ACCEPTED}
    by_day = {r.as_of: r for r in reports if r.pk not in corrected}
    return list(by_day.values())


def book_of(pledge: Pledge) -> Book:
    """Everything the checks need to know before something new is said."""
    reports = live_reports(pledge)
    return Book(
        trajectory=trajectory_of(pledge),
        unit=pledge.unit,
        starts_on=pledge.campaign.starts_on,
        ends_on=pledge.campaign.ends_on,
        live=tuple(Reading(r.as_of, r.value) for r in reports),
        accepted_on=frozenset(r.as_of for r in reports if r.state == ReportState.ACCEPTED),
        waiting_on=frozenset(r.as_of for r in reports if r.state == ReportState.SUBMITTED),
    )


def newest_id(pledge: Pledge) -> int:
    """The newest report of a pledge's book in any state: what a form has seen. 0 where there is none."""
    newest = ProgressReport.objects.filter(pledge=pledge.book_id).order_by("-id").values_list("id", flat=True)
    return newest.first() or 0
