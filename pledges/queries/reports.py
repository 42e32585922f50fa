"""What has been said about a pledge."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from pledges.choices import ReportState
from pledges.models import Pledge, ProgressReport
from pledges.queries.evidence import proofs_of
from pledges.queries.facts import trajectory_of
from pledges.rules.facts import Reading
from pledges.rules.reporting import Book


def live_reports(pledge: Pledge) -> list[ProgressReport]:
    """The reports that count or may count, oldest first; corrected ones and older words of a day are gone."""
    return live_by_book([pledge.book_id]).get(pledge.book_id, [])


def live_by_book(books: Iterable[int]) -> dict[int, list[ProgressReport]]:
    """The same for many books. One query."""
    found: dict[int, list[ProgressReport]] = defaultdict(list)
    for report in ProgressReport.objects.live().filter(pledge__in=books).order_by("as_of", "id"):
        found[report.pledge_id].append(report)
    return {book: _last_words(reports) for book, reports in found.items()}


def _last_words(reports: list[ProgressReport]) -> list[ProgressReport]:
    corrected = {r.corrects_id for r in reports if r.state == ReportState.ACCEPTED}
    by_day = {r.as_of: r for r in reports if r.pk not in corrected}
    return list(by_day.values())


def book_of(pledge: Pledge) -> Book:
    """Everything the checks need to know before something new is said."""
    return books_of([pledge])[pledge.pk]


def books_of(pledges: Iterable[Pledge]) -> dict[int, Book]:
    """The same for many pledges, by their keys: as many queries as for one. Their milestones should be fetched."""
    pledges = list(pledges)
    live = live_by_book({pledge.book_id for pledge in pledges})
    asking = {pledge.book_id for pledge in pledges if pledge.campaign.completion_needs_evidence}
    proofs = proofs_of(asking) if asking else {}
    return {
        pledge.pk: _book(pledge, live.get(pledge.book_id, []), proofs.get(pledge.book_id, frozenset()))
        for pledge in pledges
    }


def _book(pledge: Pledge, reports: list[ProgressReport], proofs: frozenset[date]) -> Book:
    return Book(
        trajectory=trajectory_of(pledge),
        unit=pledge.unit,
        starts_on=pledge.campaign.starts_on,
        ends_on=pledge.campaign.ends_on,
        live=tuple(Reading(r.as_of, r.value) for r in reports),
        accepted_on=frozenset(r.as_of for r in reports if r.state == ReportState.ACCEPTED),
        waiting_on=frozenset(r.as_of for r in reports if r.state == ReportState.SUBMITTED),
        ledger_required=pledge.campaign.ledger_required,
        needs_evidence=pledge.campaign.completion_needs_evidence,
        proved_on=proofs,
    )


def newest_ids(books: Iterable[int]) -> dict[int, int]:
    """The newest report of each book in any state, by its key. One query."""
    said = ProgressReport.objects.filter(pledge__in=books).order_by().values("pledge")
    return dict(said.annotate(newest=Max("id")).values_list("pledge", "newest"))


def newest_id(pledge: Pledge) -> int:
    """The newest report of a pledge's book in any state: what a form has seen. 0 where there is none."""
    newest = ProgressReport.objects.filter(pledge=pledge.book_id).order_by("-id").values_list("id", flat=True)
    return newest.first() or 0
