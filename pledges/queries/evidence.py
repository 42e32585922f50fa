"""What stands behind the figures: files of reports, where else they were used, how many reports bring one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from pledges.choices import ReportState
from pledges.models import Department, Evidence, Pledge, ProgressReport, User
from pledges.models.evidence import EvidenceQuerySet
from pledges.models.plans import PledgeQuerySet
from pledges.models.reports import ProgressReportQuerySet

USES_SHOWN = 20
"""So many other uses of all the files of a report."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the accepted reports that clerks sent, those with a file."""

    total: int
    with_file: int

    @property
    def without_file(self) -> int:
        return self.total - self.with_file

    @property
    def percent(self) -> int | None:
        """Rounded down: a hundred means all. None where there is nothing to prove."""
        return self.with_file * 100 // self.total if self.total else None


def has_file() -> Exists:
    """Whether a report brings a file."""
    return Exists(Evidence.objects.filter(report=OuterRef("pk")))


def counting_reports() -> ProgressReportQuerySet:
    """Accepted reports that no accepted correction has replaced: what a file stands behind counts only with them."""
    replaced = ProgressReport.objects.accepted().filter(corrects=OuterRef("pk"))
    return ProgressReport.objects.accepted().filter(~Exists(replaced))


def proofs_of(books: Iterable[int]) -> dict[int, frozenset[date]]:
    """The days of each book's figures that count and bring a file or come from print. One query."""
    said = counting_reports().filter(pledge__in=books).order_by()
    proved = said.filter(has_file() | Q(source__isnull=False))
    found = defaultdict[int, set[date]](set)
    for book, as_of in proved.values_list("pledge", "as_of"):
        found[book].add(as_of)
    return {book: frozenset(days) for book, days in found.items()}


def loose_files(form_key: UUID, user: User) -> list[Evidence]:
    """What a person has uploaded with a form that is not sent yet. One query."""
    return list(Evidence.objects.loose().filter(form_key=form_key, uploaded_by=user))


def reusable_files(book_id: int, user: User) -> EvidenceQuerySet:
    """What a person may send again: files of reports that came to nothing, and one's own that are not sent yet."""
    undone = Q(report__pledge=book_id) & ~Q(report__state__in=ReportState.live)
    unsent = Q(report__isnull=True, uploaded_by=user)
    return Evidence.objects.visible_to(user).filter(undone | unsent)


def files_from_before(pledge: Pledge, user: User, *, form_key: UUID | None) -> list[Evidence]:
    """Offered with a new form: those of the newest report where it came to nothing, and of the form that was left.

    One query.
    """
    newest = ProgressReport.objects.filter(pledge=pledge.book_id).order_by("-id").values("pk")[:1]
    offered = Q(report=Subquery(newest)) | Q(report__isnull=True, form_key=form_key)
    files = reusable_files(pledge.book_id, user).filter(offered).order_by("-pk")
    return list({evidence.sha256: evidence for evidence in files}.values())


def with_files() -> Prefetch:
    """The files of reports with those who sent them. One query."""
    return Prefetch("evidence", Evidence.objects.select_related("uploaded_by"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A file on the reviewer's desk, with the other reports that the same file stands behind."""

    evidence: Evidence
    uses: list[ProgressReport]


def on_desk(report: ProgressReport, user: User) -> list[Shown]:
    """The files of a report, each with where else the very same was used. Two queries."""
    files = list(Evidence.objects.filter(report=report).select_related("uploaded_by"))
    uses = _other_uses(report, {evidence.sha256 for evidence in files}, user)
    return [Shown(evidence, uses.get(evidence.sha256, [])) for evidence in files]


def _other_uses(report: ProgressReport, prints: set[str], user: User) -> dict[str, list[ProgressReport]]:
    """By fingerprint, the newest first. What was sent back and is sent again with the same file is no other use."""
    if not prints:
        return {}
    sent = Evidence.objects.filter(sha256__in=prints, report__in=ProgressReport.objects.visible_to(user))
    again = Q(report__pledge=report.pledge_id) & ~Q(report__state__in=ReportState.live)
    others = sent.exclude(report=report).exclude(again).order_by("-report")
    found = defaultdict[str, list[ProgressReport]](list)
    for evidence in others.select_related("report__pledge__department")[:USES_SHOWN]:
        if evidence.report:
            found[evidence.sha256].append(evidence.report)
    return dict(found)


def reports_to_prove(pledges: PledgeQuerySet, *, until: date) -> ProgressReportQuerySet:
    """Accepted reports that clerks sent on the books of some pledges, true by a day."""
    mine = pledges.order_by()
    # One set of books: of two, either of which may hold, PostgreSQL reads every report there is.
    books = mine.values("pk").union(mine.filter(shared_with__isnull=False).values("shared_with"))
    return ProgressReport.objects.accepted().filter(pledge__in=books, source__isnull=True).known_by(until)


def coverage_of(pledges: PledgeQuerySet, *, until: date) -> Coverage:
    """How many of them bring a file. One query."""
    counts = reports_to_prove(pledges, until=until).aggregate(
        total=Count("pk"), with_file=Count("pk", filter=Q(has_file()))
    )
    return Coverage(**counts)


def proofs(pledges: PledgeQuerySet, *, until: date, with_file: bool | None) -> ProgressReportQuerySet:
    """The reports that the coverage counts: all, those with a file, or those without; the newest first."""
    reports = reports_to_prove(pledges, until=until)
    if with_file is not None:
        reports = reports.filter(has_file() if with_file else ~has_file())
    related = reports.select_related("pledge__department", "author").prefetch_related(with_files())
    return related.order_by("-as_of", "-pk")


def stored_bytes(department: Department) -> int:
    """What the files of a department take: of what it reported, and of its people's forms not sent yet.

    A file that was used again lies there once.
    """
    said_by = Coalesce("report__department", "report__pledge__department")
    whose = Q(sent_by=department.pk) | Q(
        report__isnull=True, uploaded_by__in=department.memberships.values("user")
    )
    files = Evidence.objects.alias(sent_by=said_by).filter(whose).order_by().values("file", "size").distinct()
    return files.aggregate(stored=Sum("size"))["stored"] or 0
