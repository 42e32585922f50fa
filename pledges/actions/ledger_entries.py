"""The names that come with a report."""

from collections.abc import Iterable

from pledges.models import LedgerEntry, ProgressReport
from pledges.rules.ledgers import key_of


def list_names(report: ProgressReport, names: Iterable[str]) -> None:
    """Keep the names behind a report's figure, in the order in which they were given."""
    LedgerEntry.objects.bulk_create(
        LedgerEntry(report=report, place=place, name=name, key=key_of(name))
        for place, name in enumerate(names, start=1)
    )


def names_of(report: ProgressReport) -> tuple[str, ...]:
    """The names as they were given."""
    return tuple(report.entries.order_by("place").values_list("name", flat=True))
