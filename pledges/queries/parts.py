"""Parts and their wholes, as they stand on record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from pledges.models import Pledge, ProgressReport
from pledges.queries.facts import Entries, entries_of, trajectory_of
from pledges.rules.facts import Reading
from pledges.rules.parts import Conflict, Measure, conflict_in


@dataclass(frozen=True, slots=True)
class Over:
    """A part that would be greater than its whole: the two pledges and their figures."""

    part: Pledge
    whole: Pledge
    figures: Conflict


def pairs_around(book: int) -> list[tuple[Pledge, Pledge]]:
    """Every part with its whole, of which one keeps its number in this book. One query where there is none."""
    of_book = Q(pk=book) | Q(shared_with=book) | Q(subset_of=book) | Q(subset_of__shared_with=book)
    parts = Pledge.objects.filter(of_book, subset_of__isnull=False).order_by("pk")
    found = parts.select_related("campaign", "subset_of__campaign").prefetch_related(
        "milestones", "subset_of__milestones"
    )
    return [(part, part.subset_of) for part in found if part.subset_of]


def books_of(pairs: Iterable[tuple[Pledge, Pledge]]) -> set[int]:
    """The books in which these pairs keep their numbers."""
    return {pledge.book_id for pair in pairs for pledge in pair}


def with_kin(books: set[int]) -> set[int]:
    """These books with those of their direct wholes and parts. One query."""
    near = (
        Q(pk__in=books)
        | Q(shared_with__in=books)
        | Q(subset_of__in=books)
        | Q(subset_of__shared_with__in=books)
    )
    rows = Pledge.objects.filter(near, subset_of__isnull=False).order_by()
    found = rows.values_list("pk", "shared_with", "subset_of", "subset_of__shared_with")
    ends = ((lead or pk, whole_lead or whole) for pk, lead, whole, whole_lead in found)
    return books | {book for pair in ends for book in pair if book}


def measure_of(pledge: Pledge) -> Measure:
    """A pledge as far as its size can be compared."""
    return Measure(trajectory_of(pledge), pledge.unit)


def contradictions(pairs: list[tuple[Pledge, Pledge]], report: ProgressReport) -> Iterator[Over]:
    """The pairs in which a report, once accepted, would be or meet too great a part. One query."""
    books = entries_of([pledge for pair in pairs for pledge in pair])
    books[report.pledge_id] = _with(books.get(report.pledge_id, []), report)
    for part, whole in pairs:
        parts, wholes = (_readings(books.get(pledge.book_id, [])) for pledge in (part, whole))
        found = conflict_in(measure_of(part), measure_of(whole), parts, wholes)
        said = Reading(report.as_of, report.value)
        own = {part.book_id: found and found.part, whole.book_id: found and found.whole}
        if found and own[report.pledge_id] == said:
            yield Over(part, whole, found)


def _with(entries: Entries, report: ProgressReport) -> Entries:
    return sorted((dict(entries) | {report.as_of: report.value}).items())


def _readings(entries: Entries) -> list[Reading]:
    return [Reading(as_of, value) for as_of, value in entries]


def newest_of(pledges: Iterable[Pledge]) -> dict[int, Reading]:
    """The newest accepted figure of each pledge's book, by the pledge. One query."""
    pledges = list(pledges)
    books = entries_of(pledges) if pledges else {}
    return {pledge.pk: Reading(*books[pledge.book_id][-1]) for pledge in pledges if books.get(pledge.book_id)}
