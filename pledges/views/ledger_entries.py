"""The names behind the counts, on the pages of others."""

from datetime import date

from pledges.models import Pledge
from pledges.queries.facts import Line
from pledges.queries.ledger_entries import claims_on, last_names
from pledges.queries.reviews import Item
from pledges.queries.shares import contributions_to, is_shared


def names_on(pledge: Pledge, line: Line, *, day: date) -> dict[str, object]:
    """The newest accepted list, and what each department brought into a shared number. At most three queries."""
    shared = is_shared(pledge)
    return {
        "ledger": last_names(pledge, until=day),
        "contributions": contributions_to(line, day=day) if shared else None,
    }


def names_in_review(item: Item | None) -> dict[str, object]:
    """The list of a report that waits, beside the one before it, and who else claims its names."""
    if item is None or item.ledger is None:
        return {}
    claims = claims_on(item.report, item.ledger)
    return {"ledger": item.ledger, "claims": claims, "claimed": len({claim.name for claim in claims})}
