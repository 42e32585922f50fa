"""A list in pages: which one is asked for, and what stands around its rows."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict

PAGE_SIZES = (25, 50, 100)


def page_asked(data: QueryDict) -> tuple[int, int]:
    """Which page, of how many rows; the first of the smallest size where nothing readable is asked for."""
    size = _whole(data.get("per_page", ""))
    return _whole(data.get("page", "")) or 1, size if size in PAGE_SIZES else PAGE_SIZES[0]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0  # noqa: PLR2004  no longer ones


def pages_around(page: Page) -> Iterator[str | int]:
    """The numbers of the pages that stand under a list, those in between left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


def page_of(rows: Any, data: QueryDict, *, total: int | None = None) -> Page:
    """The page that is asked for, the last where there are not so many; `total` where it has been counted already."""
    number, size = page_asked(data)
    paginator = Paginator(rows, size)
    if total is not None:
        paginator.count = total
    return paginator.get_page(number)


def around(page: Page) -> dict[str, Any]:
    """A page with its rows and the ways to the others."""
    sizes = {"sizes": PAGE_SIZES, "size": page.paginator.per_page}
    return {"page": page, "rows": page.object_list, "pages": pages_around(page)} | sizes
