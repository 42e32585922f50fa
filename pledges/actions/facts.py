"""Load what other pages of the paper print about the same metrics: the pages, their figures, the pledges they touch.

Repeatable. The data file has the last word: a figure that it no longer holds is taken away, for a figure that
was misread is worse than none. Nothing is computed from these figures.
"""

import json
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions.orders import read_orders
from pledges.actions.rows import Tally, sync
from pledges.models import Fact, Pledge, SourceArticle

ABOUT_ORDERS_OF = 2022
"""The numbers in the data file are those of the orders of this year, whichever campaign carries them on."""

FIELDS = ("subject", "year", "kind", "unit", "comparator", "quote", "remark")


@transaction.atomic
def load_facts() -> Tally:
    """Bring pages, figures and their pledges in step with the data file; a second run changes nothing."""
    data, tally = read_facts(), Tally()
    articles = _sync_articles(data["articles"], tally)
    facts = _sync_facts(data, articles, tally)
    _link(facts, data["facts"], tally)
    return tally


def read_facts() -> dict[str, Any]:
    """The reviewed data file."""
    return json.loads((_seeds() / "facts.json").read_text(encoding="utf-8"))


def _seeds() -> Path:
    return settings.BASE_DIR / "seeds"


def _sync_articles(rows: list[dict[str, Any]], tally: Tally) -> dict[str, SourceArticle]:
    wanted = [
        SourceArticle(
            code=row["code"],
            title=row["title"],
            # Bytes, because spans count the code points of the file as stored, line ends included.
            text=(_seeds() / row["file"]).read_bytes().decode("utf-8"),
            note=row["note"],
        )
        for row in rows
    ]
    stored = SourceArticle.objects.filter(code__in=[article.code for article in wanted])
    return sync(stored, wanted, ("title", "text", "note"), key=lambda row: row.code, tally=tally).rows


def _sync_facts(data: dict[str, Any], articles: dict[str, SourceArticle], tally: Tally) -> list[Fact]:
    """The stored figures in the order of the file."""
    differing = _differing(data["contradictions"])
    wanted = [
        _fact(row, articles[row["article"]], differing[place]) for place, row in enumerate(data["facts"])
    ]
    stored = Fact.objects.filter(article__in=articles.values())
    found = sync(stored, wanted, FIELDS, key=_key, tally=tally).rows
    gone = stored.exclude(pk__in=[fact.pk for fact in found.values()])
    if number := gone.count():
        gone.delete()
        tally.add(Fact, "removed", number)
    return [found[_key(fact)] for fact in wanted]


def _differing(contradictions: list[dict[str, Any]]) -> dict[int, list[str]]:
    """What differs from other figures, in words, by the place of a figure in the file."""
    words = defaultdict[int, list[str]](list)
    for row in contradictions:
        for place in row["facts"]:
            words[place].append(row["words"])
    return words


def _fact(row: dict[str, Any], article: SourceArticle, differing: list[str]) -> Fact:
    start, end = row["span"]
    return Fact(
        article=article,
        metric=row["metric"],
        subject=row["subject"],
        period=row["period"],
        year=row["year"],
        kind=row["kind"],
        value=Decimal(row["value"]),
        unit=row["unit"],
        comparator=row["comparator"] or "",
        quote=row["quote"],
        span_start=start,
        span_end=end,
        # The first line says how it was read, each further line what another figure says differently.
        remark="\n".join([row["remark"], *differing]),
    )


def _key(fact: Fact) -> tuple:
    return (fact.article_id, fact.span_start, fact.span_end, fact.metric, fact.value, fact.period)


def _link(facts: list[Fact], rows: list[dict[str, Any]], tally: Tally) -> None:
    """Each figure with the pledges of its metric, in every campaign that carries these orders on."""
    pledges = _pledges_by_number()
    wanted = {
        (fact.pk, pledge)
        for fact, row in zip(facts, rows, strict=True)
        for number in row["about"]
        for pledge in pledges[number]
    }
    through = Fact.pledges.through
    stored = {(fact, pledge): pk for pk, fact, pledge in through.objects.values_list("pk", "fact", "pledge")}
    new, gone = wanted - stored.keys(), stored.keys() - wanted
    through.objects.bulk_create([through(fact_id=fact, pledge_id=pledge) for fact, pledge in sorted(new)])
    through.objects.filter(pk__in=[stored[pair] for pair in gone]).delete()
    deeds = {"created": len(new), "kept": len(wanted) - len(new), "removed": len(gone)}
    tally.counts[_("figures beside pledges")] = Counter(deeds)


def _pledges_by_number() -> dict[str, list[int]]:
    """The pledges read from the page of the orders, by their printed number. A rehearsal has them, too."""
    page = read_orders(ABOUT_ORDERS_OF).data["article"]["code"]
    found = defaultdict[str, list[int]](list)
    rows = Pledge.objects.filter(campaign__article__code=page).order_by("pk")
    for number, pk in rows.values_list("number", "pk"):
        found[number].append(pk)
    return found
