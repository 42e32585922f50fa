"""Exporters: what leaves the house. They know nothing of requests.

Doors ask for one as `exports.filling`: it is imported then, with the library that writes its kind of file. Most
processes write none, and start the sooner.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pledges.exports import board_xlsx, briefing_docx, calendars, filling, plans

__all__ = ["board_xlsx", "briefing_docx", "calendars", "filling", "plans"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
