"""Columns with two faces: what the page shows, and what stands in a sheet's cell."""

from collections.abc import Callable
from typing import Any

import django_tables2 as tables
from django.db.models import F
from django.utils.translation import gettext as _

from pledges.models.plans import PledgeQuerySet
from pledges.queries.facts import Line

PARTS = "pledges/parts/columns"


def sorted_by(field: str, *, may_be_unknown: bool = False) -> Callable:
    """A column's order in the database; what is unknown comes last, whichever way.

    Only where something may be: an index yields its rows in the one order or the other, never with these words.
    """
    last = may_be_unknown or None

    def order(queryset: PledgeQuerySet, is_descending: bool) -> tuple[PledgeQuerySet, bool]:  # noqa: FBT001  as tables2 calls it
        way = F(field).desc(nulls_last=last) if is_descending else F(field).asc(nulls_last=last)
        return queryset.order_by(way, *(() if field == "number" else ("number",))), True

    return order


def light_words(line: Line) -> str:
    """The light in a word; done late says so, and so does a pledge that is closed."""
    words = _("Done late") if line.verdict.is_late else str(line.verdict.light.label)
    is_closed = getattr(line.pledge, "is_closed", False)
    return _("%(light)s, closed") % {"light": words} if is_closed else words


class PartColumn(tables.TemplateColumn):
    """A cell drawn by a template of its own, as `record`; in a sheet the answer of `says`."""

    def __init__(
        self, part: str, *, says: Callable[[Line], Any], order: Callable | None = None, **extra: Any
    ) -> None:
        super().__init__(
            template_name=f"{PARTS}/{part}.html", orderable=order is not None, accessor="pledge", **extra
        )
        self.says = says
        if order is not None:
            self.order = order

    def value(self, record: Line, **_kwargs: Any) -> Any:
        return self.says(record)


class LightColumn(PartColumn):
    """Shape and word on the page, the word in a sheet."""

    def __init__(self, **extra: Any) -> None:
        super().__init__("light", says=light_words, order=sorted_by("rank"), **extra)


class SheetColumn(tables.Column):
    """A column that only the sheet has: the page shows it inside another one."""

    def __init__(self, *, says: Callable[[Line], Any], **extra: Any) -> None:
        super().__init__(empty_values=(), visible=False, orderable=False, accessor="pledge", **extra)
        self.says = says

    def value(self, record: Line, **_kwargs: Any) -> Any:
        return self.says(record)
