"""The page of a department and the page of a pledge: they must not notice how large the plan is.

Floor: a page that shows nothing. Promised is the ratio against the run with 1,000 pledges on the same database,
whose file of results must be there; floors divide the difference of two moments out.
"""

import json

from django.db import connection

from bench.kit import EMPTY_PAGE, PLEDGES_EACH, RESULTS, Bench, Figure, medians, page, statements
from pledges.models import Department

SMALL = 1_000
MOST_GROWTH = 1.1


def measure(bench: Bench) -> None:
    client, on = bench.client(), f"?on={bench.day}"
    _of_usual_size(bench)
    code = bench.pledges().filter(department=bench.department())[0].code
    addresses = {
        "department page": f"/campaigns/{bench.campaign.code}/departments/{bench.department().code}/{on}",
        "pledge page": f"/pledges/{code}/{on}",
    }
    before = _before()
    for what, address in addresses.items():
        empty, took = medians(
            lambda: page(client, EMPTY_PAGE), lambda at=address: page(client, at), bench=bench
        )
        count, size = len(statements(lambda at=address: page(client, at))), len(page(client, address))
        figure = bench.add(Figure(what, took, floor=empty, queries=count, size=size))
        if what in before and bench.size > SMALL:
            bench.add(
                Figure(f"{what}: growth since 1,000", figure.ratio, "×", floor=before[what], most=MOST_GROWTH)
            )


def _of_usual_size(bench: Bench) -> None:
    """The department that is looked at has as many pledges as those of the small plan; the others take the rest."""
    own = bench.pledges().filter(department=bench.department()).values_list("pk", flat=True)
    others = Department.objects.filter(pledges__campaign=bench.campaign).exclude(pk=bench.department().pk)
    if other := others.first():
        bench.pledges().filter(pk__in=list(own)[PLEDGES_EACH:]).order_by().update(department=other)


def _before() -> dict[str, float]:
    path = RESULTS / f"pages-{connection.vendor}-{SMALL}.json"
    if not path.exists():
        return {}
    return {told["what"]: told["ratio"] for told in json.loads(path.read_text())["figures"]}
