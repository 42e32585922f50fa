"""The table of pledges with their lights: sorted and cut in the database, judged a page at a time."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.data import TableQuerysetData

from pledges.models import Campaign
from pledges.models.plans import PledgeQuerySet
from pledges.queries.facts import Line, judged
from pledges.queries.listing import for_listing
from pledges.tables.columns import LightColumn, PartColumn, SheetColumn, sorted_by
from pledges.wording import in_a_row, put_off_words, rough, target_words, value_words, what_to_do, why

BATCH = 200
"""Pledges judged at once on their way into a sheet."""


class JudgedData(TableQuerysetData):
    """A queryset of pledges whose rows come out judged: four queries a page, however long the list.

    Only keys are sorted: the rows are wide, and most of them are on another page.
    """

    def __init__(self, pledges: PledgeQuerySet, *, day: date) -> None:
        super().__init__(for_listing(pledges, day=day))
        self.day = day

    def __getitem__(self, key: Any) -> Any:
        keys = self.data.values_list("pk", flat=True)[key]
        return self._judged(list(keys)) if isinstance(key, slice) else self._judged([keys])[0]

    def __iter__(self) -> Iterator[Line]:
        """Fetched and judged a batch at a time, so that the first comes soon."""
        keys = self.data.values_list("pk", flat=True).iterator(chunk_size=BATCH)
        while batch := list(islice(keys, BATCH)):
            yield from self._judged(batch)

    def _judged(self, keys: list[int]) -> list[Line]:
        found = self.data.order_by().in_bulk(keys)
        return judged([found[key] for key in keys if key in found], today=self.day)


def actual_value(line: Line) -> Decimal | str | None:
    """A number as a number; done or under way in words."""
    if line.pledge.is_deliverable:
        return value_words(line.pledge, line.verdict.actual)
    return line.verdict.actual


def expected_value(line: Line) -> Decimal | None:
    """What the line expects, as it is read on the page."""
    return None if line.verdict.expected is None else rough(line.verdict.expected)


def target_value(line: Line) -> Decimal | str:
    """The whole promise: a number, or the word where it is done or not."""
    pledge, target = line.pledge, line.trajectory.finish.value
    return target_words(pledge, target) if pledge.is_deliverable or pledge.strict else target


def points_value(line: Line) -> Decimal | None:
    """Points behind with one decimal, negative where ahead."""
    points = line.verdict.gap_points
    return None if points is None else points.quantize(Decimal("0.1"))


def whole_why(line: Line) -> str:
    """Why this light, and which deadlines were put off."""
    return in_a_row(why(line), put_off_words(line))


def theme_name(line: Line) -> str:
    """Where the office sorted it, empty where nowhere."""
    return line.pledge.theme.name if line.pledge.theme else ""


def sheet_rows(table: "PledgeTable", campaign: Campaign) -> Iterator[Sequence[Any]]:
    """The heads and the rows of a sheet; no column of themes where the campaign has none. One query more."""
    left_out = () if campaign.themes.exists() else ("theme",)
    columns = [column for column in table.columns.iterall() if column.name not in left_out]
    yield [str(column.header) for column in columns]
    # Asked themselves: tables2 would look up how to ask each of them once a row, which took longer than the answer.
    says = [column.column.says for column in columns]
    for line in table.data:
        yield [say(line) for say in says]


def number_class(record: Line) -> str:
    """Where there is no number, a narrow screen leaves the cell away."""
    return "num void" if record.pledge.is_deliverable else "num"


class PledgeTable(tables.Table):
    """One row per pledge. Columns without an arrow are computed and can not be sorted in the database."""

    number = PartColumn(
        "number",
        says=lambda line: line.pledge.number,
        order=sorted_by("number"),
        verbose_name=_("No."),
        attrs={"td": {"class": "muted void nowrap"}},
    )
    title = PartColumn(
        "title",
        says=lambda line: line.pledge.title,
        verbose_name=_("Pledge"),
        attrs={"td": {"class": "what"}},
    )
    department = PartColumn(
        "department",
        says=lambda line: line.pledge.department.name,
        order=sorted_by("department__order"),
        verbose_name=_("Department"),
        attrs={"td": {"class": "nowrap", "data-label": _("Department")}},
    )
    theme = SheetColumn(says=theme_name, verbose_name=_("Theme (the office's own sorting)"))
    light = LightColumn(verbose_name=_("Light"), attrs={"td": {"class": "lead"}})
    actual = PartColumn(
        "actual",
        says=actual_value,
        verbose_name=_("Now"),
        attrs={"th": {"class": "num"}, "td": {"class": number_class, "data-label": _("Now")}},
    )
    expected = PartColumn(
        "expected",
        says=expected_value,
        verbose_name=pgettext_lazy("column", "Expected today"),
        attrs={
            "th": {"class": "num"},
            "td": {"class": "num void", "data-label": pgettext_lazy("column", "Expected today")},
        },
    )
    target = PartColumn(
        "target",
        says=target_value,
        verbose_name=_("Target"),
        attrs={"th": {"class": "num u2"}, "td": {"class": number_class, "data-label": _("Target")}},
    )
    unit = SheetColumn(says=lambda line: line.pledge.unit, verbose_name=_("Unit"))
    points = PartColumn(
        "points",
        says=points_value,
        verbose_name=_("Points behind"),
        attrs={"th": {"class": "num u1"}, "td": {"class": "num void", "data-label": _("Points behind")}},
    )
    next_due = PartColumn(
        "next_due",
        says=lambda line: line.next_due,
        order=sorted_by("next_due", may_be_unknown=True),
        verbose_name=_("Next due"),
        attrs={"th": {"class": "num"}, "td": {"class": "num", "data-label": _("Next due")}},
    )
    as_of = PartColumn(
        "as_of",
        says=lambda line: line.verdict.as_of,
        order=sorted_by("as_of", may_be_unknown=True),
        verbose_name=_("Data as of"),
        attrs={"th": {"class": "num"}, "td": {"class": "num", "data-label": _("Data as of")}},
    )
    why = SheetColumn(says=whole_why, verbose_name=_("Why"))
    to_do = SheetColumn(says=what_to_do, verbose_name=pgettext_lazy("column", "What turns it green"))

    class Meta:
        order_by = "light"
