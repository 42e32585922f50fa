"""Few errors, each with an addressee.

`ValidationError` (Django's) speaks to the person at the form. `StaleError` speaks to the person
whose page is old. `FaultsError` speaks to the one who sent a file or a command. Everything else is our bug.
"""


class StaleError(Exception):
    """Somebody was first, or the page is older than the facts. The message says who and when."""


class ConflictingKeyError(Exception):
    """The same form was sent twice with different contents; nothing of the second was saved."""


class PlanningError(Exception):
    """The reminders of some campaigns could not be planned; those of the others were. For the operator."""


class FaultsError(Exception):
    """A file or a command cannot be carried out; one line per fault, nothing was changed."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
