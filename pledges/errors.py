"""Few errors, each with an addressee.

`ValidationError` (Django's) speaks to the person at the form. `StaleError` speaks to the person
whose page is old. `FaultsError` speaks to the one who sent a file or a command,
`DoubtsError` asks the one who reports. Everything else is our bug.
"""

from collections.abc import Sequence
from typing import Any


class StaleError(Exception):
    """Somebody was first, or the page is older than the facts. The message says who and when."""


class ConflictingKeyError(Exception):
    """The same form was sent twice with different contents; nothing of the second was saved."""


class DoubtsError(Exception):
    """What was said can be true but should be checked first. `doubts` are the findings; nothing was saved."""

    def __init__(self, doubts: Sequence[Any]) -> None:
        super().__init__(", ".join(doubt.code for doubt in doubts))
        self.doubts = doubts


class BrokenFileError(Exception):
    """A file on the disk is not what was sent, or is not there. For whoever asked for it, and the operator."""

    def __init__(self, *, is_missing: bool) -> None:
        super().__init__("missing" if is_missing else "changed")
        self.is_missing = is_missing


class PlanningError(Exception):
    """The reminders of some campaigns could not be planned; those of the others were. For the operator."""


class FaultsError(Exception):
    """A file or a command cannot be carried out; one line per fault, nothing was changed."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
