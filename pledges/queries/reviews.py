"""The reviewers' queue, and what they should know before deciding."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.choices import CampaignKind, ReportState
from pledges.models import Campaign, Pledge, ProgressReport, User
from pledges.models.reports import ProgressReportQuerySet
from pledges.queries.facts import thresholds_of
from pledges.queries.previews import Preview, previews_of
from pledges.rules.checks import Finding, findings_in
from pledges.rules.reporting import Book, Said
from pledges.wording import day_words, with_unit

SHOWN = 100
"""So many of the oldest reports stand in the queue; the others move up as these are decided."""

RETURNS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the system has looked at, in words; `flag` is its short form for the queue."""

    code: str
    wants_look: bool
    words: str
    flag: str


@dataclass(frozen=True, slots=True)
class Item:
    """One waiting report with what its acceptance would do."""

    report: ProgressReport
    preview: Preview
    checks: list[Check]
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
    """Reports with their previews and checks. Three queries in all."""
    previews = previews_of(reports, today=today)
    return [
        Item(
            report=report,
            preview=previews[report.pk],
            checks=_checks(report, previews[report.pk]),
            waited=(today - localdate(report.submitted_at)).days,
        )
        for report in reports
    ]


def returns_of(report: ProgressReport) -> list[ProgressReport]:
    """How often and why this pledge was sent back before."""
    returned = ProgressReport.objects.filter(pledge=report.pledge_id, state=ReportState.RETURNED)
    return list(returned.select_related("author", "reviewer").order_by("-id")[:RETURNS_SHOWN])


def _checks(report: ProgressReport, preview: Preview) -> list[Check]:
    pledge = preview.before.pledge
    book = Book(
        trajectory=preview.before.trajectory,
        unit=pledge.unit,
        starts_on=pledge.campaign.starts_on,
        ends_on=pledge.campaign.ends_on,
        live=preview.known,
    )
    findings = findings_in(
        book,
        Said(report.as_of, report.value, report.note),
        said_on=localdate(report.submitted_at),
        thresholds=thresholds_of(pledge.campaign),
    )
    return [_in_words(finding, pledge) for finding in findings]


WORDS: dict[str, Callable[[], str]] = {
    "first": lambda: _("The first figure of this pledge; there is none to compare it with."),
    "older": lambda: _("Older than the accepted figure as of %(day)s (%(value)s), which stays the newest."),
    "corrects": lambda: _("Corrects the accepted figure of the same day, %(day)s (%(value)s)."),
    "newer": lambda: _("Newer than the last accepted figure (as of %(day)s)."),
    "falls": lambda: _("Falls from %(was)s to %(now)s."),
    "kept": lambda: _("The running total does not fall: %(was)s → %(now)s."),
    "jump": lambda: _("From %(was)s to %(now)s is a hundredfold or more; the unit may be mistaken."),
    "unchanged": lambda: _("The same figure %(times)s times in a row."),
    "late": lambda: _("Reported after its cycle closed on %(day)s."),
    "in_time": lambda: _("Reported before its cycle closes on %(day)s."),
}
FLAGS: dict[str, Callable[[], str]] = {
    "older": lambda: pgettext("flag", "older than the last"),
    "corrects": lambda: pgettext("flag", "a correction"),
    "falls": lambda: pgettext("flag", "falls"),
    "jump": lambda: pgettext("flag", "large jump"),
    "unchanged": lambda: pgettext("flag", "unchanged %(times)s times"),
    "late": lambda: pgettext("flag", "late"),
}


def _in_words(finding: Finding, pledge: Pledge) -> Check:
    shown = {name: _shown(value, pledge) for name, value in finding.values.items()}
    flag = FLAGS[finding.code]() % shown if finding.code in FLAGS else ""
    return Check(finding.code, finding.wants_look, WORDS[finding.code]() % shown, flag)


def _shown(value: object, pledge: Pledge) -> object:
    if isinstance(value, date):
        return day_words(value)
    return with_unit(value, pledge.unit) if isinstance(value, Decimal) else value
