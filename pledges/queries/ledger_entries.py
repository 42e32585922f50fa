"""The names behind the counts: what a report lists, what is new in it, and who else claims it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from pledges.choices import ReportState
from pledges.models import LedgerEntry, Pledge, ProgressReport
from pledges.models.reports import ProgressReportQuerySet
from pledges.rules.ledgers import Change, change_between

Names = dict[str, str]
"""Names as they are spelled, by what they are compared by."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A list of names, and the list before it."""

    names: Names = field(default_factory=dict)
    before: Names = field(default_factory=dict)

    @property
    def change(self) -> Change:
        """What is new in it and what is gone."""
        return change_between(self.before, self.names)

    @property
    def rows(self) -> list[tuple[str, bool]]:
        """The names in their order, each with whether it is new; nothing is new in the first list."""
        new = self.change.new if self.before else frozenset()
        return [(name, key in new) for key, name in self.names.items()]


@dataclass(frozen=True, slots=True)
class Claim:
    """A name of this list that another pledge claims, too, in its own spelling."""

    name: str
    spelling: str
    pledge: Pledge
    is_waiting: bool


def _with_names(reports: ProgressReportQuerySet) -> ProgressReportQuerySet:
    return reports.filter(Exists(LedgerEntry.objects.filter(report=OuterRef("pk"))))


def last_names(pledge: Pledge, *, until: date | None = None) -> list[LedgerEntry]:
    """The newest accepted list of a pledge, as of a day at the latest. One query."""
    known = _with_names(ProgressReport.objects.accepted().filter(pledge=pledge.book_id))
    known = known if until is None else known.known_by(until)
    newest = known.order_by("-as_of", "-id").values("pk")[:1]
    return list(LedgerEntry.objects.filter(report__in=newest).select_related("report").order_by("place"))


def ledgers_of(reports: Iterable[ProgressReport]) -> dict[int, Ledger]:
    """The lists of several reports, each with the accepted one before it. Two queries in all."""
    reports = list(reports)
    earlier = _lists_before(reports)
    names: dict[int, Names] = defaultdict(dict)
    wanted = {report.pk for report in reports} | set(earlier.values())
    entries = LedgerEntry.objects.filter(report__in=wanted).order_by("report", "place")
    for report, key, name in entries.values_list("report", "key", "name"):
        names[report][key] = name
    found = ((pk, Ledger(names.get(pk, {}), names.get(earlier.get(pk, 0), {}))) for pk in wanted)
    return {pk: ledger for pk, ledger in found if ledger.names or ledger.before}


def _lists_before(reports: list[ProgressReport]) -> dict[int, int]:
    """For each report the newest accepted one that has a list and is not of a later day."""
    known = ProgressReport.objects.accepted().filter(pledge__in={report.pledge_id for report in reports})
    rows = _with_names(known).order_by("as_of", "id").values_list("pledge", "as_of", "id")
    lists: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for pledge, as_of, pk in rows:
        lists[pledge].append((as_of, pk))
    before = {}
    for report in reports:
        earlier = [pk for day, pk in lists[report.pledge_id] if day <= report.as_of and pk != report.pk]
        if earlier:
            before[report.pk] = earlier[-1]
    return before


def claims_on(report: ProgressReport, ledger: Ledger) -> list[Claim]:
    """Who else in the campaign claims what a report names. At most three queries.

    Only the newest lists speak. A shared pledge is one book, and a part names what its whole names:
    neither is a second claim.
    """
    own = ledger.names
    if not own:
        return []
    hits = _named_elsewhere(report, own)
    if not hits:
        return []
    speaking = _newest_lists({hit.report.pledge_id for hit in hits})
    kin = _kin_of(report.pledge)
    claims = {
        (hit.key, hit.report.pledge_id): Claim(
            own[hit.key], hit.name, hit.report.pledge, hit.report.state == ReportState.SUBMITTED
        )
        for hit in hits
        if hit.report_id in speaking and hit.report.pledge_id not in kin
    }
    return sorted(claims.values(), key=lambda claim: claim.pledge.number)


def _named_elsewhere(report: ProgressReport, names: Iterable[str]) -> list[LedgerEntry]:
    """The same names under other pledges of the campaign."""
    live = LedgerEntry.objects.filter(key__in=list(names), report__state__in=ReportState.live)
    others = live.filter(report__pledge__campaign=report.pledge.campaign_id)
    elsewhere = others.exclude(report__pledge=report.pledge_id).select_related("report__pledge__department")
    return list(elsewhere.order_by("report__pledge__number", "place"))


def _newest_lists(pledges: set[int]) -> set[int]:
    """The newest accepted and the newest waiting list of each pledge."""
    rows = _with_names(ProgressReport.objects.live().filter(pledge__in=pledges)).order_by("as_of", "id")
    newest = {(pledge, state): pk for pk, pledge, state in rows.values_list("id", "pledge", "state")}
    return set(newest.values())


def _kin_of(book: Pledge) -> set[int]:
    """The books of the wholes above a pledge and of the parts below it, however deep."""
    pledges = Pledge.objects.filter(campaign=book.campaign_id, subset_of__isnull=False)
    rows = pledges.values_list("pk", "shared_with", "subset_of", "subset_of__shared_with")
    links = {(lead or pk, whole_lead or whole) for pk, lead, whole, whole_lead in rows if whole}
    return _reached(book.pk, links) | _reached(book.pk, {(whole, part) for part, whole in links})


def _reached(start: int, links: set[tuple[int, int]]) -> set[int]:
    """Everything at the end of a chain of links."""
    reached, edge = set[int](), {start}
    while edge:
        edge = {end for begin, end in links if begin in edge} - reached
        reached |= edge
    return reached
