"""What stands around the table of the list: tabs, filters, the sentence of the result, the empty state."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.choices import Light
from pledges.filters import YES, PledgeFilter, Sifted, months_offered
from pledges.queries.board import DUE_WITHIN, Counts
from pledges.queries.counted import Kept
from pledges.queries.listing import Tabs, lights_of, months_after, tabs_of
from pledges.tables import PledgeTable
from pledges.views.paging import PAGE_SIZES, page_asked, pages_around

SELECTS = ("department", "theme", "basis", "due", "overdue", "stretch", "closing")
UNSEEN = ("due_within", "extended", "changed", "than", "counted")
"""Filters that have no field of their own in the form."""

TAB_KEEPS = ("on", "per_page")
ASIDE = (*TAB_KEEPS, "sort", "page", "format")
"""What an address says beside its filters."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A common question with the number of pledges behind it."""

    words: str
    url: str
    number: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class LightChoice:
    """A light that can be ticked, and how many pledges have it under the other filters."""

    light: Light
    number: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A filter with one choice, and what is chosen."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set, with the address of the list without it."""

    words: str
    url: str
    found: int = 0


def asked_order(data: QueryDict) -> list[str] | None:
    """The columns to sort by, None where none of them can be sorted by."""
    columns = PledgeTable.base_columns
    asked = [alias for alias in data.getlist("sort") if alias.removeprefix("-") in columns]
    return [alias for alias in asked if columns[alias.removeprefix("-")].orderable] or None


class ToldPaginator(Paginator):
    """Pages of rows whose number is known already: a lights' sum need not be counted once more."""

    def __init__(self, *args: Any, total: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.count = total


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is counted for the page: behind the tabs, and by light under the other filters."""

    tabs: Tabs
    lights: Counts
    total: int


def numbers_of(filters: PledgeFilter, *, day: date, kept: Kept | None) -> Numbers:
    """The campaign is read once where its numbers are not kept; once more where something but a light is asked for."""
    tabs = tabs_of(filters.queryset, seen=filters.seen, day=day, kept=kept)
    is_whole = filters.counts_once and filters.chosen.keys() <= {"light"}
    lights = tabs.lights if is_whole else lights_of(filters.without("light"))
    wanted = filters.chosen.get("light") or list(Light)
    return Numbers(tabs, lights, sum(lights[light] for light in wanted))


def turn_to_page(table: PledgeTable, data: QueryDict, *, total: int) -> None:
    """The page that is asked for; the first where that is no number, the last where there are not so many."""
    number, size = page_asked(data)
    try:
        table.paginate(paginator_class=ToldPaginator, page=number, per_page=size, total=total)
    except EmptyPage:
        table.page = table.paginator.page(table.paginator.num_pages)


def around(data: QueryDict, filters: PledgeFilter, table: PledgeTable, counted: Numbers) -> dict:
    """Everything that the page shows beside the rows."""
    total, numbers = counted.total, counted.tabs
    words = filters.words()
    held = months_after(filters.seen, filters.campaign.ends_on)
    return {
        "filters": filters,
        "table": table,
        "total": total,
        "tabs": list(_tabs(data, numbers)),
        "lights": list(_light_choices(data, filters, counted.lights)),
        "chips": chips_of(data, words),
        "nearest": [] if total else _nearest(data, filters, words),
        "alone": [] if total else _alone(data, filters, words),
        "shared": filters.counts_once and numbers.shared,
        "selects": selects_of(filters, SELECTS, held),
        "carried": _carried(data, filters),
        "pages": pages_around(table.page),
        "sizes": PAGE_SIZES,
        "size": table.paginator.per_page,
        "sheet_url": _address(data, format="xlsx"),
    }


def chips_of(data: QueryDict, words: dict[str, str]) -> list[Chip]:
    """The filters that are set, each with the address of the list without it."""
    return [Chip(words[name], _address(data, without=(name,))) for name in words]


def _address(data: QueryDict, *, without: tuple[str, ...] = (), **values: str) -> str:
    """The address of this list with some of its questions changed."""
    changed = data.copy()
    for name in ("page", "format", *without):
        changed.pop(name, None)
    for name, value in values.items():
        changed[name] = value
    return f"?{changed.urlencode()}"


def _tabs(data: QueryDict, numbers: Tabs) -> Iterator[Tab]:
    """The common questions of the whole campaign; the one that the address asks is marked."""
    asked = {name: data.getlist(name) for name in data if name not in ASIDE and any(data.getlist(name))}
    questions: list[tuple[str, int, dict[str, list[str]]]] = [
        (pgettext("filter", "All"), numbers.every, {}),
        (_("Alert and behind"), numbers.attention, {"light": [Light.RED.value, Light.YELLOW.value]}),
        (_("Due within 30 days"), numbers.due_soon, {"due_within": [f"{DUE_WITHIN.days}"]}),
        (_("Overdue"), numbers.overdue, {"overdue": [YES]}),
        (_("Stretch goals"), numbers.stretch, {"stretch": [YES]}),
    ]
    for words, number, asks in questions:
        yield Tab(words, _question_url(data, asks), number, is_current=asked == asks)


def _question_url(data: QueryDict, asks: dict[str, list[str]]) -> str:
    kept = QueryDict(mutable=True)
    for name in TAB_KEEPS:
        if data.get(name):
            kept[name] = str(data[name])
    for name, values in asks.items():
        kept.setlist(name, values)
    return f"?{kept.urlencode()}"


def _nearest(data: QueryDict, filters: PledgeFilter, words: dict[str, str]) -> list[Chip]:
    """Where nothing is found: what to leave away, the closest list first."""
    chips = [
        Chip(words[name], _address(data, without=(name,)), found) for name, found in filters.found_without()
    ]
    return sorted(chips, key=lambda chip: chip.found)


def _alone(data: QueryDict, filters: PledgeFilter, words: dict[str, str]) -> list[Chip]:
    """Where leaving out one filter is not enough: what each of several finds by itself."""
    others = {name: tuple(other for other in words if other != name) for name in words}
    chips = [
        Chip(words[name], _address(data, without=others[name]), found)
        for name, found in filters.found_alone()
    ]
    return sorted(chips, key=lambda chip: chip.found)


def _light_choices(data: QueryDict, filters: PledgeFilter, lights: Counts) -> Iterator[LightChoice]:
    chosen = filters.chosen.get("light", ())
    for light, number in lights.items():
        yield LightChoice(light, number, _address(data, light=light.value), light in chosen)


def selects_of(filters: PledgeFilter, names: Iterable[str], held: set[str]) -> list[Select]:
    """The fields of the form, none without a choice; of the months after the campaign those in which something is due, or that is asked for."""
    asked = {str(filters.chosen.get("due", ""))}
    filters.filters["due"].extra["choices"] = months_offered(filters.campaign, held | asked)
    return [select_of(filters, name) for name in names if filters.filters[name].extra["choices"]]


def select_of(filters: Sifted, name: str) -> Select:
    """A filter with one choice, for its form."""
    each = filters.filters[name]
    return Select(name, str(each.label), each.extra["choices"], str(filters.chosen.get(name, "")))


def _carried(data: QueryDict, filters: PledgeFilter) -> list[tuple[str, str]]:
    """What the form must not lose though it has no field for it."""
    aside = [(name, str(data[name])) for name in (*TAB_KEEPS, "sort") if data.get(name)]
    return aside + [(name, str(data[name])) for name in UNSEEN if name in filters.chosen]
