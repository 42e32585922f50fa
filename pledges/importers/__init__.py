"""Importers: what comes in from outside.

Doors ask for the reader of sheets as `importers.uploads`: it is imported then, with the library that opens them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pledges.importers import uploads

__all__ = ["uploads"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
