"""By which names a sheet is refused, and what its sender is told."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

# Every way in which a file fails to be a sheet we read, and what its sender is told.
MESSAGES = {
    "not_a_sheet": _("This is not a sheet. Send an .xlsx or .csv file."),
    "old_xls": _("This is an old .xls file. Save it as .xlsx and send that."),
    "encrypted": _("This file has a password. Save it without one."),
    "macro": _("This file contains macros. Save it as a plain .xlsx file."),
    "too_heavy": _("This file is larger than %(limit)s. A sheet of figures is far smaller."),
    "too_long": _("The cells hold far more text than a sheet of figures needs. Shorten the notes."),
    "bomb": _("This file unpacks to far more than a sheet needs. It was not opened."),
    "external": _("This file refers to another file. Paste the values instead."),
    "broken": _("This file is damaged and cannot be read."),
    "encoding": _("The text is neither UTF-8 nor GBK. Save it as .xlsx."),
    "several_sheets": _("Several sheets hold data: %(names)s. Send one at a time."),
    "hidden_sheet": _("Hidden sheets: %(names)s. Show or delete them."),
    "hidden_row": _("Sheet %(sheet)s has hidden rows: %(names)s. Show or delete them."),
    "hidden_column": _("Sheet %(sheet)s has hidden columns: %(names)s. Show or delete them."),
    "merged": _("Sheet %(sheet)s has merged cells: %(names)s. Unmerge them."),
    "too_many_rows": _("Sheet %(sheet)s goes down to row %(row)s; at most %(limit)s rows are read."),
    "too_many_columns": _("Sheet %(sheet)s has %(columns)s columns; at most %(limit)s are read."),
    "no_head": _("The first row must name the columns: %(names)s."),
    "unknown_columns": _("Unknown columns: %(names)s."),
    "missing_columns": _("Missing columns: %(names)s."),
    "repeated_columns": _("Columns named twice: %(names)s."),
    "no_head_above": _("Row %(row)s, column %(column)s: the column has no name."),
    "formula": _("Row %(row)s, %(column)s: a formula. Paste its value instead."),
    "error_cell": _("Row %(row)s, %(column)s: the cell shows the error %(value)s."),
    "truth_cell": _("Row %(row)s, %(column)s: TRUE and FALSE are not read."),
    "percent": _("Row %(row)s, %(column)s: a percentage. Write the plain number %(suggestion)s."),
    "long_number": _("Row %(row)s, %(column)s: more than 15 digits. Format the cell as text."),
}


class SheetFault(Exception):  # noqa: N818 - the house calls what a person got wrong a fault
    """The file cannot be read as it is; nothing of it was."""

    def __init__(self, code: str, params: dict[str, object] | None = None) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params or {}

    def __str__(self) -> str:
        return str(MESSAGES[self.code]) % self.params


def refuse_first(faults: Mapping[str, Sequence[str]], **params: object) -> None:
    """The first kind of fault that has names is raised with them; twenty are enough to begin with."""
    for code, names in faults.items():
        if names:
            raise SheetFault(code, params | {"names": "、".join(names[:20])})
