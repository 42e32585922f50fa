"""The reviewers' queue, and what they should know before deciding."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from pledges.choices import CampaignKind, ReportState
from pledges.models import Campaign, ProgressReport, User
from pledges.models.reports import ProgressReportQuerySet
from pledges.queries.checks import Check, checks_of, ledgers_in
from pledges.queries.ledger_entries import Ledger
from pledges.queries.previews import Preview, previews_of

SHOWN = 100
"""So many of the oldest reports stand in the queue; the others move up as these are decided."""

RETURNS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One waiting report with what its acceptance would do."""

    report: ProgressReport
    preview: Preview
    checks: list[Check]
    ledger: Ledger | None
    waited: int

    @property
    def flags(self) -> list[str]:
        """What the queue says about it besides the light."""
        return [check.flag for check in self.checks if check.wants_look and check.flag]


@dataclass(frozen=True, slots=True)
class Queue:
    """All that waits (at most `SHOWN` of it), first what changes a light."""

    total: int
    changing: list[Item]
    steady: list[Item]

    @property
    def items(self) -> list[Item]:
        """In the order in which they are read."""
        return [*self.changing, *self.steady]

    @property
    def invented(self) -> Campaign | None:
        """The campaign of a rehearsal among them: its banner stands over the whole page."""
        campaigns = (item.preview.before.pledge.campaign for item in self.items)
        return next((campaign for campaign in campaigns if campaign.is_invented), None)

    @property
    def longest(self) -> int:
        """Days the oldest has waited."""
        return max((item.waited for item in self.items), default=0)

    @property
    def unseen(self) -> int:
        """How many wait behind those shown."""
        return self.total - len(self.items)

    def beside(self, pk: int, step: int) -> ProgressReport | None:
        """The report before (-1) or after (+1) another; after the last comes the first again."""
        keys = [item.report.pk for item in self.items]
        if pk not in keys:
            return self.items[0].report if keys else None
        if len(keys) == 1:
            return None
        return self.items[(keys.index(pk) + step) % len(keys)].report


def waiting_reports(user: User) -> ProgressReportQuerySet:
    """The queue of a person, without plans made for measuring."""
    waiting = ProgressReport.objects.visible_to(user).waiting()
    return waiting.exclude(pledge__campaign__kind=CampaignKind.SYNTHETIC)


def queue_for(user: User, *, today: date) -> Queue:
    """The oldest waiting reports, each with what it would do to its light."""
    waiting = waiting_reports(user).select_related("author", "pledge").order_by("submitted_at", "id")
    items = items_of(list(waiting[:SHOWN]), today=today)
    return Queue(
        total=waiting.count() if len(items) == SHOWN else len(items),
        changing=[item for item in items if item.preview.changes_light],
        steady=[item for item in items if not item.preview.changes_light],
    )


def items_of(reports: list[ProgressReport], *, today: date) -> list[Item]:
    """Reports with their previews and checks. At most eight queries in all."""
    previews = previews_of(reports, today=today)
    ledgers = ledgers_in(reports, previews)
    checks = checks_of(reports, previews, ledgers)
    return [
        Item(
            report=report,
            preview=previews[report.pk],
            checks=checks[report.pk],
            ledger=ledgers.get(report.pk),
            waited=(today - localdate(report.submitted_at)).days,
        )
        for report in reports
    ]


def returns_of(report: ProgressReport) -> list[ProgressReport]:
    """How often and why this pledge was sent back before."""
    returned = ProgressReport.objects.filter(pledge=report.pledge_id, state=ReportState.RETURNED)
    return list(returned.select_related("author", "reviewer").order_by("-id")[:RETURNS_SHOWN])
